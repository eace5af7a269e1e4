"""What is too old or too much in rooms goes, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts.chat.tables import chat_acts, chat_log, chat_messages, chat_timeouts
from accounts.storage import Database
from tests.accounts.channels.world import FAN, OWNER
from tests.notify.talking import TalkStage, talk_stage

DAY_MS = 86_400_000


@pytest.fixture
async def on(database: Database, tmp_path: Path) -> AsyncIterator[TalkStage]:
    async with talk_stage(database, tmp_path, kept_days=2, kept_messages=3, log_days=5) as made:
        yield made


async def counts(on: TalkStage) -> list[int]:
    async with on.world.database.reading() as connection:
        return [
            await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (chat_messages, chat_log, chat_timeouts, chat_acts)
        ]


async def test_rooms_keep_what_settings_say(on: TalkStage) -> None:
    for number in range(5):
        await on.rooms.speech.say(FAN, "studio", f"{number}")
    await on.rooms.speech.say(OWNER, "studio", "/timeout Fay 60 enough")
    await on.rooms.speech.say(OWNER, "studio", "/slow 5")
    assert (await counts(on))[0] == 0  # a timeout takes away
    for number in range(5):
        await on.rooms.speech.say(OWNER, "studio", f"{number}")
    await on.rooms.upkeep.tidy()
    assert await on.texts() == ["4", "3", "2"]
    on.world.now_ms += DAY_MS
    await on.rooms.upkeep.tidy()
    messages, log, timeouts, acts = await counts(on)
    assert (messages, timeouts, acts) == (3, 0, 0)
    assert log > 0
    on.world.now_ms += 5 * DAY_MS
    await on.rooms.upkeep.tidy()
    assert await counts(on) == [0, 0, 0, 0]

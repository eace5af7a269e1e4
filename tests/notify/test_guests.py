"""Who came by a shared link reads the room of what they watch, for as long as the link opens it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.channels.visibility import Visibility
from accounts.storage import Database
from tests.accounts.channels.world import OWNER, any_revision
from tests.notify.talking import TalkStage, talk_stage, talking
from tests.support.postgresql import PostgresServer

HOUR_S = 3600


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """The rules are the same on both."""
    return sqlite_model


@pytest.fixture
async def on(database: Database, tmp_path: Path) -> AsyncIterator[TalkStage]:
    async with talk_stage(database, tmp_path) as made:
        private = ChannelEdit(visibility=Visibility.PRIVATE)
        await made.world.channels.edit("studio", OWNER, private, any_revision)
        yield made


async def link(on: TalkStage, channel: str = "studio") -> tuple[str, str]:
    """Share a link; return its id and token."""
    made, leave = await on.world.playback.create_link(channel, OWNER, "friends", HOUR_S)
    assert leave.token is not None
    return made.id, leave.token


async def read(on: TalkStage, as_: str | None, token: str) -> tuple[int, Any]:
    headers = {"Rillcast-Leave": token}
    return await on.ask(as_, "GET", "/channels/studio/chat/messages", headers=headers)


@pytest.mark.parametrize("who", [None, "OTHER"])
async def test_a_guest_reads_and_does_not_write(on: TalkStage, who: str | None) -> None:
    _, token = await link(on)
    async with talking(on, "OWNER", who) as (owner, guest):
        joined = await guest.do("subscribe", topics=["chat:studio", "channel:studio"], leave=token)
        assert (joined["topics"], joined["refused"]) == (["chat:studio", "channel:studio"], [])
        await owner.say("welcome")
        await guest.hears_text("welcome")
        assert "code" in await guest.say("hello")
        status, history = await read(on, who, token)
        assert (status, [each["text"] for each in history["items"]]) == (200, ["welcome"])
        headers = {"Rillcast-Leave": token}
        _, room = await on.ask(who, "GET", "/channels/studio/chat", headers=headers)
        standing = room["standing"]
        assert (standing["mayRead"], standing["mayWrite"], standing["isStaff"]) == (
            True, False, False,
        )  # fmt: skip
        path = "/channels/studio/chat/messages"
        status, _ = await on.ask(who, "POST", path, {"text": "hi"}, headers=headers)
        assert status in {401, 403, 404}
        await on.side._audience.recheck_guests()
        await owner.say("still here")
        await guest.hears_text("still here")


async def test_what_opens_nothing_lets_nobody_in(on: TalkStage) -> None:
    await on.world.channel("other", visibility=Visibility.PRIVATE)
    _, of_another = await link(on, "other")
    _, token = await link(on)
    for wrong in (of_another, token[:-4] + "AAAA", "x"):
        assert (await read(on, None, wrong))[0] == 404
        async with talking(on, None) as (guest,):
            joined = await guest.do("subscribe", topics=["chat:studio"], leave=wrong)
            assert joined["topics"] == []


async def test_a_link_that_is_taken_back_takes_the_room_with_it(on: TalkStage) -> None:
    link_id, token = await link(on)
    async with talking(on, "OWNER", None) as (owner, guest):
        await guest.do("subscribe", topics=["chat:studio"], leave=token)
        await on.world.playback.revoke_link("studio", OWNER, link_id)
        gone = await guest.hears_type("unsubscribed")
        assert (gone["topics"], gone["reason"]) == (["chat:studio"], "gone")
        await owner.say("among ourselves")
        assert (await read(on, None, token))[0] == 404
        assert guest.texts() == []


async def test_a_link_that_runs_out_takes_the_room_with_it(on: TalkStage) -> None:
    _, token = await link(on)
    async with talking(on, None) as (guest,):
        await guest.do("subscribe", topics=["chat:studio"], leave=token)
        on.world.now_ms += HOUR_S * 1000
        await on.side._audience.recheck_guests()
        assert (await guest.hears_type("unsubscribed"))["topics"] == ["chat:studio"]

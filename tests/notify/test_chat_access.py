"""Every operation of rooms, tried by everybody: what each may do, written down once.

One that the API declares and that is missing here fails.
"""

from pathlib import Path
from typing import Any

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.chat.filters import FilterKind
from accounts.storage import Database
from tests.accounts.channels.world import ADMIN, FAN, OTHER, OWNER, World
from tests.notify.talking import TalkStage, talk_stage_of
from tests.support.postgresql import PostgresServer

# What anonymous, another account, a moderator, the owner and an administrator get of the public
# channel "open" and of the private channel "shut".
EVERYBODY = (200, 200, 200, 200, 200)
HIDDEN = (404, 404, 200, 200, 200)
SIGNED_IN = (401, 200, 200, 200, 200)
PEOPLES = (401, 403, 200, 200, 200)
HIDDEN_PEOPLES = (401, 404, 200, 200, 200)
ADMINS = (401, 403, 403, 403, 200)
NO_THINGS = {"account": "acc_THIRD", "code": "none", "report": "rpt_NONE"}
CALLERS = (None, "OTHER", "FAN", "OWNER", "ADMIN")  # Fay moderates


def done(expected: tuple[int, ...], status: int) -> tuple[int, ...]:
    """The same, where success is another status."""
    return tuple(status if each == 200 else each for each in expected)


SANCTION = {"accountId": "acc_THIRD", "kind": "timeout", "seconds": 5}
# operation: (body, expected on open, expected on shut)
TABLE: dict[str, tuple[Any, tuple[int, ...], tuple[int, ...] | None]] = {
    "getChat": (None, EVERYBODY, HIDDEN),
    "editChat": ({"enabled": True}, done(PEOPLES, 412), done(HIDDEN_PEOPLES, 412)),
    "listChatMessages": (None, EVERYBODY, HIDDEN),
    "sayInChat": ({"text": "hi"}, done(SIGNED_IN, 201), done(HIDDEN_PEOPLES, 201)),
    "deleteChatMessage": (None, done(PEOPLES, 204), done(HIDDEN_PEOPLES, 204)),
    "reportChatMessage": ({}, done(SIGNED_IN, 204), done(HIDDEN_PEOPLES, 204)),
    "listChatSanctions": (None, PEOPLES, HIDDEN_PEOPLES),
    "imposeChatSanction": (SANCTION, done(PEOPLES, 201), done(HIDDEN_PEOPLES, 201)),
    "liftChatSanction": (None, done(PEOPLES, 204), done(HIDDEN_PEOPLES, 204)),
    "clearChat": (None, PEOPLES, HIDDEN_PEOPLES),
    "clearChatAuthor": (None, PEOPLES, HIDDEN_PEOPLES),
    "listChatFilters": (None, PEOPLES, HIDDEN_PEOPLES),
    "addChatFilter": (
        {"kind": "word", "pattern": "new"},
        done(PEOPLES, 201),
        done(HIDDEN_PEOPLES, 201),
    ),
    "removeChatFilter": (None, done(PEOPLES, 204), done(HIDDEN_PEOPLES, 204)),
    "listChatLog": (None, PEOPLES, HIDDEN_PEOPLES),
    "listChatEmotes": (None, EVERYBODY, HIDDEN),
    "putChatEmote": (b"x", done(PEOPLES, 422), done(HIDDEN_PEOPLES, 422)),
    "deleteChatEmote": (None, (401, 403, 404, 404, 404), (401, 404, 404, 404, 404)),
    "listEmotes": (None, EVERYBODY, None),
    "putEmote": (b"x", done(ADMINS, 422), None),
    "deleteEmote": (None, done(ADMINS, 404), None),
    "listChatReports": (None, ADMINS, None),
    "closeChatReport": (None, done(ADMINS, 404), None),
}


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """The rules are the same on both, which others test."""
    return sqlite_model


async def _furnish(on: TalkStage, name: str) -> dict[str, str]:
    """Give a room a message of somebody else's and a filter that are still there."""
    said = await on.rooms.speech.say(ADMIN, name, "something")
    assert said.message is not None
    filters = on.rooms.filters
    kept = [each for each in await filters.of_channel(name, OWNER) if each.filter.pattern == "old"]
    if not kept:
        kept = [await filters.add(name, OWNER, FilterKind.WORD, "old")]
    for each in await filters.of_channel(name, OWNER):
        if each.filter.pattern == "new":
            await filters.remove(name, OWNER, each.id)
    return {
        **NO_THINGS,
        "channel": name,
        "message": str(said.message.id),
        "filter_id": kept[0].id,
    }


async def test_every_operation_does_for_everybody_what_the_table_says(
    database: Database, tmp_path: Path
) -> None:
    world = World(database)
    await world.populate()
    await world.add_person("acc_THIRD", "Third")
    for name, visibility in (("open", "public"), ("shut", "private")):
        await world.channels.create("acc_OWNER", name, ChannelEdit(visibility=visibility))
        await world.moderators.put(name, OWNER, "acc_FAN")
    async with talk_stage_of(world, tmp_path) as on:
        operations = {
            each.operation_id: each
            for each in on.api.operations
            if "/chat" in each.path or "/emotes" in each.path
        }
        assert set(operations) == set(TABLE)
        wrong = []
        for operation_id, (body, on_open, on_shut) in TABLE.items():
            operation = operations[operation_id]
            for place, caller in enumerate(CALLERS):
                for name, expected in (("open", on_open), ("shut", on_shut)):
                    if expected is None:
                        continue
                    things = {"channel": name, **NO_THINGS}
                    if "{message}" in operation.path or operation_id.endswith("ChatFilter"):
                        things = await _furnish(on, name)
                    path = operation.path.format(**things)
                    headers = {"If-Match": '"9-none"'} if operation.edits else {}
                    more: dict[str, Any] = {}
                    if isinstance(body, bytes):
                        more, headers["Content-Type"] = {"data": body}, "image/png"
                    sent = None if isinstance(body, bytes) else body
                    status, answer = await on.ask(
                        caller, operation.method, path, sent, headers=headers, **more
                    )
                    if operation_id == "reportChatMessage" and caller == "ADMIN":
                        status = 204 if status == 409 else status  # it is their own message
                    if status != expected[place]:
                        wrong.append((operation_id, name, caller, expected[place], status, answer))
        assert wrong == []


async def test_what_is_of_one_room_is_not_reached_through_another(
    database: Database, tmp_path: Path
) -> None:
    world = World(database)
    await world.populate()
    await world.channel("shut", OWNER, visibility="private")
    await world.channel("mine", OTHER)
    async with talk_stage_of(world, tmp_path) as on:
        things = await _furnish(on, "shut")
        for method, path in (
            ("DELETE", f"messages/{things['message']}"),
            ("POST", f"messages/{things['message']}/reports"),
            ("DELETE", f"filters/{things['filter_id']}"),
        ):
            body: dict[str, str] | None = {} if method == "POST" else None
            status, _ = await on.ask("OTHER", method, f"/channels/mine/chat/{path}", body)
            assert status == 404, path
        answer = {"text": "what?", "replyTo": things["message"]}
        status, _ = await on.ask("OTHER", "POST", "/channels/mine/chat/messages", answer)
        assert status == 422


async def test_a_room_goes_with_its_channel_and_words_with_their_author(
    database: Database, tmp_path: Path
) -> None:
    from sqlalchemy import select

    from accounts.chat.tables import chat_log, chat_messages, chat_reports
    from accounts.people.tables import accounts
    from config.channel_belongings import ChannelBelongings

    world = World(database)
    await world.populate()
    await world.channel("studio")
    async with talk_stage_of(world, tmp_path) as on:
        await on.rooms.speech.say(FAN, "studio", "mine")
        said = await on.rooms.speech.say(OTHER, "studio", "mine")
        assert said.message is not None
        path = f"/channels/studio/chat/messages/{said.message.id}/reports"
        assert (await on.ask("FAN", "POST", path, {}))[0] == 204
        await on.ask("OWNER", "POST", "/channels/studio/chat/sanctions", {
            "accountId": "acc_OTHER", "kind": "timeout", "seconds": 5, "clears": False,
        })  # fmt: skip
        belongings = ChannelBelongings(database)
        taken = await belongings.export("acc_OTHER")
        assert [row["text"] for row in taken["chat-messages"]] == ["mine"]
        assert len(taken["chat-timeouts"]) == 1

        async with database.writing() as connection:
            await belongings.leave(connection, "acc_OTHER", world.now_ms)
            await connection.execute(accounts.delete().where(accounts.c.id == "acc_OTHER"))
        async with database.reading() as connection:
            left = (await connection.scalars(select(chat_messages.c.author_id))).all()
            assert list(left) == ["acc_FAN"]
            for table in (chat_log, chat_reports):
                assert (await connection.execute(select(table))).all() == []
        assert await on.texts() == ["mine"]
        await world.channels.delete("studio", OWNER)
        async with database.reading() as connection:
            assert (await connection.execute(select(chat_messages))).all() == []

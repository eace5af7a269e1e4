"""How far a token reaches over /ws and in rooms: as far as in the API, and no further."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.channels.visibility import Visibility
from accounts.storage import Database
from notify.close_code import CloseCode
from tests.accounts.channels.world import FAN, OWNER, any_revision
from tests.notify.talking import TalkStage, talk_stage, talking
from tests.support.postgresql import PostgresServer


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """The rules are the same on both."""
    return sqlite_model


@pytest.fixture
async def on(database: Database, tmp_path: Path) -> AsyncIterator[TalkStage]:
    async with talk_stage(database, tmp_path) as made:
        yield made


async def test_a_token_without_the_scope_hears_of_channels_what_strangers_hear(
    on: TalkStage,
) -> None:
    private = ChannelEdit(visibility=Visibility.PRIVATE)
    await on.world.channels.edit("studio", OWNER, private, any_revision)
    on.names.scopes["OWNER"] = frozenset({"chat:write", "notifications:read"})
    async with on.ear(as_="OWNER") as ear:
        said = await ear.ask("subscribe", topics=["channel:studio", "chat:studio", "me"])
        assert said["topics"] == ["me"]
        assert {each["code"] for each in said["refused"]} == {"unknown"}


@pytest.mark.parametrize("way", ["websocket", "api"])
async def test_commands_of_moderators_need_the_scope_of_moderating(on: TalkStage, way: str) -> None:
    on.names.scopes["OWNER"] = frozenset({"channels:read", "chat:write"})
    async with talking(on, "OWNER", "FAN") as (owner, fan):
        message = await fan.say("hello")

        async def refusal_of(text: str) -> str:
            if way == "websocket":
                return str((await owner.say(text)).get("code"))
            body = {"text": text}
            _, said = await on.ask("OWNER", "POST", "/channels/studio/chat/messages", body)
            return str(said.get("code"))

        for command in ("/ban Fay", "/timeout Fay 60", "/clear", "/slow 10", "/mod Fay"):
            assert await refusal_of(command) == "not-allowed"
        path = f"/channels/studio/chat/messages/{message['messageId']}"
        assert (await on.ask("OWNER", "DELETE", path))[0] == 403
        on.names.scopes["OWNER"] |= {"chat:moderate"}
    async with talking(on, "OWNER") as (owner,):
        assert await refusal_of("/mod Fay") == "not-allowed"
        assert (await on.ask("OWNER", "DELETE", path))[0] == 204


async def test_who_is_no_administrator_any_more_hears_and_does_nothing_as_one(
    on: TalkStage,
) -> None:
    private = ChannelEdit(visibility=Visibility.PRIVATE)
    await on.world.channels.edit("studio", OWNER, private, any_revision)
    async with on.ear(as_="ADMIN") as ear:
        said = await ear.ask("subscribe", topics=["channel:studio", "chat:studio"])
        assert len(said["topics"]) == 2
        on.names.demoted.add("ADMIN")
        await on.side._audience.recheck_logins("acc_ADMIN")
        assert await ear.closed() == CloseCode.SIGNED_OUT


async def test_who_is_silenced_while_the_answered_is_looked_for_has_not_spoken(
    on: TalkStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply waits for the database between being judged by what was known, and being written."""
    async with talking(on, "OWNER", "FAN") as (owner, fan):
        first = (await owner.say("first"))["messageId"]
        await fan.say("before")
        found = on.rooms.speech._history.get

        async def slow(channel_id: str, message_id: int) -> object:
            assert (await owner.say("/timeout Fay 60"))["answer"]
            return await found(channel_id, message_id)

        monkeypatch.setattr(on.rooms.speech._history, "get", slow)
        said = await fan.say("after", replyTo=first)
        assert said["code"] == "timed-out"


async def test_lines_that_filters_refuse_count_for_their_author(
    database: Database, tmp_path: Path
) -> None:
    """They cost as much as others, and more; and who may guess for ever learns the filters."""
    limits = {"burst": 3, "per_minute": 0.001}
    async with talk_stage(database, tmp_path, **limits) as on, talking(on, "FAN") as (fan,):
        body = {"kind": "word", "pattern": "bad"}
        assert (await on.ask("OWNER", "POST", "/channels/studio/chat/filters", body))[0] == 201
        codes = [(await fan.say("bad"))["code"] for _ in range(4)]
        assert codes == ["filtered", "filtered", "filtered", "too-fast"]


async def test_who_changes_their_name_is_called_by_it_alone(on: TalkStage) -> None:
    heard = on.rooms._context.voices
    heard.begin("chn_x", "acc_FAN", "Old", 1)
    heard.begin("chn_x", "acc_FAN", "New", 2)
    assert set(heard.called("chn_x")) == {"new"}
    assert FAN.account_id == heard.called("chn_x")["new"]


async def test_nobody_bans_an_administrator(on: TalkStage) -> None:
    """It would not keep them out, but take away their follow and what they said."""
    async with talking(on, "ADMIN", "OWNER") as (admin, owner):
        await admin.say("looking in")
        await owner.say("hello")
        body = {"accountId": "acc_ADMIN", "kind": "ban"}
        status, _ = await on.ask("OWNER", "POST", "/channels/studio/chat/sanctions", body)
        assert status == 409
    assert await on.texts() == ["hello", "looking in"]

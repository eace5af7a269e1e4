"""People talk in rooms, over real WebSockets, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.chat.sanctions import SanctionKind
from accounts.storage import Database
from tests.accounts.channels.world import FAN, OWNER, any_revision
from tests.notify.talking import TalkStage, talk_stage, talk_stage_of, talking


@pytest.fixture
async def on(database: Database, tmp_path: Path) -> AsyncIterator[TalkStage]:
    async with talk_stage(database, tmp_path) as made:
        yield made


async def test_what_one_says_all_hear_and_find_again(on: TalkStage) -> None:
    async with talking(on, "FAN", "OTHER", None) as (fan, other, anybody):
        for each in (fan, other):
            await each.join()
        joined = await anybody.do("subscribe", topics=["chat:studio"])
        assert joined["topics"] == ["chat:studio"]
        said = await fan.say("hello <b>there</b>")
        heard = await anybody.hears_text("hello <b>there</b>")
        assert heard["messageId"] == said["messageId"]
        assert heard["author"] == {
            "accountId": "acc_FAN", "displayName": "Fay", "role": "viewer", "avatar": None,
        }  # fmt: skip
        answer = await other.say("@Fay hi", replyTo=said["messageId"])
        reply = await fan.hears_text("@Fay hi")
        assert reply["replyTo"]["messageId"] == said["messageId"]
        (mention,) = reply["mentions"]
        assert (mention["accountId"], mention["start"], mention["end"]) == ("acc_FAN", 0, 4)
        assert int(answer["messageId"]) > int(said["messageId"])
        await fan.say("/me waves")
        assert (await other.hears_text("waves"))["isAction"] is True
    assert await on.texts() == ["waves", "@Fay hi", "hello <b>there</b>"]
    assert await on.texts(query=f"?after={said['messageId']}") == ["@Fay hi", "waves"]
    assert await on.texts(query=f"?before={answer['messageId']}") == ["hello <b>there</b>"]


async def test_both_doors_lead_to_one_room(on: TalkStage) -> None:
    async with talking(on, "OTHER") as (other,):
        await other.join()
        key = {"headers": {"Idempotency-Key": "k1"}}
        path = "/channels/studio/chat/messages"
        first = await on.ask("FAN", "POST", path, {"text": "by http"}, **key)
        again = await on.ask("FAN", "POST", path, {"text": "by http"}, **key)
        assert first == again
        assert first[0] == 201
        heard = await other.hears_text("by http")
        assert heard["messageId"] == first[1]["message"]["messageId"]
    assert await on.texts() == ["by http"]


async def test_who_has_not_signed_in_reads_and_does_not_write(on: TalkStage) -> None:
    async with talking(on, None) as (anybody,):
        refused = await anybody.say("me too")
        assert (refused["type"], refused["code"]) == ("error", "sign-in")
    status, room = await on.ask(None, "GET", "/channels/studio/chat")
    assert (status, room["standing"]["mayRead"], room["standing"]["mayWrite"]) == (200, True, False)
    assert room["standing"]["whyNot"]["code"] == "sign-in"
    assert (await on.ask(None, "POST", "/channels/studio/chat/messages", {"text": "x"}))[0] == 401


async def test_slow_mode_lets_people_wait_and_moderators_not(on: TalkStage) -> None:
    async with talking(on, "FAN", "OWNER") as (fan, owner):
        await fan.join()
        assert (await owner.say("/slow 10"))["answer"] == "Slow mode: 10 seconds."
        assert (await fan.hears_type("chat.settings"))["slowModeS"] == 10
        both = await asyncio.gather(fan.say("one"), on.ask(
            "FAN", "POST", "/channels/studio/chat/messages", {"text": "two"}
        ))  # fmt: skip
        codes = [both[0].get("code"), both[1][1].get("code")]
        assert sorted(code or "" for code in codes) == ["", "slow-mode"]  # not both at once
        on.world.now_ms += 4_000
        refused = await fan.say("three")
        assert (refused["code"], refused["retryAfterS"]) == ("slow-mode", 6)
        assert (await owner.say("a"))["type"] == (await owner.say("b"))["type"] == "said"
        on.world.now_ms += 6_000
        assert (await fan.say("four"))["type"] == "said"
        await owner.say("/slow off")
        assert (await fan.say("five"))["type"] == "said"


async def test_followers_alone_after_a_while(on: TalkStage) -> None:
    async with talking(on, "FAN", "OWNER") as (fan, owner):
        await owner.say("/followers 10")
        refused = await fan.say("hi")
        assert (refused["code"], refused.get("retryAfterS")) == ("followers-only", None)
        await on.world.follows.put("studio", FAN, Level.LIVE)
        refused = await fan.say("hi")
        assert (refused["code"], refused["retryAfterS"]) == ("followers-only", 600)
        on.world.now_ms += 600_000
        assert (await fan.say("hi"))["type"] == "said"


async def test_proven_addresses_filters_links_and_a_closed_room(on: TalkStage) -> None:
    async with talking(on, "FAN", "OWNER") as (fan, owner):
        path = "/channels/studio/chat"
        for kind, pattern in (("word", "darn"), ("allowed-domain", "good.org")):
            status, _ = await on.ask(
                "OWNER", "POST", f"{path}/filters", {"kind": kind, "pattern": pattern}
            )
            assert status == 201
        assert (await fan.say("dárn it"))["code"] == "filtered"
        assert (await owner.say("darn it"))["type"] == "said"
        await on.edit("OWNER", {"linksAllowed": False})
        assert (await fan.say("see bad.com"))["code"] == "links"
        assert (await fan.say("see good.org/x"))["type"] == "said"
        await on.edit("OWNER", {"verifiedOnly": True})
        assert (await fan.say("hi"))["code"] == "verified-only"
        await on.edit("OWNER", {"verifiedOnly": False, "enabled": False})
        assert (await fan.say("hi"))["code"] == "closed"
        listed = (await on.ask("OWNER", "GET", f"{path}/filters"))[1]["items"]
        await on.ask("OWNER", "DELETE", f"{path}/filters/{listed[0]['id']}")
        await on.edit("OWNER", {"enabled": True})
        assert (await fan.say("darn it"))["type"] == "said"


async def test_a_timeout_silences_at_once_takes_away_and_ends(on: TalkStage) -> None:
    async with talking(on, "FAN", "OWNER", None) as (fan, owner, anybody):
        for each in (fan, owner):
            await each.join()
        await anybody.do("subscribe", topics=["chat:studio"])
        await fan.say("rude")
        await anybody.hears_text("rude")
        answer = await owner.say("/timeout @Fay 60 too rude")
        assert answer["answer"] == "Fay may not write for 60 seconds."
        refused = await fan.say("but")
        assert (refused["code"], refused["retryAfterS"]) == ("timed-out", 60)
        told = await fan.hears_type("chat.sanctioned")
        assert (told["kind"], told["reason"]) == ("timeout", "too rude")
        assert (await anybody.hears_type("chat.cleared"))["accountId"] == "acc_FAN"
        assert [each for each in anybody.events if each["type"] == "chat.sanctioned"] == []
        assert await on.texts() == []
        on.world.now_ms += 60_000
        assert (await fan.say("sorry"))["type"] == "said"
    _, log = await on.ask("OWNER", "GET", "/channels/studio/chat/log")
    actions = {each["action"]: each for each in log["items"]}
    assert actions["delete"]["text"] == "rude"
    assert actions["timeout"]["reason"] == "too rude"
    assert actions["timeout"]["by"]["displayName"] == "Olga"


async def test_a_ban_is_the_channels_whichever_way_it_was_done(on: TalkStage) -> None:
    async with talking(on, "FAN", "OWNER") as (fan, owner):
        for each in (fan, owner):
            await each.join()
        await fan.say("spam")
        await owner.say("/ban Fay spam")
        assert (await fan.say("more"))["code"] == "banned"
        assert (await fan.hears_type("chat.sanctioned"))["kind"] == "ban"
        gone = await fan.hears_type("unsubscribed")
        assert (gone["type"], gone["topics"], gone["reason"]) == (
            "unsubscribed", ["chat:studio"], "gone",
        )  # fmt: skip
        bans = await on.world.viewer_bans.of_channel("studio", OWNER, None, 10)
        assert [each.person.account_id for each in bans.items] == ["acc_FAN"]
        assert (await owner.say("/unban Fay"))["answer"] == "Fay may write again."
        assert (await fan.say("thanks"))["type"] == "said"
        await on.world.viewer_bans.put("studio", OWNER, "acc_FAN", "again", None)
        assert (await fan.say("what"))["code"] == "banned"
        _, listed = await on.ask("OWNER", "GET", "/channels/studio/chat/sanctions")
        assert [(each["kind"], each["reason"]) for each in listed["items"]] == [("ban", "again")]


async def test_a_block_by_the_owner_shuts_out_of_rooms(on: TalkStage) -> None:
    async with talking(on, "FAN") as (fan,):
        await fan.say("hi")
        await on.world.blocks.put("acc_OWNER", "acc_FAN")
        for _ in range(600):  # found by the note, which is looked for twice a second
            reply = await fan.say("hi")
            if reply["type"] == "error":
                break
            await asyncio.sleep(0.05)
        assert reply["code"] == "banned"


async def test_moderators_do_not_take_away_what_the_owner_said(on: TalkStage) -> None:
    path = "/channels/studio/chat/messages"
    await on.world.moderators.put("studio", OWNER, "acc_FAN")
    async with talking(on, "OWNER", "OTHER") as (owner, other):
        said = (await owner.say("rules of the house"))["messageId"]
        await other.say("rude")
        status, problem = await on.ask("FAN", "DELETE", f"{path}/{said}")
        assert (status, problem["detail"]) == (
            403,
            "Only the channel's owner may take away what the owner said.",
        )
        authors = "/channels/studio/chat/authors"
        assert (await on.ask("FAN", "DELETE", f"{authors}/acc_OWNER"))[0] == 403
        cleared = await on.ask("FAN", "DELETE", f"{authors}/acc_OTHER")
        assert cleared == (200, {"count": 1})
        assert await on.texts() == ["rules of the house"]
        assert (await on.ask("ADMIN", "DELETE", f"{path}/{said}"))[0] == 204


async def test_messages_are_taken_away_by_authors_and_moderators(on: TalkStage) -> None:
    path = "/channels/studio/chat/messages"
    async with talking(on, "FAN", "OTHER") as (fan, other):
        await other.join()
        ids = [(await fan.say(text))["messageId"] for text in ("one", "two", "three")]
        assert (await on.ask("OTHER", "DELETE", f"{path}/{ids[0]}"))[0] == 403
        assert (await on.ask("FAN", "DELETE", f"{path}/{ids[0]}"))[0] == 204
        own = await other.hears_type("chat.deleted")
        assert (own["messageId"], own["byModerator"]) == (ids[0], False)
        assert (await on.ask("OWNER", "DELETE", f"{path}/{ids[1]}"))[0] == 204
        theirs = await other.hears(
            lambda each: each.get("messageId") == ids[1] and each["type"] == "chat.deleted"
        )
        assert theirs["byModerator"] is True
        assert await on.texts() == ["three"]
        assert (await on.ask("FAN", "DELETE", f"{path}/{ids[1]}"))[0] == 404
        refused = await other.say("what?", replyTo=ids[1])
        assert refused["code"] == "unknown"
        assert (await on.ask("OWNER", "DELETE", path))[1] == {"count": 1}
        assert (await other.hears_type("chat.cleared"))["accountId"] is None
    assert await on.texts() == []


async def test_who_comes_back_misses_nothing_and_hears_nothing_twice(on: TalkStage) -> None:
    async with talking(on, "FAN") as (fan,):
        async with talking(on, "OTHER") as (other,):
            await other.join()
            await fan.say("one")
            last = (await other.hears_text("one"))["id"]
        for number in range(20):
            await fan.say(f"away {number}")
        async with talking(on, "OTHER") as (other,):
            back = await other.join(after=last)
            assert back["resumed"] == "exact"
            await fan.say("back")
            await other.hears_text("back")
            assert other.texts() == [*(f"away {number}" for number in range(20)), "back"]


async def test_a_restart_resumes_from_the_history(database: Database, tmp_path: Path) -> None:
    async with talk_stage(database, tmp_path) as on:
        async with talking(on, "FAN", "OTHER") as (fan, other):
            await other.join()
            first = (await fan.say("one"))["messageId"]
            last = (await other.hears_text("one"))["id"]
            await fan.say("two")
        world = on.world
    async with talk_stage_of(world, tmp_path) as again, talking(again, "OTHER") as (other,):
        assert (await other.join(after=last))["resumed"] == "facts"
        assert await again.texts(query=f"?after={first}") == ["two"]


async def test_what_is_said_on_one_server_is_heard_on_another_in_one_order(
    database: Database, tmp_path: Path
) -> None:
    async with (
        talk_stage(database, tmp_path) as here,
        talk_stage_of(here.world, tmp_path) as there,
        talking(here, "FAN", "OWNER") as (fan, owner),
        talking(there, "OTHER", "FAN") as (other, fan_there),
    ):
        for each in (fan, other, owner, fan_there):
            await each.join()
        await asyncio.gather(
            *(
                who.say(f"{name} {number}")
                for number in range(15)
                for who, name in ((fan, "f"), (other, "o"))
            )
        )
        for each in (fan, other):
            await each.hears_texts(30)
        assert fan.texts() == other.texts()
        assert sorted(int(each["messageId"]) for each in fan.events) == [
            int(each["messageId"]) for each in fan.events
        ]
        await owner.say("/timeout Fay 60")
        await other.hears_type("chat.cleared")
        assert (await fan_there.say("still?"))["code"] == "timed-out"


async def test_emotes_are_drawn_anew_and_shown_where_codes_stand(on: TalkStage) -> None:
    picture = _png()
    path = "/channels/studio/chat/emotes"
    assert await _put(on, "OWNER", f"{path}/wave", picture) == 200
    assert await _put(on, "ADMIN", "/emotes/gg", picture) == 200
    assert await _put(on, "OWNER", "/emotes/no", picture) == 403
    assert await _put(on, "FAN", f"{path}/no", picture) == 403
    assert await _put(on, "OWNER", f"{path}/a-b", picture) == 422
    assert await _put(on, "OWNER", f"{path}/bad", b"no picture") == 422
    _, listed = await on.ask(None, "GET", path)
    assert [(each["code"], each["isGlobal"]) for each in listed["items"]] == [
        ("gg", True),
        ("wave", False),
    ]
    async with talking(on, "FAN") as (fan,):
        await fan.join()
        await fan.say("👍 :wave: :gg::none:")
        heard = await fan.hears_type("chat.message")
        assert [(each["code"], each["start"], each["end"]) for each in heard["emotes"]] == [
            ("wave", 3, 9),
            ("gg", 10, 14),
        ]
        assert heard["emotes"][0]["url"].startswith("/api/v1/pictures/")
    assert (await on.ask("OWNER", "DELETE", f"{path}/wave"))[0] == 204
    assert (await on.ask("OWNER", "DELETE", f"{path}/wave"))[0] == 404


async def test_messages_keep_the_media_time_for_replays(on: TalkStage) -> None:
    async with talking(on, "FAN") as (fan,):
        await fan.join()
        await fan.say("before")
        assert (await fan.hears_text("before"))["mediaTimeMs"] is None
        await on.go_live()
        on.world.now_ms += 5_000
        for _ in range(600):
            await fan.say("during")
            heard = fan.events[-1] if fan.events else {}
            if heard.get("mediaTimeMs") is not None:
                break
            await asyncio.sleep(0.05)
        assert heard["mediaTimeMs"] == 5_000
    broadcast = heard["broadcastId"]
    assert "before" not in await on.texts(query=f"?broadcast={broadcast}")
    assert await on.texts(query=f"?broadcast={broadcast}&fromMs=5001") == []


async def test_reports_reach_administrators_with_the_text(on: TalkStage) -> None:
    path = "/channels/studio/chat/messages"
    async with talking(on, "FAN") as (fan,):
        said = (await fan.say("awful"))["messageId"]
    report = f"{path}/{said}/reports"
    assert (await on.ask("FAN", "POST", report, {}))[0] == 409
    for _ in range(2):
        assert (await on.ask("OTHER", "POST", report, {"reason": "awful"}))[0] == 204
    await on.ask("FAN", "DELETE", f"{path}/{said}")
    assert (await on.ask("OWNER", "GET", "/admin/chat/reports"))[0] == 403
    _, listed = await on.ask("ADMIN", "GET", "/admin/chat/reports?open=true")
    (one,) = listed["items"]
    assert (one["text"], one["isThere"], one["reporter"]["displayName"]) == ("awful", False, "Otto")
    assert (await on.ask("ADMIN", "POST", f"/admin/chat/reports/{one['id']}/close"))[0] == 204
    assert (await on.ask("ADMIN", "GET", "/admin/chat/reports?open=true"))[1]["items"] == []


async def test_moderators_moderate_but_not_each_other(on: TalkStage) -> None:
    async with talking(on, "FAN", "OTHER", "OWNER") as (fan, other, owner):
        await fan.say("hi")
        await other.say("hi")
        assert (await fan.say("/slow 5"))["code"] == "not-allowed"
        assert (await owner.say("/mod Fay"))["answer"] == "Fay moderates."
        assert (await fan.say("/slow 5"))["type"] == "said"
        assert (await fan.say("/timeout Olga 5"))["code"] == "unknown"  # has said nothing yet
        await owner.say("hi")
        assert (await fan.say("/timeout Olga 5"))["code"] == "not-allowed"
        await owner.say("/mod Otto")
        assert (await fan.say("/ban Otto"))["code"] == "not-allowed"
        assert (await fan.say("/timeout Fay 5"))["code"] == "not-allowed"
        assert (await owner.say("/unmod Fay"))["type"] == "said"
        assert (await fan.say("/slow 0"))["code"] == "not-allowed"
        assert "/me TEXT" in (await fan.say("/help"))["answer"]
        assert (await fan.say("/dance"))["code"] == "command"


async def test_a_flood_is_answered_with_when_to_come_back(
    database: Database, tmp_path: Path
) -> None:
    async with (
        talk_stage(
            database, tmp_path, burst=3, per_minute=60.0, room_burst=5, room_per_s=1.0
        ) as on,
        talking(on, "FAN", "OTHER", "OWNER") as (fan, other, owner),
    ):
        replies = [await fan.say(f"{number}") for number in range(6)]
        assert [each.get("code") for each in replies] == [None] * 3 + ["too-fast"] * 3
        assert replies[-1]["retryAfterS"] == 1
        await other.say("a")
        await other.say("b")
        assert (await owner.say("c"))["code"] == "room-busy"
        on.world.now_ms += 1_000
        assert (await owner.say("d"))["type"] == "said"


async def test_a_private_room_is_closed_to_those_who_may_not_watch(on: TalkStage) -> None:
    async with talking(on, "FAN") as (fan,):
        await fan.join()
        await on.world.channels.edit(
            "studio", OWNER, ChannelEdit(visibility="private"), any_revision
        )
        gone = await fan.hears_type("unsubscribed")
        assert (gone["topics"], gone["reason"]) == (["chat:studio"], "gone")
        assert (await fan.say("hi"))["code"] == "no-channel"
        refused = await fan.join()
        assert refused["refused"] == [{"topic": "chat:studio", "code": "unknown"}]
    assert (await on.ask("FAN", "GET", "/channels/studio/chat"))[0] == 404
    assert (await on.ask("FAN", "GET", "/channels/studio/chat/messages"))[0] == 404


@pytest.mark.parametrize(
    ("text", "code"),
    [("\u202e\u200b", "empty"), ("x" * 501, "too-long"), ("\U0001f600" * 501, "too-long")],
    ids=["invisible", "letters", "bytes"],
)
async def test_what_cannot_be_said_is_refused_with_a_reason(
    on: TalkStage, text: str, code: str
) -> None:
    status, problem = await on.ask("FAN", "POST", "/channels/studio/chat/messages", {"text": text})
    assert (status, problem["code"]) == (422, code)
    assert problem["detail"]


async def test_a_sanction_by_the_api_says_who_did_it(on: TalkStage) -> None:
    path = "/channels/studio/chat/sanctions"
    body: dict[str, Any] = {"accountId": "acc_FAN", "kind": SanctionKind.TIMEOUT.value}
    assert (await on.ask("OWNER", "POST", path, body))[0] == 422
    status, made = await on.ask("OWNER", "POST", path, {**body, "seconds": 60, "reason": "r"})
    assert (status, made["person"]["displayName"], made["by"]["displayName"]) == (
        201,
        "Fay",
        "Olga",
    )
    assert (await on.ask("OWNER", "POST", path, {**body, "accountId": "acc_ADMIN", "seconds": 1}))[
        0
    ] == 409
    assert (await on.ask("OWNER", "POST", path, {**body, "accountId": "acc_NO", "seconds": 1}))[
        0
    ] == 404
    _, room = await on.ask("FAN", "GET", "/channels/studio/chat")
    assert room["standing"]["whyNot"] == {
        "code": "timed-out", "text": "You may not write here for a while.", "retryAfterS": 60,
        "reason": "r",
    }  # fmt: skip
    assert (await on.ask("OWNER", "DELETE", f"{path}/acc_FAN"))[0] == 204
    _, room = await on.ask("FAN", "GET", "/channels/studio/chat")
    assert room["standing"]["mayWrite"] is True


def _png() -> bytes:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 128)).save(made, "PNG")
    return made.getvalue()


async def _put(on: TalkStage, as_: str, path: str, content: bytes) -> int:
    headers = {"Content-Type": "image/png"}
    async with (
        on.http(as_) as http,
        http.put(f"/api/v1{path}", data=content, headers=headers) as answer,
    ):
        return answer.status

"""/ws on a real server, on both databases, with a client that others wrote."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import websockets

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.storage import Database
from notify.close_code import CloseCode
from tests.accounts.channels.world import ADMIN, FAN, OWNER, any_revision
from tests.notify.listening import COOKIE, Stage, stage, stage_of


@pytest.fixture
async def on(database: Database) -> AsyncIterator[Stage]:
    async with stage(database) as made:
        yield made


async def test_who_connects_is_welcomed_and_told_who_they_are(on: Stage) -> None:
    async with on.ear() as anybody, on.ear(as_="OWNER") as owner:
        assert anybody.welcome["type"] == "welcome"
        assert "account" not in anybody.welcome
        assert owner.welcome["account"] == "acc_OWNER"


async def test_a_token_may_come_as_the_first_message(on: Stage) -> None:
    async with on.ear() as ear:
        said = await ear.ask("authenticate", ref=1, token="FAN")
        assert said == {"type": "authenticated", "ref": 1, "account": "acc_FAN"}
        said = await ear.ask("authenticate", ref=2, token="OWNER")
        assert (said["type"], said["code"]) == ("error", "too-late")


async def test_a_void_token_ends_the_connection(on: Stage) -> None:
    async with on.ear() as ear:
        await ear.socket.send(json.dumps({"type": "authenticate", "token": "void"}))
        assert await ear.closed() == CloseCode.SIGNED_OUT


async def test_what_happens_is_heard_by_those_whom_it_is_for(on: Stage) -> None:
    async with on.ear(as_="OWNER") as owner, on.ear(as_="FAN") as fan, on.ear() as anybody:
        await owner.ask("subscribe", topics=["me"])
        await fan.ask("subscribe", topics=["me", "live", "channel:studio"])
        await anybody.ask("subscribe", topics=["channel:studio"])
        await on.world.follows.put("studio", FAN, Level.LIVE)
        gained = await owner.hear()
        assert (gained["type"], gained["displayName"]) == ("follower.gained", "Fay")
        await on.go_live()
        live, added = await fan.hear(), await fan.hear()
        assert (live["type"], live["topics"]) == ("channel.live", ["channel:studio", "live"])
        assert (added["type"], added["topics"], added["isQuiet"]) == (
            "notification.added",
            ["me"],
            False,
        )
        assert (await anybody.hear())["type"] == "channel.live"
        await on.go_off()
        assert (await anybody.hear())["broadcastId"] == live["broadcastId"]


async def test_an_unlisted_channel_is_not_told_on_live(on: Stage) -> None:
    async with on.ear() as ear:
        await ear.ask("subscribe", topics=["live"])
        await on.world.channels.edit(
            "studio", OWNER, ChannelEdit(visibility="unlisted"), any_revision
        )
        await on.go_live("studio")
        await on.go_live("garden")
        assert (await ear.hear())["channel"] == "garden"


async def test_a_live_channel_that_is_hidden_leaves_the_list_and_comes_back(on: Stage) -> None:
    async with on.ear() as ear:
        await ear.ask("subscribe", topics=["live"])
        await on.go_live()
        heard = [await ear.hear()]
        for visibility in ("unlisted", "public"):
            edit = ChannelEdit(visibility=visibility)
            await on.world.channels.edit("studio", OWNER, edit, any_revision)
            heard.append(await ear.hear())
        assert [each["type"] for each in heard] == [
            "channel.live",
            "channel.offline",
            "channel.live",
        ]


async def test_how_many_watch_is_told_when_it_is_another_number(on: Stage) -> None:
    channel_id = (await on.world.channels.see("studio", OWNER)).channel.id
    async with on.ear() as anybody:
        await anybody.ask("subscribe", topics=["channel:studio"])
        for viewers in (0, 3, 3, 4, 4, 0):
            on.side.count_viewers(channel_id, "studio", viewers)
        heard = [await anybody.hear() for _ in range(4)]
        assert {each["type"] for each in heard} == {"channel.viewers"}
        assert [each["viewers"] for each in heard] == [0, 3, 4, 0]
        await on.go_live()
        await on.go_off()
        await anybody.hear()
        await anybody.hear()
        on.side.count_viewers(channel_id, "studio", 0)  # of the next broadcast
        assert (await anybody.hear())["viewers"] == 0


async def test_who_comes_back_has_no_gap_and_no_duplicate(on: Stage) -> None:
    async with on.ear() as ear:
        await ear.ask("subscribe", topics=["channel:studio"])
        for title in "ab":
            await on.titled(title)
        assert (await ear.hear())["title"] == "a"
        second = await ear.hear()
    for title in "cd":
        await on.titled(title)
    async with on.ear() as ear:
        said = await ear.ask("subscribe", topics=["channel:studio"], after=second["id"])
        assert said["resumed"] == "exact"
        await on.titled("e")
        assert await ear.titles(3) == ["c", "d", "e"]


async def test_connections_that_break_at_any_moment_hear_everything_once(on: Stage) -> None:
    channel = (await on.world.channels.see("studio", OWNER)).channel
    telling = asyncio.create_task(_tell_for_a_while(on, channel.id))
    heard: list[int] = []
    after = None
    while len(heard) < 300:
        async with on.ear() as ear:
            after = after or ear.welcome["id"]
            await ear.ask("subscribe", topics=["channel:studio"], after=after)
            for _ in range(min(37, 300 - len(heard))):
                event = await ear.hear()
                heard.append(int(event["title"]))
                after = event["id"]
    await telling
    assert heard == list(range(heard[0], heard[0] + 300))


async def _tell_for_a_while(on: Stage, channel_id: str) -> None:
    for number in range(400):
        on.tell(channel_id, "studio", str(number))
        await asyncio.sleep(0.001)


async def test_after_a_restart_no_fact_is_missed(on: Stage) -> None:
    async with on.ear(as_="FAN") as ear:
        await ear.ask("subscribe", topics=["me", "channel:studio"])
        await on.world.follows.put("studio", FAN, Level.LIVE)
        await on.go_live()
        live = await ear.hear()
    await on.go_off()
    async with stage_of(on.world) as next_run, next_run.ear(as_="FAN") as ear:
        said = await ear.ask("subscribe", topics=["me", "channel:studio"], after=live["id"])
        assert said["resumed"] == "facts"
        kinds = {(await ear.hear())["type"] for _ in range(2)}
        assert kinds == {"notification.added", "channel.offline"}


async def test_what_is_no_id_cannot_be_resumed_from(on: Stage) -> None:
    async with on.ear() as ear:
        said = await ear.ask("subscribe", topics=["live"], after="yesterday")
        assert (said["code"], said["text"]) == ("malformed", "after: expected the id of an event")


async def test_a_channel_that_turns_private_is_heard_by_its_people_alone(on: Stage) -> None:
    async with on.ear(as_="FAN") as fan, on.ear() as anybody, on.ear(as_="OWNER") as owner:
        for ear in (fan, anybody, owner):
            await ear.ask("subscribe", topics=["channel:studio"])
        edit = ChannelEdit(visibility="private", title="Secret")
        await on.world.channels.edit("studio", OWNER, edit, any_revision)
        for ear in (fan, anybody):
            gone = await ear.hear()
            assert gone == {
                "type": "unsubscribed",
                "topics": ["channel:studio"],
                "reason": "gone",
            }
            again = await ear.ask("subscribe", topics=["channel:studio"])
            assert again["refused"] == [{"topic": "channel:studio", "code": "unknown"}]
        assert (await owner.hear())["title"] == "Secret"


async def test_a_channel_that_another_server_bans_is_heard_no_more(on: Stage) -> None:
    async with on.ear() as ear:
        await ear.ask("subscribe", topics=["channel:studio"])
        on.world.listeners.clear()  # as if this process had not heard of it
        await on.world.administration.ban("studio", ADMIN, "spam")
        assert (await ear.hear())["type"] == "unsubscribed"
        on.world.listeners.append(on.side.note)


async def test_a_login_that_ends_ends_the_connection(on: Stage) -> None:
    async with on.ear(as_="FAN") as fan, on.ear(as_="OWNER") as owner:
        await fan.ask("subscribe", topics=["me"])
        on.names.ended.add("FAN")
        on.side._watch.note_account("acc_FAN")
        assert await fan.closed() == CloseCode.SIGNED_OUT
        assert (await owner.ask("ping"))["type"] == "pong"


async def test_logins_that_end_elsewhere_are_found_out(database: Database) -> None:
    async with stage(database, recheck_s=0.05) as on, on.ear(as_="FAN") as fan:
        on.names.ended.add("FAN")
        assert await fan.closed() == CloseCode.SIGNED_OUT


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Cookie": f"{COOKIE}=FAN"},
        {"Origin": "null", "Cookie": f"{COOKIE}=FAN"},
        {"Cookie": f"{COOKIE}=FAN"},
        {"Sec-Fetch-Site": "cross-site", "Cookie": f"{COOKIE}=FAN"},
        {"Sec-Fetch-Site": "same-site", "Cookie": f"{COOKIE}=FAN"},
    ],
)
async def test_a_page_of_another_site_cannot_listen(on: Stage, headers: dict[str, str]) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with on.ear(headers=headers):
            pass
    assert refused.value.response.status_code == 403


async def test_a_page_of_our_own_listens_with_its_cookie(on: Stage) -> None:
    headers = {"Origin": f"http://{on.url}", "Cookie": f"{COOKIE}=FAN"}
    async with on.ear(headers=headers) as ear:
        assert ear.welcome["account"] == "acc_FAN"


async def test_a_slow_reader_is_sent_away_and_others_are_not_kept_waiting(
    database: Database,
) -> None:
    async with stage(database, queue_capacity=50) as on:
        channel = (await on.world.channels.see("studio", OWNER)).channel
        async with (
            on.ear(max_queue=1, ping_interval=None, compression=None) as slow,
            on.ear(max_queue=None) as quick,
        ):
            for ear in (slow, quick):
                await ear.ask("subscribe", topics=["channel:studio"])
            number = 0
            while on.side._bus.dropped_count == 0:
                on.tell(channel.id, "studio", f"{number} " + "x" * 50_000)
                number += 1
                await quick.hear()
                assert number < 5000
            assert await slow.closed() == CloseCode.TOO_SLOW
            assert (await quick.ask("ping"))["type"] == "pong"


async def test_an_address_has_as_many_connections_as_it_may(database: Database) -> None:
    async with stage(database, connections_per_address=2) as on:
        here = {"X-Forwarded-For": "203.0.113.7"}
        async with on.ear(headers=here), on.ear(headers=here):
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with on.ear(headers=here):
                    pass
            assert refused.value.response.status_code == 429
            async with on.ear(headers={"X-Forwarded-For": "203.0.113.8"}):
                pass
        async with on.ear(headers=here):
            pass


async def test_an_account_has_as_many_connections_as_it_may(database: Database) -> None:
    async with stage(database, connections_per_account=1) as on, on.ear(as_="FAN"):
        async with on.ear() as second:
            await second.socket.send(json.dumps({"type": "authenticate", "token": "FAN"}))
            assert await second.closed() == CloseCode.TOO_MANY_CONNECTIONS
        async with websockets.connect(
            f"ws://{on.url}/ws",
            additional_headers={"Authorization": "Bearer FAN"},
            open_timeout=120,
        ) as third:
            with pytest.raises(websockets.ConnectionClosed) as end:
                await third.recv()
            assert end.value.rcvd is not None
            assert end.value.rcvd.code == CloseCode.TOO_MANY_CONNECTIONS


async def test_who_asks_too_much_is_sent_away(database: Database) -> None:
    async with stage(database, commands_burst=5, commands_per_minute=1) as on, on.ear() as ear:
        for _ in range(20):
            await ear.socket.send('{"type":"ping"}')
        assert await ear.closed() == CloseCode.TOO_MANY_COMMANDS


async def test_who_sends_no_commands_is_sent_away(on: Stage) -> None:
    async with on.ear() as ear:
        for _ in range(5):
            await ear.socket.send("garbage")
        assert await ear.closed() == CloseCode.MALFORMED
    async with on.ear() as ear:
        await ear.socket.send(b"\x00")
        assert await ear.closed() == CloseCode.UNSUPPORTED
    async with on.ear() as ear:
        await ear.socket.send("x" * 20_000)
        assert await ear.closed() == CloseCode.TOO_LARGE


async def test_a_plain_request_is_told_to_upgrade(on: Stage) -> None:
    async with on.http() as http, http.get("/ws") as answer:
        assert (answer.status, answer.headers["Upgrade"]) == (426, "websocket")


async def test_who_listens_when_the_server_stops_is_told_to_come_back(
    database: Database,
) -> None:
    async with stage(database) as on, on.ear() as ear:
        on.side.send_away()
        assert await ear.closed() == CloseCode.GOING_AWAY


async def test_nothing_is_left_of_those_who_came_and_went(on: Stage) -> None:
    async def come_and_go(number: int) -> None:
        async with on.ear(as_="FAN" if number % 2 else None) as ear:
            await ear.ask("subscribe", topics=["live", "channel:studio"])
            if number % 3 == 0:
                ear.socket.transport.abort()

    for first in range(0, 100, 20):
        await asyncio.gather(*(come_and_go(number) for number in range(first, first + 20)))
    hall = on.side._hall
    while len(on.side._audience):  # noqa: ASYNC110 - nobody tells when a socket is gone
        await asyncio.sleep(0.01)
    assert (len(hall.bus), hall.bus.key_count) == (0, 0)
    assert (hall.limits.connection_count, hall.limits.party_count) == (0, 0)


async def test_ten_thousand_subscriptions_leave_nothing_behind(database: Database) -> None:
    rounds = 50
    async with stage(database, commands_burst=1_000_000) as on, on.ear(as_="FAN") as ear:
        for number in range(rounds):
            topics = ["live", "me", *(["channel:studio"] if number == 0 else [])]
            for type_ in ("subscribe", "unsubscribe") * 100:
                await ear.socket.send(json.dumps({"type": type_, "topics": topics}))
            for _ in range(200):
                await ear.hear()
        bus = on.side._hall.bus
        assert (len(bus), bus.key_count) == (1, 0)
        (conversation,) = on.side._audience._conversations
        assert not conversation._seats
        assert not conversation._recalled

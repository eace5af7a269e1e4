"""/events on a real server, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from accounts.channels.follows import Level
from accounts.storage import Database
from tests.accounts.channels.world import FAN, OWNER
from tests.notify.listening import COOKIE, Stage, stage


@pytest.fixture
async def on(database: Database) -> AsyncIterator[Stage]:
    async with stage(database) as made:
        yield made


async def block(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """Read one event."""
    found: dict[str, str] = {}
    while line := (await answer.content.readline()).decode().rstrip("\n"):
        name, _, text = line.partition(": ")
        found[name] = text
    return found


async def test_it_tells_the_same_as_the_websocket(on: Stage) -> None:
    async with on.http("FAN") as http, http.get("/events?topic=me&topic=live") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        welcome = await block(answer)
        assert (welcome["event"], welcome["retry"]) == ("welcome", "2000")
        await on.world.follows.put("studio", FAN, Level.LIVE)
        await on.go_live()
        assert '"type":"channel.live"' in (await block(answer))["data"]
        assert '"type":"notification.added"' in (await block(answer))["data"]


async def test_a_browser_that_comes_back_has_no_gap_and_no_duplicate(on: Stage) -> None:
    async with on.http() as http:
        async with http.get("/events?topic=channel:studio") as answer:
            welcome = await block(answer)
        for title in "abc":
            await on.titled(title)
        heard = []
        after = welcome["id"]
        for _ in range(3):
            resumed = {"Last-Event-ID": after}
            async with http.get("/events?topic=channel:studio", headers=resumed) as answer:
                assert '"resumed":"exact"' in (await block(answer))["data"]
                event = await block(answer)
                heard.append(event["data"])
                after = event["id"]
        assert [json.loads(text)["title"] for text in heard] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?topic=rubbish", 400),
        ("?topic=live&color=red", 400),
        ("?topic=live&after=rubbish", 400),
        ("?topic=channel:nope", 404),
        ("?topic=me", 401),
        ("?topic=live&topic=me", 401),
    ],
)
async def test_what_cannot_be_heard_is_refused(on: Stage, query: str, status: int) -> None:
    async with on.http() as http, http.get(f"/events{query}") as answer:
        assert answer.status == status
    assert len(on.side._audience) == 0


async def test_a_void_token_is_refused(on: Stage) -> None:
    async with on.http("void") as http, http.get("/events?topic=live") as answer:
        assert (answer.status, "invalid_token" in answer.headers["WWW-Authenticate"]) == (401, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Cookie": f"{COOKIE}=FAN"},
        {"Sec-Fetch-Site": "cross-site", "Cookie": f"{COOKIE}=FAN"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_site_cannot_listen(on: Stage, headers: dict[str, str]) -> None:
    async with on.http() as http, http.get("/events?topic=live", headers=headers) as answer:
        assert answer.status == 403


async def test_a_page_of_our_own_listens_with_its_cookie(on: Stage) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"{COOKIE}=FAN"}
    async with on.http() as http, http.get("/events?topic=me", headers=headers) as answer:
        assert '"account":"acc_FAN"' in (await block(answer))["data"]


async def test_a_silent_stream_is_kept_open_with_comments(database: Database) -> None:
    async with (
        stage(database, ping_s=0.05) as on,
        on.http() as http,
        http.get("/events?topic=live") as answer,
    ):
        await block(answer)
        assert await answer.content.readline() == b": \n"


async def test_a_slow_reader_is_cut_and_can_resume(database: Database) -> None:
    async with stage(database, queue_capacity=20) as on, on.http() as http:
        channel = (await on.world.channels.see("studio", OWNER)).channel
        async with http.get("/events?topic=channel:studio") as answer:
            after = (await block(answer))["id"]
            for number in range(5000):
                on.tell(channel.id, "studio", f"{number} " + "x" * 50_000)
                await asyncio.sleep(0)
                if on.side._bus.dropped_count:
                    break
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.content.read()
        assert on.side._bus.dropped_count
        async with http.get(f"/events?topic=channel:studio&after={after}") as answer:
            assert answer.status == 200


async def test_a_login_that_ends_ends_the_stream(on: Stage) -> None:
    async with on.http("FAN") as http, http.get("/events?topic=me") as answer:
        await block(answer)
        on.names.ended.add("FAN")
        on.side._watch.note_account("acc_FAN")
        assert await block(answer) == {"event": "end", "data": '{"type":"end","code":4401}'}
        assert await answer.content.read() == b""

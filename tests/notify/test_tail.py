"""`rillcast tail` follows a real server through restarts, and says why it cannot."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from accounts.storage import Database
from config.cli import command_line
from notify.tail import Disconnected, Tail, TailError, websocket_url
from tests.notify.listening import Stage, stage


async def run(on: Stage, *words: str) -> tuple[int, str, str]:
    arguments = ["tail", *words, "--url", f"http://{on.url}"]
    result = await asyncio.to_thread(CliRunner().invoke, command_line(("tail",)), arguments)
    return result.exit_code, result.stdout, result.stderr


async def heard_by_somebody(on: Stage) -> None:
    while on.side._hall.bus.key_count == 0:  # noqa: ASYNC110 - the command is on its own
        await asyncio.sleep(0.01)


async def test_events_are_printed_one_a_line(database: Database) -> None:
    async with stage(database) as on:
        printed = asyncio.create_task(run(on, "channel:studio", "--count", "2"))
        await heard_by_somebody(on)
        await on.titled("One")
        await on.titled("\x1b[31mTwo")
        code, out, _ = await printed
    assert code == 0
    first, second = out.splitlines()
    assert first.split(" ", 1)[1].startswith("channel.changed studio ")
    assert 'title="One"' in first
    assert "\x1b" not in second


async def test_events_are_printed_as_they_come_for_programs(database: Database) -> None:
    async with stage(database) as on:
        printed = asyncio.create_task(run(on, "channel:studio", "--count", "1", "--json"))
        await heard_by_somebody(on)
        await on.titled("One")
        _, out, _ = await printed
    assert json.loads(out)["title"] == "One"


async def test_what_cannot_be_heard_is_said(database: Database) -> None:
    async with stage(database) as on:
        for words, why in (
            (("channel:nope",), "rillcast: channel:nope: unknown"),
            (("me",), "rillcast: me: sign-in"),
            (("live", "--token", "void"), "rillcast: the server answered 401"),
        ):
            code, _, complaint = await run(on, *words)
            assert (code, complaint.strip()) == (1, why)


async def test_a_broken_connection_is_made_again_without_a_gap(database: Database) -> None:
    async with stage(database) as on:
        heard: list[str] = []
        broken = 0
        following = Tail(f"http://{on.url}", ["channel:studio"]).events()
        first = asyncio.ensure_future(anext(following))
        await heard_by_somebody(on)
        await on.titled("0")
        event = await first
        while len(heard) < 3:
            if isinstance(event, Disconnected):
                broken += 1
            else:
                heard.append(event["title"])
                on.side.send_away()
                await on.titled(str(len(heard)))
            event = await anext(following)
        await following.aclose()
    assert (heard, broken) == (["0", "1", "2"], 2)


async def test_a_connection_that_would_be_refused_again_is_not_tried_again(
    database: Database,
) -> None:
    async with stage(database, connections_per_account=1) as on, on.ear(as_="FAN"):
        with pytest.raises(TailError, match="4409 too_many_connections"):
            await anext(Tail(f"http://{on.url}", ["me"], token="FAN").events())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8080", "ws://localhost:8080/ws"),
        ("https://live.example.org/", "wss://live.example.org/ws"),
        ("localhost:8080", "ws://localhost:8080/ws"),
    ],
)
def test_a_server_is_found_by_its_address(url: str, expected: str) -> None:
    assert websocket_url(url) == expected


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(TailError, match="expected an address"):
        websocket_url("ftp://example.org")

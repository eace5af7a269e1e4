"""What people's servers can do to ours: hang, redirect, go on for ever, and lead elsewhere."""

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Sequence
from itertools import cycle

import pytest

from accounts.outbound.answer_guard import ANSWER_MAX_BYTES
from accounts.outbound.client import ANSWER_BYTES, OutboundClient
from accounts.outbound.errors import OutboundError
from accounts.outbound.resolving import CheckedResolver, Lookup, system_lookup
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import Target, parse_target
from tests.accounts.outbound.receiver import ENDLESS, OK, answer, receiver

LAX = OutboundSettings(allow_private=True, timeout_s=60)
HASTY = OutboundSettings(allow_private=True, timeout_s=0.3)
STRICT = OutboundSettings(timeout_s=60)


def clock() -> int:
    return int(time.time() * 1000)


def lookup_of(*answers: Sequence[str]) -> tuple[Lookup, list[str]]:
    """A resolver that answers in turn, and what it was asked for."""
    asked: list[str] = []
    turns = cycle(answers)

    def lookup(host: str, port: int) -> Sequence[str]:
        assert port
        asked.append(host)
        return next(turns)

    return lookup, asked


async def post(
    url: str,
    settings: OutboundSettings = LAX,
    lookup: Lookup = system_lookup,
) -> tuple[int, str]:
    async with OutboundClient(settings, clock, lookup) as client:
        target = parse_target(url, settings)
        answered = await client.post(target, b"{}", {"Content-Type": "application/json"})
        return answered.status, answered.text


async def failure(
    url: str, settings: OutboundSettings = LAX, lookup: Lookup = system_lookup
) -> str:
    with pytest.raises(OutboundError) as raised:
        await post(url, settings, lookup)
    return raised.value.reason


async def test_a_request_comes_as_it_was_sent() -> None:
    async with receiver(answer(202, b"taken")) as on:
        assert await post(on.url) == (202, "taken")
        (got,) = on.got
    assert got.head == "POST /hook HTTP/1.1"
    assert (got.body, got.headers["user-agent"]) == (b"{}", "rillcast")
    assert got.headers["content-type"] == "application/json"


async def test_who_says_nothing_is_left_in_time() -> None:
    async with receiver(None) as on:
        assert await failure(on.url, HASTY) == "timeout"


async def test_who_never_ends_is_read_to_a_bound() -> None:
    begun = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + ENDLESS
    async with receiver(begun) as on:
        assert await post(on.url) == (200, "x" * ANSWER_BYTES)
        assert on.sent_bytes < 20 * 2**20  # what fits into the sockets between


async def test_headers_that_never_end_are_an_error() -> None:
    async with receiver(b"HTTP/1.1 200 OK\r\nX-Long: " + ENDLESS) as on:
        assert await failure(on.url) == "garbage"


async def test_interim_answers_that_never_end_are_an_error() -> None:
    """HTTP libraries pass over them, at the cost of an answer each."""
    async with receiver(b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000 + OK) as on:
        assert await failure(on.url) == "garbage"


async def test_a_connection_that_is_kept_takes_any_number_of_answers() -> None:
    async with receiver(answer(200, b"x" * ANSWER_BYTES)) as on, OutboundClient(LAX, clock) as it:
        for _ in range(ANSWER_MAX_BYTES // ANSWER_BYTES + 2):
            await it.post(parse_target(on.url, LAX), b"{}", {})
        assert on.connections == 1


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"\0\1\2\3\r\n\r\n", b"\r\n" * 9])
async def test_what_is_no_http_is_an_error(said: bytes) -> None:
    async with receiver(said) as on:
        assert await failure(on.url, HASTY) in {"garbage", "timeout", "unreachable"}


async def test_redirects_are_not_followed() -> None:
    async with receiver() as inside, receiver(answer(302, location=inside.url)) as on:
        assert (await post(on.url))[0] == 302
        assert inside.connections == 0


async def test_a_bomb_is_not_inflated() -> None:
    bomb = gzip.compress(b"x" * 2**22)
    async with receiver(answer(200, bomb, content_encoding="gzip")) as on:
        _, text = await post(on.url)
        assert len(text) <= ANSWER_BYTES


async def test_control_characters_are_not_kept() -> None:
    async with receiver(answer(500, b"a\x1b[31m\0b\xff\nc")) as on:
        assert await post(on.url) == (500, "a[31mb\N{REPLACEMENT CHARACTER}\nc")


async def test_nobody_there_is_an_error_of_its_own() -> None:
    with socket.socket() as held:  # nobody else gets its number meanwhile
        held.bind(("127.0.0.1", 0))
        assert await failure(f"http://127.0.0.1:{held.getsockname()[1]}/") == "unreachable"


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiver(answer(418)) as proxy, receiver() as on:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await post(on.url) == (200, "ok")
        assert proxy.connections == 0


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["8.8.8.8", "127.0.0.1"],
    ],
)
async def test_a_name_that_leads_inside_is_not_asked(addresses: list[str]) -> None:
    lookup, asked = lookup_of(addresses)
    async with receiver() as on:
        said = await failure(f"https://hook.example.org:{8443}/", STRICT, lookup)
        assert (said, asked, on.connections) == ("refused-address", ["hook.example.org"], 0)


async def test_a_number_that_nobody_resolved_is_judged_when_it_is_connected_to() -> None:
    """As if a rule about URLs had been forgotten."""
    async with receiver() as on:
        for host in ("127.0.0.1", "[::1]", "localhost"):
            target = Target(f"http://{host}:{on.port}/", host, on.port, "http://x")
            async with OutboundClient(STRICT, clock) as client:
                with pytest.raises(OutboundError, match="refused-address"):
                    await client.post(target, b"", {})
        assert on.connections == 0


async def test_the_address_that_was_judged_is_the_one_that_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that means something public at first and this machine ever after (DNS rebinding)."""
    lookup, asked = lookup_of(["192.88.98.7"], ["127.0.0.1"])
    connected: list[object] = []
    loop = asyncio.get_running_loop()

    async def connect(sock: socket.socket, address: object) -> None:
        assert sock.type is socket.SOCK_STREAM
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(type(loop), "sock_connect", lambda _, *given: connect(*given), raising=True)
    assert await failure("https://hook.example.org/", STRICT, lookup) == "unreachable"
    assert (asked, connected) == (["hook.example.org"], [("192.88.98.7", 443)])


async def test_one_slow_receiver_takes_no_connection_of_others() -> None:
    settings = OutboundSettings(allow_private=True, timeout_s=60, per_host=1)
    async with receiver(None) as slow, receiver() as on, OutboundClient(settings, clock) as client:
        stuck = asyncio.create_task(client.post(parse_target(slow.url, settings), b"", {}))
        await slow.wait_for(1)
        answered = await client.post(parse_target(on.url, settings), b"", {})
        assert (answered.status, stuck.done()) == (200, False)
        stuck.cancel()


async def test_names_that_were_slow_delay_no_others() -> None:
    """Whoever has a domain can have each name below it answered as late as they like."""
    may_answer = threading.Event()
    may_answer.set()

    def lookup(host: str, port: int) -> Sequence[str]:
        assert port
        if host != "new.example.org":
            may_answer.wait()
        return ["192.88.98.7"]

    resolver = CheckedResolver(lookup, allow_private=False, slow_s=0)
    names = [f"n{number}.example.org" for number in range(30)]
    await asyncio.gather(*(resolver.resolve(name, 443) for name in names))
    may_answer.clear()
    late = [asyncio.create_task(resolver.resolve(name, 443)) for name in names]
    assert (await resolver.resolve("new.example.org", 443))[0]["host"] == "192.88.98.7"
    assert not any(task.done() for task in late)
    may_answer.set()
    await asyncio.gather(*late)
    await resolver.close()


async def test_cookies_are_not_kept() -> None:
    async with receiver(answer(200, set_cookie="a=b"), OK) as on, OutboundClient(LAX, clock) as it:
        for _ in range(2):
            await it.post(parse_target(on.url, LAX), b"", {})
        assert "cookie" not in on.got[1].headers


@pytest.mark.parametrize(
    ("text", "expected"), [("120", 120.0), ("-5", None), ("soon", None), ("9" * 30, None)]
)
async def test_receivers_say_when_to_come_back(text: str, expected: float | None) -> None:
    async with receiver(answer(429, retry_after=text)) as on, OutboundClient(LAX, clock) as client:
        assert (await client.post(parse_target(on.url, LAX), b"", {})).retry_after_s == expected

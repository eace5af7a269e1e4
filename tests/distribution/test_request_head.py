"""Plain requests: what is one, what is not, and where it ends, however it is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution.held_requests import NOT_PLAIN, Beacon, HeldRequests, NotPlain, PlainRequest
from distribution.request_head import MAX_HEAD_BYTES, Fields, RequestLine, read_fields
from distribution.request_head import read_request_line as read_line
from fuzz.harness.request_heads import check_as_aiohttp_reads, read_requests

HOST = b"Host: a.example\r\n"
LIVE = b"GET /live/ada/e1/video/part-7.m4s HTTP/1.1\r\n" + HOST

LINES = [
    (b"GET / HTTP/1.1", RequestLine("GET", "/", "", True)),
    (b"HEAD /live/ada/index.m3u8 HTTP/1.0", RequestLine("HEAD", "/live/ada/index.m3u8", "", False)),
    (b"OPTIONS /a?b=c&d=/e?f HTTP/1.1", RequestLine("OPTIONS", "/a", "b=c&d=/e?f", True)),
    (b"GET /a? HTTP/1.1", RequestLine("GET", "/a", "", True)),
    (b"GET http://a.example:80/b?c HTTP/1.1", RequestLine("GET", "/b", "c", True)),
    (b"GET https://a-b.example/b HTTP/1.1", RequestLine("GET", "/b", "", True)),
    (b"GET /%2e%2E/<b> HTTP/1.1", RequestLine("GET", "/%2e%2E/<b>", "", True)),
]

NOT_LINES = [
    b"",
    b"GET",
    b"get / HTTP/1.1",
    b"POST / HTTP/1.1",
    b"PUT /live/ada/index.m3u8 HTTP/1.1",
    b"GET  / HTTP/1.1",
    b"GET /  HTTP/1.1",
    b" GET / HTTP/1.1",
    b"GET / HTTP/1.1 ",
    b"GET / HTTP/2.0",
    b"GET / HTTP/1.2",
    b"GET / http/1.1",
    b"GET /",
    b"GET * HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"GET a.example HTTP/1.1",
    b"GET http://a.example HTTP/1.1",
    b"GET http://a@b.example/ HTTP/1.1",
    b"GET ftp://a.example/ HTTP/1.1",
    b"GET http://a.example:e/ HTTP/1.1",
    b"GET http://[::1]/b HTTP/1.1",
    b"GET /a#b HTTP/1.1",
    b"GET /a\tb HTTP/1.1",
    b"GET /a\0b HTTP/1.1",
    b"GET /a\nb HTTP/1.1",
    b"GET /a\rb HTTP/1.1",
    b"GET /a\x7f HTTP/1.1",
    b"GET /\xc3\xa4 HTTP/1.1",
    b"GET /" + b"a" * 4096 + b" HTTP/1.1",
]

# What follows the first line and Host.
PLAIN_FIELDS = [
    (b"", {}),
    (b"Accept: */*\r\nUser-Agent: a (b; c)\r\n", {"user_agent": "a (b; c)"}),
    (b"X-Forwarded-For: 1.2.3.4 \r\n", {"forwarded_for": "1.2.3.4"}),
    (
        b"X-Forwarded-For: 1.2.3.4\r\nx-forwarded-for: 5.6.7.8, 9.0.0.1\r\n",
        {"forwarded_for": "1.2.3.4,5.6.7.8, 9.0.0.1"},
    ),
    (b"range: bytes=0-9\r\n", {"range": "bytes=0-9"}),
    (b"RANGE:bytes=0-9\r\n", {"range": "bytes=0-9"}),
    (b"Range: \t bytes=0-9 \t\r\n", {"range": "bytes=0-9"}),
    (b'Range: bytes=0-9\r\nIf-Range: "a"\r\n', {}),
    (b"Accept-Encoding: gzip, br\r\n", {"accepts_gzip": True}),
    (b"Accept-Encoding: gzip;q=0\r\n", {}),
    (b"Accept-Encoding:\r\n", {}),
    (b"Origin: https://b.example\r\n", {"origin": "https://b.example"}),
    (b"Connection: keep-alive\r\n", {}),
    (b"Connection: TE, Close\r\n", {"wants_close": True}),
    (b"Connection: closed\r\n", {}),
    (b"Content-Length: 0\r\n", {}),
    (b"X-A: a\r\nX-A: b\r\n", {}),
    (b"X-A: \xff\xfe\r\n", {}),
    (b"X-A: a\tb\r\n", {}),
    (b"X: a\r\n" * 63, {}),
]

NOT_PLAIN_FIELDS = [
    b"Host: b.example\r\n",
    b"Content-Length: 4\r\n",
    b"Content-Length: 00\r\n",
    b"Content-Length: +0\r\n",
    b"Content-Length: 0, 0\r\n",
    b"Content-Length: 0\r\nContent-Length: 0\r\n",
    b"content-length: 0\r\nCONTENT-LENGTH: 7\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: identity\r\n",
    b"transfer-ENCODING:\r\n",
    b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"Expect: 100-continue\r\n",
    b"Range: bytes=0-1\r\nRange: bytes=2-3\r\n",
    b"Origin: https://b.example\r\nOrigin: https://c.example\r\n",
    b"Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n",
    b"Connection: close\r\nConnection: keep-alive\r\n",
    b"User-Agent: a\r\nUser-Agent: b\r\n",
    b"X-A\r\n",
    b": a\r\n",
    b"X-A : a\r\n",
    b" X-A: a\r\n",
    b"X-A: a\r\n folded\r\n",
    b"X-A: a\r\n\tfolded: b\r\n",
    b"X-A: a\nX-B: b\r\n",
    b"X-A: a\rX-B: b\r\n",
    b"X-A: a\r\r\n",
    b"X-A: a\0b\r\n",
    b"X-A: \x1b[0m\r\n",
    b"X-A: \x7f\r\n",
    b"X\0A: a\r\n",
    b"X(A): a\r\n",
    b"X-\xe4: a\r\n",
    b"X: a\r\n" * 64,
    b"X-A: " + b"a" * MAX_HEAD_BYTES + b"\r\n",
]

NO_FIELDS = Fields(True, False, False, None, None)


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_plain_request_line_is_read(line: bytes, expected: RequestLine) -> None:
    assert read_line(line) == expected


@pytest.mark.parametrize("line", NOT_LINES)
def test_any_other_line_is_not_plain(line: bytes) -> None:
    assert read_line(line) is None
    if line:
        assert cut_up(line + b"\r\n" + HOST + b"\r\n") == [NOT_PLAIN]


@pytest.mark.parametrize(("sent", "expected"), PLAIN_FIELDS)
def test_fields_that_matter_are_read(sent: bytes, expected: dict[str, object]) -> None:
    wanted = NO_FIELDS._replace(**expected)  # type: ignore[arg-type] # by name
    assert read_fields(b"\r\n" + HOST + sent + b"\r\n") == wanted
    request, rest = cut_up(LIVE + sent + b"\r\n" + LIVE + b"\r\n")
    assert isinstance(request, PlainRequest)
    assert request.fields == wanted
    assert isinstance(rest, PlainRequest)
    check_as_aiohttp_reads(request)


@pytest.mark.parametrize("sent", NOT_PLAIN_FIELDS)
def test_what_is_in_doubt_is_not_plain(sent: bytes) -> None:
    assert cut_up(LIVE + sent + b"\r\n" + LIVE + b"\r\n") == [NOT_PLAIN]


def test_http_1_1_has_a_host_and_http_1_0_may_have_none() -> None:
    assert cut_up(b"GET / HTTP/1.1\r\n\r\n") == [NOT_PLAIN]
    (request,) = cut_up(b"GET / HTTP/1.0\r\n\r\n")
    assert isinstance(request, PlainRequest)
    assert not request.fields.has_host


@pytest.mark.parametrize("sent", [b"\r\n" + LIVE, b"\n", b"\x16\x03\x01\x02", b"EHLO a", b"PRI *"])
def test_what_cannot_become_plain_is_given_away_at_its_first_wrong_byte(sent: bytes) -> None:
    assert cut_up(sent) == [NOT_PLAIN]


def test_a_head_without_an_end_is_given_away_once_it_is_too_long() -> None:
    assert cut_up((LIVE + b"X-A: " + b"a" * MAX_HEAD_BYTES)[: MAX_HEAD_BYTES - 1]) == []
    assert cut_up((LIVE + b"X-A: " + b"a" * MAX_HEAD_BYTES)[:MAX_HEAD_BYTES]) == [NOT_PLAIN]


def test_what_is_not_plain_stays_with_all_that_follows() -> None:
    held = HeldRequests()
    held.keep(LIVE + b"\r\n" + b"POST / HTTP/1.1\r\n\r\nabc" + LIVE)
    assert isinstance(held.take(), PlainRequest)
    assert held.take() is NOT_PLAIN
    assert held.take_all() == b"POST / HTTP/1.1\r\n\r\nabc" + LIVE
    assert len(held) == 0


def test_known_fields_are_recognised_and_others_are_not() -> None:
    held = HeldRequests()
    held.keep(LIVE + b"Range: bytes=0-9\r\n\r\n")
    first = held.take()
    assert isinstance(first, PlainRequest)
    assert held.recognise(LIVE + b"Range: bytes=0-9\r\n\r\n") == first.target
    assert held.known_fields == first.fields
    for other in (
        LIVE + b"Range: bytes=0-8\r\n\r\n",
        LIVE + b"\r\n",
        LIVE + b"X: a\r\nRange: bytes=0-9\r\n\r\n",
        LIVE.replace(b"/live/", b"/lives/") + b"Range: bytes=0-9\r\n\r\n",
        LIVE.replace(b"1.1", b"1.0") + b"Range: bytes=0-9\r\n\r\n",
        LIVE + b"Range: bytes=0-9\r\n\r\n" + LIVE + b"Range: bytes=0-9\r\n\r\n",
        b"\r\n" + HOST + b"Range: bytes=0-9\r\n\r\n",
        b"",
    ):
        assert held.recognise(other) is None
    held.keep(b"G")
    assert held.recognise(LIVE + b"Range: bytes=0-9\r\n\r\n") is None


def cut_up(received: bytes) -> list[PlainRequest | NotPlain]:
    """Read whole, byte by byte and in two pieces; all give the same."""
    whole = list(read_requests(received, len(received)))
    assert list(read_requests(received, 1)) == whole
    assert list(read_requests(received, len(received) // 2 + 1)) == whole
    return whole


PIECES = st.sampled_from(
    [
        LIVE + b"\r\n",
        *(line + b"\r\n" + HOST + b"\r\n" for line, _ in LINES),
        *(LIVE + fields + b"\r\n" for fields, _ in PLAIN_FIELDS),
        *(LIVE + fields + b"\r\n" for fields in NOT_PLAIN_FIELDS[:-2]),
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
    ]
)
NOISE = st.one_of(
    st.binary(max_size=4), st.sampled_from([b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"\r\n\r\n"])
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=4), st.lists(st.integers(1, 400), max_size=12))
def test_cuts_anywhere_change_nothing(sent: list[bytes], cuts: list[int]) -> None:
    received = b"".join(sent)
    held, found, start = HeldRequests(), list[PlainRequest | Beacon | NotPlain](), 0
    for size in [*cuts, len(received)]:
        held.keep(received[start : start + size])
        start += size
        while NOT_PLAIN not in found and (request := held.take()) is not None:
            found.append(request)
    assert found == list(read_requests(received, len(received) or 1))


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=3), st.integers(0, 400), st.integers(0, 3), NOISE)
def test_noise_never_makes_a_request_that_aiohttp_sees_otherwise(
    sent: list[bytes], at: int, removed: int, noise: bytes
) -> None:
    received = bytearray(b"".join(sent))
    at %= len(received)
    received[at : at + removed] = noise
    for request in cut_up(bytes(received)):
        if isinstance(request, PlainRequest):
            check_as_aiohttp_reads(request)

"""Plain requests: the same however they are cut, and what aiohttp makes of the same bytes.

The first byte of an entry says where the rest, which is as on the wire, is cut.
"""

import asyncio
from collections.abc import Iterator

from aiohttp import HttpVersion10, HttpVersion11
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import HttpRequestParser
from aiohttp.streams import EMPTY_PAYLOAD

from distribution.content_coding import accepts_gzip
from distribution.held_requests import NOT_PLAIN, Beacon, HeldRequests, NotPlain, PlainRequest
from distribution.live.target import LIVE_FOLDER
from distribution.request_head import MAX_HEAD_BYTES, read_request_line, split_head
from fuzz.entry_reader import EntryReader

_loop = asyncio.new_event_loop()  # aiohttp wants one; nothing runs on it


def check(entry: bytes) -> None:
    """Read some requests."""
    reader = EntryReader(entry)
    step = reader.byte() or 1
    received = reader.rest()
    whole = list(read_requests(received, len(received) or 1))
    assert list(read_requests(received, step)) == whole, "cuts change nothing"
    plain = [request for request in whole if isinstance(request, PlainRequest)]
    read = b"".join(request.head for request in plain)
    assert received.startswith(read), "every byte is read once"
    for request in plain:
        check_as_aiohttp_reads(request)


def read_requests(received: bytes, step: int) -> Iterator[PlainRequest | NotPlain]:
    """Give what is found in bytes that come `step` at a time, up to the first that is not plain."""
    held = HeldRequests()
    for start in range(0, len(received), step):
        held.keep(received[start : start + step])
        while (request := held.take()) is not None:
            assert not isinstance(request, Beacon), "nobody asked for them"
            yield request
            if request is NOT_PLAIN:
                return
    assert len(held) < MAX_HEAD_BYTES, "nobody is listened to for ever"


def check_as_aiohttp_reads(request: PlainRequest) -> None:
    """Hold a plain request against the parser that gets all others: it may not find another one."""
    parser = HttpRequestParser(
        BaseProtocol(_loop), _loop, 2**16, max_line_size=8190, max_field_size=8190, max_headers=64
    )
    messages, is_upgraded, tail = parser.feed_data(request.head)
    assert len(messages) == 1, "a plain head is one request"
    assert not is_upgraded
    assert tail == b""
    message, body = messages[0]
    assert body is EMPTY_PAYLOAD, "a plain request has no body"
    line = read_request_line(split_head(request.head)[0])
    assert line is not None
    assert message.method == line.method
    target = line.path + ("?" + line.query if b"?" in request.head.split(b" ")[1] else "")
    assert message.path.endswith(target)
    assert message.version == (HttpVersion11 if line.is_http_1_1 else HttpVersion10)
    assert (request.target is not None) == line.path.startswith(LIVE_FOLDER)
    fields, headers = request.fields, message.headers
    assert fields.has_host == ("Host" in headers)
    if line.is_http_1_1:
        assert fields.wants_close == message.should_close
    assert fields.accepts_gzip == accepts_gzip(headers.get("Accept-Encoding", ""))
    if fields.range is None:
        assert "Range" not in headers or "If-Range" in headers
    else:
        assert _wire(fields.range) == _wire(headers["Range"])
    if fields.origin is not None:
        assert _wire(fields.origin) == _wire(headers["Origin"])


def _wire(value: str) -> bytes:
    """Undo either reading of bytes beyond ASCII."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape")

"""RequestHead: the head of one plain HTTP/1.x request, as players send it. Pure.

Plain is a GET, HEAD or OPTIONS of a path, without a body, an upgrade or an expectation, with every
header that matters here at most once. Whatever else there is in HTTP, and whatever is in doubt, is
left to a parser that knows all of it: here it is None. So this one may be strict, and where it
sees a request's end, every other parser sees it too. Source: RFC 9112, 2 to 6; RFC 9110, 5.
"""

import re
from typing import Final, NamedTuple

from distribution.content_coding import accepts_gzip

# Players' heads have less than 1 kB, browsers' with their cookies less than 4 kB.
MAX_HEAD_BYTES: Final = 8192
_MAX_LINE_BYTES: Final = 4096
_MAX_FIELDS: Final = 64

_END: Final = b"\r\n\r\n"
_BEGINNINGS: Final = (b"GET /", b"HEAD /", b"OPTIONS /", b"GET http", b"HEAD http", b"OPTIONS http")
# Absolute-form, which every server must take (RFC 9112, 3.2.2), means the path that is in it. Here
# its host is a name or an IPv4 address, with a port of up to four digits.
_REQUEST_LINE: Final = re.compile(
    rb"(GET|HEAD|OPTIONS) (?:https?://[A-Za-z0-9._-]+(?::[1-9][0-9]{0,3})?)?"
    rb"(/[!\"$->@-~]*)(?:\?([!\"$-~]*))? HTTP/1\.([01])"
)
_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

# What is read here, and what else may not be there twice (RFC 9110, 5.5): aiohttp refuses these.
_SINGLE: Final = frozenset(
    {
        b"accept-encoding",
        b"connection",
        b"content-length",
        b"content-location",
        b"content-range",
        b"content-type",
        b"etag",
        b"host",
        b"if-range",
        b"max-forwards",
        b"origin",
        b"range",
        b"server",
        b"user-agent",
    }
)
_FORWARDED_FOR: Final = b"x-forwarded-for"
_NOT_PLAIN: Final = frozenset({b"expect", b"sec-websocket-key1", b"transfer-encoding", b"upgrade"})


class RequestLine(NamedTuple):
    """The first line; `path` and `query` as on the wire, without the question mark."""

    method: str
    path: str
    query: str
    is_http_1_1: bool


class Fields(NamedTuple):
    """What the header fields say, as far as a plain request is answered by it.

    `range` is None where there is an If-Range, too: it names a validator, which media has not,
    and so it never holds (RFC 9110, 13.1.5). `user_agent` and `forwarded_for` (X-Forwarded-For, all
    of them) say who asks, if one believes them; no answer depends on these.
    """

    has_host: bool
    wants_close: bool
    accepts_gzip: bool
    origin: str | None
    range: str | None
    user_agent: str | None = None
    forwarded_for: str | None = None


def head_length(received: bytes | bytearray) -> int:
    """Return how many of the bytes are the first head, empty line included; 0 if it goes on."""
    end = received.find(_END)
    return 0 if end < 0 else end + len(_END)


def may_become_plain(received: bytes | bytearray) -> bool:
    """Whether the beginning of a head, which has no end yet, can still become a plain one."""
    if len(received) >= MAX_HEAD_BYTES:
        return False
    if not any(received.startswith(known[: len(received)]) for known in _BEGINNINGS):
        return False
    # A line feed by itself ends a line for some parsers and not for others.
    return received.count(b"\n") == received.count(b"\r\n")


def split_head(head: bytes) -> tuple[bytes, bytes]:
    """Cut a whole head into its first line and the rest, which begins with that line's end."""
    line_end = head.find(b"\r\n")
    return head[:line_end], head[line_end:]


def has_too_many_fields(block: bytes) -> bool:
    """Whether there are more fields than in a plain request, CMCD's among them."""
    return block.count(b"\n") > _MAX_FIELDS + 2  # one of the first line, one of the empty one


def read_request_line(line: bytes) -> RequestLine | None:
    """Read the first line, without its end; None if it is not plain. Never raises."""
    if len(line) > _MAX_LINE_BYTES:
        return None
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        return None
    method, path, query, minor = match.groups()
    return RequestLine(method.decode(), path.decode(), (query or b"").decode(), minor == b"1")


def read_fields(block: bytes) -> Fields | None:
    """Read what follows the first line, from its CRLF to the empty line; None if not plain."""
    found: dict[bytes, bytes] = {}
    forwarded: list[bytes] = []
    lines = block[2:-4].split(b"\r\n") if len(block) > len(_END) else []
    if has_too_many_fields(block):
        return None
    for line in lines:
        name, colon, value = line.partition(b":")
        # A line that begins with a space would go on with the one before (obs-fold).
        if not colon or _TOKEN.fullmatch(name) is None or _CONTROL.search(value) is not None:
            return None
        name = name.lower()
        if name in _NOT_PLAIN:
            return None
        if name in _SINGLE:
            if name in found:
                return None
            found[name] = value.strip(b" \t")
        elif name == _FORWARDED_FOR:
            forwarded.append(value.strip(b" \t"))
    if found.get(b"content-length", b"0") != b"0":
        return None
    options = found.get(b"connection", b"").lower()
    asked, origin, agent = found.get(b"range"), found.get(b"origin"), found.get(b"user-agent")
    return Fields(
        has_host=b"host" in found,
        wants_close=b"close" in [option.strip(b" \t") for option in options.split(b",")],
        accepts_gzip=accepts_gzip(found.get(b"accept-encoding", b"").decode("latin-1")),
        origin=None if origin is None else origin.decode("latin-1"),
        range=None if asked is None or b"if-range" in found else asked.decode("latin-1"),
        user_agent=None if agent is None else agent.decode("latin-1"),
        forwarded_for=b",".join(forwarded).decode("latin-1") if forwarded else None,
    )

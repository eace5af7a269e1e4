"""Cmcd: what a player says of itself with a request, read from its text (CTA-5004). Pure.

Of the eighteen keys only those are read that figures are made of. What names a viewer or what he
watches (`sid`, `cid`, `nor`) is passed over and never leaves here. Nothing that anybody sends
raises: a bad value is counted and left out, an unknown key is none of our business (3.1: custom
keys must be ignored by who does not know them).
"""

import re
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

MAX_CMCD_BYTES: Final = 1536  # hls.js and Shaka send 150 to 400, percent-encoded
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?')
# 3.2, "Object type".
_OBJECT_TYPES: Final = {
    kind.encode(): kind for kind in ("m", "a", "v", "av", "i", "c", "tt", "k", "o")
}
_MAX_DIGITS: Final = 9
_NUMBER, _TYPE, _FLAG = "number", "type", "flag"
_KINDS: Final = {
    b"bl": _NUMBER,
    b"br": _NUMBER,
    b"mtp": _NUMBER,
    b"ot": _TYPE,
    b"bs": _FLAG,
    b"su": _FLAG,
}
_TRUE: Final = frozenset({b"", b"true", b"?1"})  # a key by itself is true (3.1)
_FALSE: Final = frozenset({b"false", b"?0"})


class Cmcd(NamedTuple):
    """What was said; None of what was not.

    `object_type`: "v" for video, "a" for audio, "av" for both in one, "m" for a manifest or a
    playlist. `has_starved`: the buffer ran dry since the request before. `is_urgent`: the player
    starts, seeks or recovers. `bad_values` counts what could not be understood.
    """

    buffer_ms: int | None = None
    throughput_kbps: int | None = None
    bitrate_kbps: int | None = None
    object_type: str | None = None
    has_starved: bool = False
    is_urgent: bool = False
    bad_values: int = 0


TOO_LONG: Final = Cmcd(bad_values=1)

STARVED: Final = b"bs"
"""In every text that says so, for a cheap look beforehand; others may have it, too."""


def read_cmcd(text: bytes) -> Cmcd:
    """Read the value of the query's CMCD, or of the four header fields joined by commas."""
    if len(text) > MAX_CMCD_BYTES:
        return TOO_LONG
    if b"%" in text:  # these three are all there is in most
        text = text.replace(b"%2C", b",").replace(b"%3D", b"=").replace(b"%22", b'"')
    if b'"' in text:
        text = _STRING.sub(b"", text)  # a comma in a string ends nothing
    if b"%" in text:
        text = _STRING.sub(b"", unquote_to_bytes(text))
    return _of_items(text.split(b","))


def _of_items(items: list[bytes]) -> Cmcd:
    numbers: dict[bytes, int] = {}
    object_type: str | None = None
    has_starved = is_urgent = False
    bad_values = 0
    for item in items:
        key, _, value = item.partition(b"=")
        kind = _KINDS.get(key)
        if kind is None:
            continue
        if kind is _NUMBER:
            if value.isdigit() and len(value) <= _MAX_DIGITS:
                numbers[key] = int(value)
            else:
                bad_values += 1
        elif kind is _TYPE:
            object_type = _OBJECT_TYPES.get(value)
            bad_values += object_type is None
        elif value in _TRUE:
            has_starved |= key == b"bs"
            is_urgent |= key == b"su"
        elif value not in _FALSE:
            bad_values += 1
    get = numbers.get
    return Cmcd(
        get(b"bl"), get(b"mtp"), get(b"br"), object_type, has_starved, is_urgent, bad_values
    )

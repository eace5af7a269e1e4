"""CmcdText: what a player says of itself with a request for media, cut out of that request. Pure.

CMCD (CTA-5004) comes as a parameter of the query or in four header fields, and says something else
with every request. What is left without it is what a thousand other viewers ask for, too. What it
means, nobody here knows; where it goes, `ports.PlayerListener` says.

Only bytes are cut out that a plain request may hold at that place, so that what is left is plain
if, and only if, all of it was.
"""

import re
from typing import Final, NamedTuple

_PARAMETER: Final = b"CMCD="
_MARK: Final = b"\r\nCMCD-"
_LOWER_MARK: Final = b"\r\ncmcd-"
# As in a plain request line, but for "&", which ends it.
_VALUE: Final = re.compile(rb"[!\"$%'-~]*")
_FIELDS: Final = re.compile(
    rb"\r\n[Cc][Mm][Cc][Dd]-(?i:Object|Request|Status|Session):[ \t]*([\t -~]*)(?=\r\n)"
)


class CmcdText(NamedTuple):
    """What was said, as on the wire, and the header fields that came with it.

    `text` is percent-encoded if it came in the query; it may be of any length that a head has.
    `block` is the rest of the fields, from the CRLF before the first to the empty line; the same
    object for all requests of one connection, as long as they do not change.
    """

    text: bytes
    block: bytes


def cut_from_line(line: bytes) -> tuple[bytes, bytes | None]:
    """Return a request line without the CMCD in its query, and that; None if there is none."""
    query = line.find(b"?")
    begin = line.find(_PARAMETER, query + 1) if query >= 0 else -1
    if begin < 0 or line[begin - 1] not in b"?&":
        return line, None
    match = _VALUE.match(line, begin + len(_PARAMETER))
    end = begin if match is None else match.end()
    following = line[end : end + 1]
    if following == b"&":  # what comes after it takes its place
        return line[:begin] + line[end + 1 :], line[begin + len(_PARAMETER) : end]
    if following in (b" ", b""):  # with the "?" or "&" before it
        return line[: begin - 1] + line[end:], line[begin + len(_PARAMETER) : end]
    return line, None


def cut_from_head(head: bytes) -> tuple[bytes, bytes | None]:
    """Return a head, or the fields of one, without those of CMCD, and their values, joined."""
    if _MARK not in head and _LOWER_MARK not in head:
        return head, None
    pieces = _FIELDS.split(head)  # what is left, a value, what is left, ...
    if len(pieces) == 1:
        return head, None
    return b"".join(pieces[::2]), b",".join(pieces[1::2])

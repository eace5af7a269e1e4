"""CmcdText: what a player says of itself with a request for media, cut out of that request. Pure.

CMCD (CTA-5004) comes as a parameter of the query or in four header fields, and says something else
with every request. What is left without it is what a thousand other viewers ask for, too. What it
means, nobody here knows; where it goes, `ports.PlayerListener` says.

Only bytes are cut out that a plain request may hold at that place, so that what is left is plain
if, and only if, all of it was. Every request of a viewer who says anything comes by here: what is
usual is found with a few searches, and only the rest by expressions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

_PARAMETER: Final = b"CMCD="
_PARAMETER_BYTES: Final = len(_PARAMETER)
_BEFORE_PARAMETER: Final = b"?&"
_VERSION: Final = b" HTTP/1.1"
_VERSION_BYTES: Final = len(_VERSION)
# As in a plain request line, but for "&", which ends it.
_VALUE: Final = re.compile(rb"[!\"$%'-~]*")
_MARK: Final = b"\r\nCMCD-"
_LOWER_MARK: Final = b"\r\ncmcd-"
_TITLE_MARK: Final = b"\r\nCmcd-"  # of proxies in Go
_FIELD: Final = re.compile(
    rb"\r\n[Cc][Mm][Cc][Dd]-(?i:(Session)|Object|Request|Status):[ \t]*([\t -~]*)(?=\r\n)"
)


# Tables for `translate`, which make a 1 of every other byte: the cheapest look at all of them.
_OTHERS_IN_VALUE: Final = bytes(_VALUE.fullmatch(bytes([byte])) is None for byte in range(256))
# Spaces among them: which of these belong to the value, the expression knows.
_OTHERS_IN_FIELD: Final = bytes(not 0x20 < byte < 0x7F for byte in range(256))


@dataclass(slots=True)
class CmcdText:
    """What was said, as on the wire, and the header fields that came with it.

    `text` is percent-encoded if it came in the query; it may be of any length that a head has. Of
    four fields it is the values of three: see `cut_from_head`. `block` is the rest of the fields,
    from the CRLF before the first to the empty line; the same object for all requests of one
    connection, as long as they do not change. What is said next may be put into the same CmcdText.
    """

    text: bytes
    block: bytes


class CmcdLayout(NamedTuple):
    """Where CMCD stood in the fields of a request: what was before each value, and behind the last.

    What was `before` begins with the CRLF of the line before it. Values of CMCD-Session "are
    expected to be invariant over the life of the session" (CTA-5004): they are part of what stands
    around the others, unless they vary all the same, and then `unheard` says which these are.
    """

    before: tuple[bytes, ...]
    behind: bytes
    unheard: frozenset[int]


def cut_from_line(line: bytes) -> tuple[bytes, bytes | None]:
    """Return a request line without the CMCD in its query, and that; None if there is none."""
    query = line.find(b"?")
    if query < 0:
        return line, None
    begin = line.find(_PARAMETER, query + 1)
    if begin < 0 or line[begin - 1] not in _BEFORE_PARAMETER:
        return line, None
    text = line[begin + _PARAMETER_BYTES : -_VERSION_BYTES]
    if line.endswith(_VERSION) and 1 not in text.translate(_OTHERS_IN_VALUE):
        return line[: begin - 1] + _VERSION, text  # with the "?" or "&" before it
    return _cut_amid(line, begin)


def _cut_amid(line: bytes, begin: int) -> tuple[bytes, bytes | None]:
    """Do the same where it may not be the last in a line of HTTP/1.1."""
    match = _VALUE.match(line, begin + _PARAMETER_BYTES)
    end = begin if match is None else match.end()
    following = line[end : end + 1]
    if following == b"&":  # what comes after it takes its place
        return line[:begin] + line[end + 1 :], line[begin + _PARAMETER_BYTES : end]
    # Behind it is the version, or nothing in a query by itself: else it stood in no target.
    if (following == b" " and len(line) - end == _VERSION_BYTES) or (
        not following and line[:1] == b"?"
    ):
        return line[: begin - 1] + line[end:], line[begin + _PARAMETER_BYTES : end]
    return line, None


def cut_from_head(head: bytes) -> tuple[bytes, bytes | None]:
    """Return a head, or the fields of one, without those of CMCD, and their values, joined.

    Those of CMCD-Session are cut out, too, but nothing is read there: they name a viewer and what
    he watches.
    """
    if all(head.find(mark) < 0 for mark in (_MARK, _LOWER_MARK, _TITLE_MARK)):
        return head, None
    found = list(_FIELD.finditer(head))
    if not found:
        return head, None
    left = [head[: found[0].start()]]
    left += [head[one.end() : two.start()] for one, two in pairwise(found)]
    left.append(head[found[-1].end() :])
    return b"".join(left), b",".join([match[2] for match in found if match[1] is None])


def layout_of(block: bytes, *, session_varies: bool) -> CmcdLayout:
    """Return where CMCD stands in header fields from which `cut_from_head` cuts something."""
    before: list[bytes] = []
    unheard: set[int] = set()
    at = 0
    for match in _FIELD.finditer(block):
        is_session = match[1] is not None
        if is_session and session_varies:
            unheard.add(len(before))
        if session_varies or not is_session:
            before.append(block[at : match.start(2)])
            at = match.end()
    return CmcdLayout(tuple(before), block[at:], frozenset(unheard))


def cut_as_known(received: bytes, layout: CmcdLayout) -> tuple[bytes, bytes] | None:
    """Return the line of a request whose fields have this layout, and what they say; or None.

    What is found is what `cut_from_head` finds there, which may find more.
    """
    line_end = at = received.find(b"\r")
    values = []
    for literal in layout.before:
        begin = at + len(literal)
        if received[at:begin] != literal:
            return None
        at = received.find(b"\r", begin)
        values.append(received[begin:at])
    if received[at:] != layout.behind:
        return None
    text = b",".join(values)
    if 1 in text.translate(_OTHERS_IN_FIELD):
        return None
    return received[:line_end], _heard(values, layout.unheard) if layout.unheard else text


def _heard(values: Sequence[bytes], unheard: frozenset[int]) -> bytes:
    return b",".join([value for at, value in enumerate(values) if at not in unheard])

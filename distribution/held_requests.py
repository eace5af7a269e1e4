"""HeldRequests: what came on one connection and is not answered yet, cut into plain requests.

Knows bytes; neither sockets nor what is answered. Requests may come in any pieces, or many at once.
"""

from enum import Enum
from typing import Final, NamedTuple

from distribution.beacon_head import is_beacon, may_become_beacon, read_beacon_head
from distribution.cmcd_text import (
    CmcdLayout,
    CmcdText,
    cut_as_known,
    cut_from_head,
    cut_from_line,
    layout_of,
)
from distribution.live.session_query import split_session
from distribution.live.target import LiveTarget, read_live_target
from distribution.ports import Hearing
from distribution.request_head import (
    MAX_HEAD_BYTES,
    Fields,
    has_too_many_fields,
    head_length,
    may_become_plain,
    read_fields,
    read_request_line,
    split_head,
)

# Longer ones are read anew each time: ten thousand connections remember one each.
_MAX_KNOWN_BYTES: Final = 2048
_NO_FIELDS: Final = Fields(
    has_host=False, wants_close=False, accepts_gzip=False, origin=None, range=None
)


class PlainRequest(NamedTuple):
    """A plain request; `target` is None where it is not of live media.

    `head` is all of it as it came; `target` and `fields` know nothing of `cmcd`.
    """

    head: bytes
    target: LiveTarget | None
    fields: Fields
    cmcd: CmcdText | None = None


class Beacon(NamedTuple):
    """A player's beacon, as it came, and the parts of it."""

    head: bytes
    block: bytes
    body: bytes


class NotPlain(Enum):
    """What is found instead of a request that is for another parser, with all that follows."""

    NOT_PLAIN = "not plain"


NOT_PLAIN: Final = NotPlain.NOT_PLAIN


class HeldRequests:
    """The bytes of one connection, from the first that is not answered.

    `known_fields` are those of the request before: a viewer sends the same with every request, so
    that they are compared rather than read, and so are those around CMCD (`_known_layout`), which
    never is the same. `known_cmcd` is what the request said besides that was recognised last, good
    until the next is. `session` is the name of a playback session in the request that was read
    last, unchecked, or None. With `takes_beacons` these are cut out, too. Of what is recognised,
    only that is kept which `hearing` wants: it is counted before anybody knows who may watch.
    """

    __slots__ = (
        "_bytes",
        "_hearing",
        "_known_block",
        "_known_layout",
        "_said",
        "_takes_beacons",
        "known_cmcd",
        "known_fields",
        "session",
    )

    def __init__(self, *, takes_beacons: bool = False, hearing: Hearing | None = None) -> None:
        self._bytes = bytearray()
        self._hearing = hearing
        self._takes_beacons = takes_beacons
        self._known_block = b""
        self._known_layout: CmcdLayout | None = None
        self._said = CmcdText(b"", b"")
        self.known_fields = _NO_FIELDS
        self.known_cmcd: CmcdText | None = None
        self.session: bytes | None = None

    def __len__(self) -> int:
        """Count the bytes."""
        return len(self._bytes)

    def recognise(self, received: bytes) -> LiveTarget | None:
        """Return what these bytes ask for, if they are one request with the known fields.

        They are not kept then. None otherwise: keep them.
        """
        block = self._known_block
        if self._bytes or not block:
            return None
        text: bytes | None = None
        layout = self._known_layout
        cut = None if layout is None else cut_as_known(received, layout)
        if cut is None and received.endswith(block):
            line = received[: -len(block)]
        else:
            cut = cut or self._cut(received)
            if cut is None:
                return None
            line, text = cut
        if line.find(b"?") < 0:
            self.session = None
        else:
            line, asked = cut_from_line(line)
            line, self.session = split_session(line)
            if text is None:
                text = asked
        target = read_live_target(line)
        if target is None or not target.is_http_1_1:
            return None
        if text is None:
            self.known_cmcd = None
            return target
        if len(received) > MAX_HEAD_BYTES:
            return None
        hearing = self._hearing
        if (
            hearing is not None
            and hearing.unread + 1 < hearing.stride
            and text.rfind(hearing.always_read) < 0
        ):
            hearing.unread += 1
            self.known_cmcd = None
        else:
            self._said.text = text
            self.known_cmcd = self._said
        return target

    def _cut(self, received: bytes) -> tuple[bytes, bytes] | None:
        """Return the line and the CMCD of a request whose fields are known, but for these."""
        if head_length(received) != len(received):
            return None  # what follows an empty line is no field of this request
        line, block = split_head(received)
        left, text = cut_from_head(block)
        if text is None or left != self._known_block or has_too_many_fields(block):
            return None
        if len(block) <= 2 * _MAX_KNOWN_BYTES:
            has_varied = self._known_layout is not None
            self._known_layout = layout_of(block, session_varies=has_varied)
        return line, text

    def keep(self, received: bytes) -> None:
        """Put bytes behind those that are here."""
        self._bytes += received

    def take(self) -> PlainRequest | Beacon | NotPlain | None:
        """Take out the first request; None if more of it has to come. Never raises.

        NOT_PLAIN leaves everything here, for `take_all`.
        """
        held = self._bytes
        length = head_length(held)
        if not length:
            if self._takes_beacons and len(held) < MAX_HEAD_BYTES and may_become_beacon(held):
                return None
            return None if may_become_plain(held) else NOT_PLAIN
        if length > MAX_HEAD_BYTES:
            return NOT_PLAIN
        head = bytes(held[:length])
        if self._takes_beacons and is_beacon(head):
            return self._take_beacon(head)
        line, block = split_head(head)
        line, asked = cut_from_line(line)
        if has_too_many_fields(block):
            return NOT_PLAIN
        block, said = cut_from_head(block)
        fields = self._read_fields(block)
        line, self.session = split_session(line)
        target = read_live_target(line)
        plain_line = target or read_request_line(line)
        if fields is None or plain_line is None:
            return NOT_PLAIN
        if plain_line.is_http_1_1 and not fields.has_host:
            return NOT_PLAIN
        del held[:length]
        text = asked if said is None else said
        if target is None or text is None:
            return PlainRequest(head, target, fields)
        if block == self._known_block:
            block = self._known_block  # one object for all of them
        return PlainRequest(head, target, fields, CmcdText(text, block))

    def _take_beacon(self, head: bytes) -> Beacon | NotPlain | None:
        read = read_beacon_head(head)
        if read is None:
            return NOT_PLAIN
        end = len(head) + read.body_bytes
        if len(self._bytes) < end:
            return None
        body = bytes(self._bytes[len(head) : end])
        del self._bytes[:end]
        return Beacon(head, read.block, body)

    def take_all(self) -> bytes:
        """Take out everything."""
        held = bytes(self._bytes)
        self._bytes.clear()
        return held

    def _read_fields(self, block: bytes) -> Fields | None:
        if block == self._known_block:
            return self.known_fields
        fields = read_fields(block)
        if fields is not None and fields.has_host and len(block) <= _MAX_KNOWN_BYTES:
            self._known_block, self.known_fields = block, fields
            self._known_layout = None
            self._said = CmcdText(b"", block)
        return fields

"""FLV messages from an entry: the form in which whole publishers are kept in the corpora.

Each message has a head of 4 bytes: one of kind and time, one of time, two of length; then its
payload. Times are steps of 1 ms, or with `_JUMPS` any 32-bit value in 4 more bytes.
"""

from collections.abc import Iterator
from typing import NamedTuple

from fuzz.entry_reader import EntryReader
from ingest.rtmp import MediaMessage, MediaMessageKind

_KINDS = (MediaMessageKind.AUDIO, MediaMessageKind.VIDEO, MediaMessageKind.DATA)
_JUMPS = 0x80
_WIRE_TIMES = 2**32


class FlvMessage(NamedTuple):
    """A message, and how many milliseconds after the one before it comes."""

    message: MediaMessage
    step_ms: int


def read_messages(reader: EntryReader) -> Iterator[FlvMessage]:
    """Read messages to the end of the entry."""
    timestamp_ms = 0
    while not reader.is_at_end:
        head = reader.byte()
        step_ms = reader.byte()
        if head & _JUMPS:
            timestamp_ms = reader.integer(4)
        else:
            timestamp_ms = (timestamp_ms + step_ms) % _WIRE_TIMES
        kind = _KINDS[(head & ~_JUMPS) % len(_KINDS)]
        yield FlvMessage(MediaMessage(kind, timestamp_ms, reader.sized()), step_ms)


def write_messages(messages: list[MediaMessage]) -> bytes:
    """Write messages so that `read_messages` gives them again."""
    written = bytearray()
    before_ms = 0
    for kind, timestamp_ms, payload in messages:
        step_ms = timestamp_ms - before_ms
        head = _KINDS.index(kind)
        if 0 <= step_ms < 256:
            written += bytes((head, step_ms))
        else:
            written += bytes((head | _JUMPS, 0)) + timestamp_ms.to_bytes(4, "big")
        written += len(payload).to_bytes(2, "big") + payload
        before_ms = timestamp_ms
    return bytes(written)

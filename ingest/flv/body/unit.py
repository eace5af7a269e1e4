"""BodyUnit: what one track says in one message."""

from enum import Enum
from typing import NamedTuple

from ingest.media import Codec


class UnitRole(Enum):
    """What a body is, in the terms of Enhanced RTMP's packet types."""

    SEQUENCE_START = "sequence start"
    CODED = "coded frames"
    SEQUENCE_END = "sequence end"
    METADATA = "metadata"
    MULTICHANNEL_CONFIG = "multichannel configuration"


class BodyUnit(NamedTuple):
    """One track's share of a message.

    `codec` is a str, the name or FourCC, where the format is not carried. `composition_ms` is
    signed, `offset_ns` 0 to 999,999. The bytes of the track are `payload[start:]`; a whole message
    of one track is not copied for it.

    The usual bodies are made with `tuple.__new__(BodyUnit, fields)`, at half the cost of
    `BodyUnit(...)`.
    """

    role: UnitRole
    track_id: int
    codec: Codec | str
    composition_ms: int
    offset_ns: int
    payload: bytes
    start: int

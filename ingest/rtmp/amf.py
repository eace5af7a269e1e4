"""The values that AMF0 and AMF3 both carry, and what decoding them may cost."""

from enum import Enum
from typing import NamedTuple

from ingest.rtmp.errors import ErrorCode, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits


class Undefined(Enum):
    """The type of UNDEFINED, which is not null: replies to releaseStream end with it."""

    UNDEFINED = "undefined"


UNDEFINED = Undefined.UNDEFINED


class AmfDate(NamedTuple):
    """Milliseconds since 1970, UTC. The zone is reserved and should be 0 (AMF0 2.13)."""

    unix_ms: float
    zone_minutes: int = 0


AmfValue = (
    float
    | bool
    | str
    | bytes
    | AmfDate
    | Undefined
    | None
    | list["AmfValue"]
    | dict[str, "AmfValue"]
)


class AmfBudget:
    """How many more values, and how deeply nested, one message may hold."""

    __slots__ = ("_depth_left", "_values_left")

    def __init__(self, limits: RtmpLimits) -> None:
        self._values_left = limits.max_amf_values
        self._depth_left = limits.max_amf_depth

    def spend(self) -> None:
        """Count one value."""
        self._values_left -= 1
        if self._values_left < 0:
            raise RemoteProtocolError("AMF: too many values", ErrorCode.LIMIT_EXCEEDED)

    def enter(self) -> None:
        """Go one level down."""
        self._depth_left -= 1
        if self._depth_left < 0:
            raise RemoteProtocolError("AMF: nested too deeply", ErrorCode.LIMIT_EXCEEDED)

    def leave(self) -> None:
        """Come back up."""
        self._depth_left += 1


class AmfCursor:
    """A place in a message's body that never moves past its end."""

    __slots__ = ("body", "position")

    def __init__(self, body: bytes, position: int = 0) -> None:
        self.body = body
        self.position = position

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self.position >= len(self.body)

    def take(self, byte_count: int) -> bytes:
        """Read exactly so many bytes, or raise RemoteProtocolError."""
        after = self.position + byte_count
        if after > len(self.body):
            raise RemoteProtocolError(
                f"AMF: expected {byte_count} bytes, got {len(self.body) - self.position}",
                ErrorCode.BAD_AMF,
            )
        taken = self.body[self.position : after]
        self.position = after
        return taken

    def take_byte(self) -> int:
        """Read one byte."""
        return self.take(1)[0]

    def take_text(self, byte_count: int) -> str:
        """Read UTF-8, with U+FFFD for what is none: encoders send file names in old charsets."""
        return self.take(byte_count).decode("utf-8", "replace")

"""Commands: a name, a transaction number and arguments (RTMP 1.0 section 7.1.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.rtmp.amf import AmfValue
from ingest.rtmp.amf0 import decode_values, encode_values
from ingest.rtmp.errors import ErrorCode, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.message import Message, MessageType

NO_PROPERTIES: Mapping[str, AmfValue] = {}


@dataclass(frozen=True, slots=True)
class Command:
    """A call of the peer. `arguments[0]` is the command object, often null.

    The arguments may hold a stream key and are never printed.
    """

    name: str
    transaction_id: float
    message_stream_id: int
    arguments: list[AmfValue] = field(repr=False)

    def text(self, index: int) -> str:
        """Return an argument that should be a string, or "" for anything else."""
        value = self.arguments[index] if index < len(self.arguments) else None
        return value if isinstance(value, str) else ""

    def properties(self, index: int) -> Mapping[str, AmfValue]:
        """Return an argument that should be an object, or an empty one for anything else."""
        value = self.arguments[index] if index < len(self.arguments) else None
        return value if isinstance(value, dict) else NO_PROPERTIES


def amf0_body(message: Message) -> bytes:
    """Return a message's AMF0: types 15 and 17 have a format byte, always 0, in front of it."""
    is_amf3 = message.type_id in (MessageType.COMMAND_AMF3, MessageType.DATA_AMF3)
    if is_amf3 and message.payload[:1] == b"\0":
        return message.payload[1:]
    return message.payload


def read_command(message: Message, limits: RtmpLimits) -> Command:
    """Read a command message; raise RemoteProtocolError if it has no name."""
    values = decode_values(amf0_body(message), limits)
    name = values[0] if values else None
    if not isinstance(name, str):
        raise RemoteProtocolError("command: expected a name, got none", ErrorCode.BAD_COMMAND)
    transaction_id = values[1] if len(values) > 1 else 0.0
    return Command(
        name,
        # Numbers alone: True is an int to Python.
        transaction_id if isinstance(transaction_id, float) else 0.0,
        message.message_stream_id,
        values[2:],
    )


def write_command(
    name: str, transaction_id: float, *arguments: AmfValue, message_stream_id: int = 0
) -> Message:
    """Write a command message at time 0, as OBS cannot read late ones that span chunks."""
    body = encode_values(name, transaction_id, *arguments)
    return Message(MessageType.COMMAND_AMF0, 0, message_stream_id, body)

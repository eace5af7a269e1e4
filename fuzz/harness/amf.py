"""AMF0 and AMF3: values or a refusal, and values that are written are read again as they were.

The first byte of an entry chooses what kind of message the rest is.
"""

from ingest.rtmp import LocalProtocolError, RemoteProtocolError, RtmpLimits
from ingest.rtmp.amf import AmfValue
from ingest.rtmp.amf0 import decode_values, encode_values
from ingest.rtmp.command import read_command
from ingest.rtmp.connect import connect_result, read_connect
from ingest.rtmp.data_message import read_data_message
from ingest.rtmp.message import Message, MessageType

_LIMITS = RtmpLimits()
_LOW = RtmpLimits(max_amf_depth=3, max_amf_values=16)
_AMF3 = b"\x11"


def check(entry: bytes) -> None:
    """Read a body in one of the places in which AMF comes."""
    kind, body = entry[:1], entry[1:]
    try:
        match kind[0] % 5 if kind else 0:
            case 0:
                _check_values(body, _LIMITS)
            case 1:
                _check_values(_AMF3 + body, _LIMITS)
            case 2:
                _check_values(body, _LOW)
            case 3:
                for type_id in (MessageType.COMMAND_AMF0, MessageType.COMMAND_AMF3):
                    command = read_command(Message(type_id, 0, 0, body), _LIMITS)
                    connect_result(read_connect(command))
            case _:
                for type_id in (MessageType.DATA_AMF0, MessageType.DATA_AMF3):
                    read_data_message(Message(type_id, 0, 0, body), _LIMITS)
    except RemoteProtocolError:
        pass


def _check_values(body: bytes, limits: RtmpLimits) -> None:
    values = decode_values(body, limits)
    count, depth = _extent(values)
    assert count - 1 <= min(limits.max_amf_values, len(body))
    assert depth - 1 <= limits.max_amf_depth
    try:
        written = encode_values(*values)
    except LocalProtocolError:
        return  # AMF3 has byte arrays, AMF0 has not
    # As text: a NaN is not equal to itself.
    assert repr(decode_values(written, limits)) == repr(values)


def _extent(value: AmfValue) -> tuple[int, int]:
    """Count the values in a value, itself among them, and how deep they lie."""
    members = value.values() if isinstance(value, dict) else value
    if not isinstance(members, list) and not isinstance(value, dict):
        return 1, 0
    extents = [_extent(member) for member in members]  # type: ignore[union-attr] # a list or dict's
    return 1 + sum(count for count, _ in extents), 1 + max(
        (depth for _, depth in extents), default=0
    )

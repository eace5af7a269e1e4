"""Aggregate messages: FLV tags in a row that share one header (RTMP 1.0 section 7.1.6)."""

from ingest.rtmp.errors import ErrorCode, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.message import Message

_TAG_HEADER_BYTES = 11
_BACK_POINTER_BYTES = 4


def split_aggregate(aggregate: Message, limits: RtmpLimits) -> list[Message]:
    """Return the messages that an aggregate is made of.

    The first one's time is the aggregate's; the others keep their distance from it.
    Raises RemoteProtocolError for a tag that runs over the end.
    """
    body = aggregate.payload
    messages: list[Message] = []
    position = 0
    shift_ms: int | None = None
    while position < len(body):
        payload_at = position + _TAG_HEADER_BYTES
        after = payload_at + int.from_bytes(body[position + 1 : position + 4], "big")
        if payload_at > len(body) or after > len(body):
            raise RemoteProtocolError(
                f"aggregate: expected a tag of {after - position} bytes, "
                f"got {len(body) - position}",
                ErrorCode.BAD_MESSAGE,
            )
        if len(messages) == limits.max_aggregate_tags:
            raise RemoteProtocolError(
                f"aggregate: expected at most {limits.max_aggregate_tags} tags, got more",
                ErrorCode.LIMIT_EXCEEDED,
            )
        # The fourth time byte is the highest one (FLV 10.1, E.4.1).
        tag_time_ms = body[position + 7] << 24 | int.from_bytes(
            body[position + 4 : position + 7], "big"
        )
        if shift_ms is None:
            shift_ms = aggregate.timestamp_ms - tag_time_ms
        messages.append(
            Message(
                body[position] & 0x1F,  # the bits above are FLV's filter and reserved bits
                (tag_time_ms + shift_ms) & 0xFFFFFFFF,
                aggregate.message_stream_id,
                body[payload_at:after],
            )
        )
        position = after + _BACK_POINTER_BYTES  # may be missing after the last tag
    return messages

"""Status codes: what a server says to an encoder in an onStatus (RTMP 1.0 section 7.2.2)."""

from enum import Enum

from ingest.rtmp.command import write_command
from ingest.rtmp.message import Message


class StatusCode(Enum):
    """The codes in use here, chosen by what encoders do on them.

    OBS ends its attempt on FAILED, BAD_NAME, DENIED and REJECTED, and shows "invalid stream key".
    On NetStream.Publish.Unauthorized, which would say it best, it waits for ever. ffmpeg and
    GStreamer end on any error and print the description.
    """

    PUBLISH_START = "NetStream.Publish.Start"
    BAD_NAME = "NetStream.Publish.BadName"
    DENIED = "NetStream.Publish.Denied"
    REJECTED = "NetStream.Publish.Rejected"
    FAILED = "NetStream.Failed"
    UNPUBLISHED = "NetStream.Unpublish.Success"
    PLAY_FAILED = "NetStream.Play.Failed"

    @property
    def level(self) -> str:
        """Whether the encoder may go on: "status" or "error"."""
        return "status" if self in _GOOD_NEWS else "error"


_GOOD_NEWS = frozenset({StatusCode.PUBLISH_START, StatusCode.UNPUBLISHED})


def on_status(code: StatusCode, description: str, message_stream_id: int) -> Message:
    """Write an onStatus; `description` is for the person at the encoder."""
    return write_command(
        "onStatus",
        0.0,
        None,
        {"level": code.level, "code": code.value, "description": description},
        message_stream_id=message_stream_id,
    )

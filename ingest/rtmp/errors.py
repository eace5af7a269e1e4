"""What can go wrong on an RTMP connection.

RtmpError
├── RemoteProtocolError   the peer broke the protocol or a limit: close the connection
└── LocalProtocolError    this server called the connection in a way that it never may
"""

from enum import Enum


class ErrorCode(Enum):
    """What the peer did, in terms that a counter or a log line can group by."""

    BAD_HANDSHAKE = "bad-handshake"
    NOT_RTMP = "not-rtmp"
    BAD_CHUNK = "bad-chunk"
    BAD_MESSAGE = "bad-message"
    BAD_AMF = "bad-amf"
    BAD_COMMAND = "bad-command"
    LIMIT_EXCEEDED = "limit-exceeded"
    TIMED_OUT = "timed-out"


class RtmpError(Exception):
    """Anything that this package raises."""


class RemoteProtocolError(RtmpError):
    """The peer sent what no peer may send; nothing after it on the connection can be trusted."""

    def __init__(self, text: str, code: ErrorCode) -> None:
        super().__init__(text)
        self.code = code


class LocalProtocolError(RtmpError):
    """The caller answered a request that was never made, or gave values out of range."""

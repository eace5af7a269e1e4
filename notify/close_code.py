"""CloseCode: why a WebSocket was closed (RFC 6455, 7.4), for clients to act on."""

from enum import IntEnum
from typing import Final


class CloseCode(IntEnum):
    """The codes that the server sends; 4000 to 4999 are an application's own (7.4.2)."""

    GOING_AWAY = 1001
    PROTOCOL = 1002
    UNSUPPORTED = 1003
    NOT_TEXT = 1007
    TOO_LARGE = 1009
    FAILED = 1011
    MALFORMED = 4400
    SIGNED_OUT = 4401
    TOO_SLOW = 4408
    TOO_MANY_CONNECTIONS = 4409
    TOO_MANY_COMMANDS = 4429


MEANINGS: Final = {
    CloseCode.GOING_AWAY: "The server stops or restarts. Connect again and resume.",
    CloseCode.PROTOCOL: "What came was not the protocol (RFC 6455).",
    CloseCode.UNSUPPORTED: "A binary message came; commands are text.",
    CloseCode.NOT_TEXT: "A text was not UTF-8, or not what was compressed.",
    CloseCode.TOO_LARGE: "A message was too large.",
    CloseCode.FAILED: "Something went wrong here. Connect again and resume.",
    CloseCode.MALFORMED: "Too many messages were no commands.",
    CloseCode.SIGNED_OUT: "The token is void, or the log-in has ended. Sign in, then connect.",
    CloseCode.TOO_SLOW: "Events came faster than they were taken. Connect again and resume.",
    CloseCode.TOO_MANY_CONNECTIONS: "The account has too many connections.",
    CloseCode.TOO_MANY_COMMANDS: "Too much was asked. Wait before you connect again.",
}
"""What each means to a client, for the reference."""

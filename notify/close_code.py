"""CloseCode: why a WebSocket was closed (RFC 6455, 7.4), for clients to act on."""

from enum import IntEnum
from typing import Final


class CloseCode(IntEnum):
    """The codes that the server sends; 4000 to 4999 are an application's own (7.4.2)."""

    GOING_AWAY = 1001
    UNSUPPORTED = 1003
    TOO_LARGE = 1009
    MALFORMED = 4400
    SIGNED_OUT = 4401
    TOO_SLOW = 4408
    TOO_MANY_CONNECTIONS = 4409
    TOO_MANY_COMMANDS = 4429


MEANINGS: Final = {
    CloseCode.GOING_AWAY: "The server stops or restarts. Connect again and resume.",
    CloseCode.UNSUPPORTED: "A binary message came; commands are text.",
    CloseCode.TOO_LARGE: "A message was too large.",
    CloseCode.MALFORMED: "Too many messages were no commands.",
    CloseCode.SIGNED_OUT: "The token is void, or the log-in has ended. Sign in, then connect.",
    CloseCode.TOO_SLOW: "Events came faster than they were taken. Connect again and resume.",
    CloseCode.TOO_MANY_CONNECTIONS: "The account has too many connections.",
    CloseCode.TOO_MANY_COMMANDS: "Too much was asked. Wait before you connect again.",
}
"""What each means to a client, for the reference."""

"""What can go wrong with a request to an address that somebody gave us."""

from typing import Literal

Reason = Literal["refused-address", "unresolved", "unreachable", "tls", "timeout", "garbage"]


class TargetError(ValueError):
    """The URL may not be asked: the text says what was expected."""


class OutboundError(Exception):
    """No answer came. `reason` is for programs; nothing here tells what else the network holds."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class RefusedAddressError(OSError):
    """The name leads to an address that nobody is to reach through this server."""

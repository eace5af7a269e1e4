"""Errors of the conformance package.

ConformanceError
├── PlaylistSyntaxError     the peer's playlist cannot be read
├── DeltaMismatchError      the peer's delta update skips what was never listed (playlist.delta)
├── Mp4Error                the peer's media cannot be read
├── MpdSyntaxError          the peer's MPD cannot be read
├── RequestFailedError      no whole HTTP answer came
│   └── ServerLostError     there is no server, or the connection to it broke
└── TargetError             there is nothing to follow at the given address
    ├── TargetUnreachableError
    ├── TargetOfflineError
    └── TargetNotLiveError
"""

from conformance.check import Check


class ConformanceError(Exception):
    """Whatever this package raises by itself."""


class PlaylistSyntaxError(ConformanceError):
    """A line of a playlist breaks the grammar; `check` names the rule it breaks."""

    def __init__(self, check: Check, line_number: int, text: str) -> None:
        super().__init__(f"line {line_number}: {text}")
        self.check = check
        self.line_number = line_number


class Mp4Error(ConformanceError):
    """A box claims what its bytes do not hold; `offset` counts from the body's start."""

    def __init__(self, offset: int, text: str) -> None:
        super().__init__(f"offset {offset}: {text}")
        self.offset = offset


class MpdSyntaxError(ConformanceError):
    """An MPD is no XML, holds what no MPD may, or says what has no meaning."""


class RequestFailedError(ConformanceError):
    """The connection failed, the answer was cut off, too late or too large."""


class ServerLostError(RequestFailedError):
    """The server cannot be reached, or was lost before its answer was complete."""


class TargetError(ConformanceError):
    """The given address cannot be followed at all."""


class TargetUnreachableError(TargetError):
    """No HTTP answer came from the address."""


class TargetOfflineError(TargetError):
    """The server answers, but has no live playlist there."""


class TargetNotLiveError(TargetError):
    """What the address serves is neither an HLS playlist nor a DASH MPD."""

"""What happens to a channel's live output, as the channel side is told it. Values alone.

`channel` is a name, `epoch` tells one live output of a channel from the next, `at_ms` is unix ms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStarted:
    """The channel can be watched from now on."""

    channel: str
    epoch: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveInterrupted:
    """The publisher is gone and may come back."""

    channel: str
    epoch: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveResumed:
    """The publisher is back."""

    channel: str
    epoch: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEnded:
    """It is over. `at_ms` is when the last media came; `technical` sums up what it was."""

    channel: str
    epoch: str
    at_ms: int
    technical: Mapping[str, Any] | None = None


LiveFact = LiveStarted | LiveInterrupted | LiveResumed | LiveEnded

"""ShowTerms: how one channel wants its shows."""

from collections.abc import Callable
from dataclasses import dataclass

from packager.cadence import LatencyProfile


@dataclass(frozen=True, slots=True)
class ShowTerms:
    """`profile` counts when a show begins; `grace_s` is how long it waits for its publisher."""

    profile: LatencyProfile
    grace_s: float


TermsOfChannel = Callable[[str], ShowTerms]
"""Says how a channel wants its shows. Asked several times a second for one without a publisher."""

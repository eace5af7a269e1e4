"""PackagerSettings: how shows are cut, kept and waited for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packager.cadence import LatencyProfile
from packager.live import WindowSettings
from packager.pace import PaceLimits
from packager.segmenter import SegmenterSettings
from packager.show_terms import ShowTerms

GRACE_LIMIT_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagerSettings:
    """How shows are packaged and how long they wait for their publisher.

    `profile` is every channel's latency profile unless `profiles` names another for it.
    `grace_s`: how long a show waits for its publisher before it ends. `ended_s`: how long an
    ended show's last media can still be fetched. `journal`: whether shows are kept on disk, so
    that they go on after the server was restarted or killed.
    """

    profile: LatencyProfile = LatencyProfile.NORMAL
    profiles: Mapping[str, LatencyProfile] = field(default_factory=dict)
    grace_s: float = 60.0
    ended_s: float = 60.0
    journal: bool = True
    segmenter: SegmenterSettings = field(default_factory=SegmenterSettings)
    pace: PaceLimits = field(default_factory=PaceLimits)
    window: WindowSettings = field(default_factory=WindowSettings)

    def __post_init__(self) -> None:
        """Refuse times that make no sense."""
        for name in ("grace_s", "ended_s"):
            value = getattr(self, name)
            if not 0 <= value <= GRACE_LIMIT_S:
                raise ValueError(f"{name}: expected 0 to {GRACE_LIMIT_S:g}, got {value}")

    def profile_of(self, channel: str) -> LatencyProfile:
        """Return the latency profile of this channel's shows."""
        return self.profiles.get(channel, self.profile)

    def terms_of(self, channel: str) -> ShowTerms:
        """Return how this channel's shows are made, as far as these settings say."""
        return ShowTerms(self.profile_of(channel), self.grace_s)

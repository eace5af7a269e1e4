"""AnalyticsSettings: what is counted, and for how long it is kept. One section for each part."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsSettings:
    """Viewers, playback quality and the health of what is published."""

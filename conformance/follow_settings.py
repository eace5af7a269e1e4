"""FollowSettings: how hard and how long a live follower looks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowSettings:
    """All times in seconds.

    `segment_every`: of the complete segments, every n-th is fetched whole and compared with its
    parts. `dropped_every_s`: how often something that left the playlist is fetched once more.
    `multivariant_every_s`: how often the multivariant playlist is read again, for new epochs.
    `report_every_s`: how often an observer gets a report. `server_offset_s`: the server's clock
    minus ours, or None to learn it from Date headers. `fetches_media`: False reads playlists only.
    `checks_actively`: also send what only a bad player would, once per rendition. `waiters`: how
    many viewers then wait at once for one part of the first rendition; 0 for none. `rides_out_s`:
    how long a server may be away or turn requests away, as when it is restarted, before that is a
    finding.
    """

    segment_every: int = 4
    dropped_every_s: float = 10.0
    multivariant_every_s: float = 5.0
    report_every_s: float = 0.25
    server_offset_s: float | None = None
    fetches_media: bool = True
    checks_actively: bool = False
    waiters: int = 0
    rides_out_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse settings that would never look, or never rest."""
        if self.segment_every < 1:
            raise ValueError(f"segment_every: expected 1 or more, got {self.segment_every}")
        for name in ("dropped_every_s", "multivariant_every_s", "report_every_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")

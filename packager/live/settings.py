"""Settings of the live window."""

from dataclasses import dataclass

from packager.hls import WindowPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSettings:
    """How much live media is listed and how many shows are held.

    `listed_segments` complete segments stay listed, and as many as last
    `listed_target_durations` target durations. Removed ones are kept in memory for about as long
    again, as HLS demands: at 4 Mbit/s the default is some 17 MB a publication.
    """

    listed_segments: int = 7
    listed_target_durations: int = 4
    max_publications: int = 1000

    def __post_init__(self) -> None:
        """Refuse settings that cannot work; the window's own limits are WindowPolicy's."""
        if self.max_publications < 1:
            raise ValueError(f"max_publications: expected 1 or more, got {self.max_publications}")
        _ = self.policy

    @property
    def policy(self) -> WindowPolicy:
        """The same, as the timeline takes it."""
        return WindowPolicy(self.listed_segments, self.listed_target_durations)

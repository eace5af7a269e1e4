"""Window policy: how much of a Rendition its playlist lists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowPolicy:
    """The least that stays listed; whatever is older than both limits leaves the playlist.

    `listed_segments` complete segments, and complete segments that last `listed_target_durations`
    target durations together.
    """

    listed_segments: int = 7
    listed_target_durations: int = 4

    def __post_init__(self) -> None:
        """Refuse a window that players could fall out of."""
        # Apple's authoring rules 7.10: a live playlist lists six segments or more.
        if self.listed_segments < 6:
            raise ValueError(f"listed_segments: expected 6 or more, got {self.listed_segments}")
        # rfc8216bis 6.2.2: "MUST NOT remove a Media Segment [...] if that would produce a Playlist
        # whose duration is less than three times the Target Duration".
        if self.listed_target_durations < 3:
            raise ValueError(
                f"listed_target_durations: expected 3 or more, got {self.listed_target_durations}"
            )

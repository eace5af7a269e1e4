"""RecommendationsSettings: whether the home page recommends, and how long it remembers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationsSettings:
    """What is remembered of what people watch.

    `enabled` off: nothing is recommended and nothing remembered, whatever people wish.
    `history_days`: how long the server remembers what an account watched.
    """

    enabled: bool = True
    history_days: int = 90

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if not 1 <= self.history_days <= 730:
            raise ValueError(f"history_days: expected 1 to 730, got {self.history_days}")

"""DoctorSettings: whether what is published is measured, and how often that is written down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorSettings:
    """The ingest doctor. It takes a twentieth of what a publisher costs.

    `enabled`: measure what is published. `write_s`: how often reports of broadcasts that go on are
    written down; a server that is killed loses so much of them.
    """

    enabled: bool = True
    write_s: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if not 1 <= self.write_s <= 3600:
            raise ValueError(f"write_s: expected 1 to 3600, got {self.write_s}")

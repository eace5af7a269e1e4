"""Settings of counting viewers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewersSettings:
    """How viewers are counted, and what of it is kept.

    `enabled` gives players a session of their own; without it nobody is counted. `sessions` bounds
    how many are known at one moment, `sessions_per_address` how many of them one IPv4 address or
    IPv6 /64 network has: people of one office share an address. `raw_days` is how long it is kept
    who watched from when to when, and `minute_days` how many did in each minute; figures of hours,
    days and broadcasts stay. `backlog_rows` bounds what waits for a
    database that does not answer.
    """

    enabled: bool = True
    sessions: int = 200_000
    sessions_per_address: int = 128  # what 500 connections of an address are enough for
    raw_days: int = 30
    minute_days: int = 90
    backlog_rows: int = 200_000

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in ("sessions", "sessions_per_address", "raw_days", "minute_days", "backlog_rows"):
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name}: expected 1 or more, got {value}")

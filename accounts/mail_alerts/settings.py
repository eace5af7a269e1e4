"""MailAlertsSettings: how often people are written to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAlertsSettings:
    """When alerts are mailed.

    A mail waits `window_s` for what else happens, and nobody gets two within `interval_s`. What
    is older than `late_s` when its mail could leave is left out. The server sends `per_minute` of
    them at most, each process its own; a mail is tried `attempts` times, with pauses that grow
    from `retry_s`.
    """

    window_s: float = 120.0
    interval_s: float = 900.0
    late_s: float = 7_200.0
    per_minute: float = 60.0
    attempts: int = 6
    retry_s: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in ("late_s", "per_minute", "attempts", "retry_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")
        for name in ("window_s", "interval_s"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: expected 0 or more, got {getattr(self, name)}")

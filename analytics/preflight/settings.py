"""PreflightSettings: how long trials of a set-up take, and how many there may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightSettings:
    """Trials of a set-up with keys of their own.

    `key_minutes`: how long a test key waits for its encoder. `measure_s`: seconds of media that
    are measured until the grade is given. `open_per_channel`: keys of a channel at one time that
    have no grade yet. `at_once`: how many encoders one server measures, `at_once_per_account` how
    many of one account's channels. `kept_days`: how long grades are kept.
    """

    key_minutes: int = 30
    measure_s: int = 60
    open_per_channel: int = 3
    at_once: int = 20
    at_once_per_account: int = 3
    kept_days: int = 7

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name, least, most in (
            ("key_minutes", 1, 24 * 60),
            ("measure_s", 10, 600),
            ("open_per_channel", 1, 20),
            ("at_once", 1, 1000),
            ("at_once_per_account", 1, 1000),
            ("kept_days", 1, 365),
        ):
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError(f"{name}: expected {least} to {most}, got {value}")

"""ChatSettings: how much may be said, how fast, and how long it is kept."""

from dataclasses import dataclass
from typing import Final

_COUNTS: Final = (
    "message_characters",
    "message_bytes",
    "burst",
    "room_burst",
    "queue_capacity",
    "kept_messages",
    "emotes_per_channel",
    "emotes_of_server",
    "filters_per_channel",
)
_RATES: Final = ("per_minute", "room_per_s")
_DAYS: Final = ("kept_days", "log_days", "reports_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """What rooms take.

    `message_characters` counts what readers take for a letter, `message_bytes` UTF-8. `burst` and
    `per_minute` bound what one account says in one room, `room_burst` and `room_per_s` what all
    say there together; moderators are bound by the room's alone. `queue_capacity` is how many
    messages may wait to be written before more are refused.

    Messages are kept for `kept_days`, and of one room `kept_messages` at most. What moderators do
    is kept for `log_days`, with the texts that they took away; reports for `reports_days`.
    """

    message_characters: int = 500
    message_bytes: int = 2_000
    burst: int = 5
    per_minute: float = 30.0
    room_burst: int = 600
    room_per_s: float = 300.0
    queue_capacity: int = 2_000
    kept_days: int = 60
    kept_messages: int = 100_000
    log_days: int = 90
    reports_days: int = 180
    emotes_per_channel: int = 100
    emotes_of_server: int = 200
    filters_per_channel: int = 500

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in _COUNTS:
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name}: expected 1 or more, got {value}")
        for name in _RATES:
            value = getattr(self, name)
            if value <= 0:
                raise ValueError(f"{name}: expected more than 0, got {value}")
        for name in _DAYS:
            value = getattr(self, name)
            if not 1 <= value <= 3_660:
                raise ValueError(f"{name}: expected 1 to 3660, got {value}")
        if self.message_bytes > 12_000:
            # A command of 16 KiB carries it, escaped and with what is around it.
            raise ValueError(f"message_bytes: expected 12000 at most, got {self.message_bytes}")

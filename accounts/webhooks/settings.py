"""WebhooksSettings: how many webhooks there may be, and how patient the server is with them."""

from dataclasses import dataclass
from typing import Final

_COUNTS: Final = (
    "per_channel",
    "of_server",
    "attempts",
    "waiting_per_webhook",
    "kept_days",
    "previous_secret_hours",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksSettings:
    """How deliveries are made.

    `per_channel` and `of_server` are how many webhooks there may be. A delivery is tried
    `attempts` times, with pauses that grow fourfold from `retry_s` to at most 8 h: about a day.
    A webhook that has taken nothing for `disable_after_hours` although tried is switched off.
    `waiting_per_webhook` deliveries wait for one receiver; what comes on top is noted as failed.
    Deliveries are kept for `kept_days` to be looked at and repeated. After a new secret, the old
    one signs, too, for `previous_secret_hours`.
    """

    per_channel: int = 10
    of_server: int = 20
    attempts: int = 10
    retry_s: float = 5.0
    disable_after_hours: float = 120.0
    waiting_per_webhook: int = 1_000
    kept_days: int = 14
    previous_secret_hours: int = 24

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in _COUNTS:
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, got {getattr(self, name)}")
        for name in ("retry_s", "disable_after_hours"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")

"""NotifySettings: how many may listen, how much they may ask, and how long things are kept."""

from dataclasses import dataclass
from typing import Final

_COUNTS: Final = (
    "connections",
    "connections_per_address",
    "connections_per_account",
    "topics_per_connection",
    "queue_capacity",
    "replay_events",
    "replay_bytes",
    "commands_burst",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """What listeners may take.

    `connections` bounds all WebSockets and event streams together, `connections_per_address` those
    of one IPv4 address or IPv6 /64 network (proxies that are trusted bring others' addresses),
    which may open twice as many at once and four times as many in a minute, and
    `connections_per_account` those of one account. `queue_capacity` is how many events may wait
    for one listener before it is closed as too slow. `replay_events` and `replay_bytes` are what
    is kept for who comes back. `commands_burst` and `commands_per_minute` bound what one listener
    may ask.

    `ping_s` is how long a connection may be silent before it is asked for a sign of life.
    `recheck_s` is how often log-ins are looked at anew; those that end on this server end at once.

    `facts_kept_hours` is how long what must not be missed is kept for listeners that were away;
    `notifications_kept_days` how long people find notifications in their list.
    """

    connections: int = 20_000
    connections_per_address: int = 100
    connections_per_account: int = 30
    topics_per_connection: int = 100
    queue_capacity: int = 512
    replay_events: int = 20_000
    replay_bytes: int = 16 * 2**20
    commands_burst: int = 60
    commands_per_minute: float = 120.0
    ping_s: float = 25.0  # proxies commonly cut what is silent for 60 s
    recheck_s: float = 30.0
    facts_kept_hours: int = 72
    notifications_kept_days: int = 60

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        for name in _COUNTS:
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name}: expected 1 or more, got {value}")
        for name in ("commands_per_minute", "ping_s", "recheck_s"):
            value = getattr(self, name)
            if value <= 0:
                raise ValueError(f"{name}: expected more than 0, got {value}")
        if not 1 <= self.facts_kept_hours <= 24 * 30:
            raise ValueError(f"facts_kept_hours: expected 1 to 720, got {self.facts_kept_hours}")
        if not 1 <= self.notifications_kept_days <= 366:
            raise ValueError(
                f"notifications_kept_days: expected 1 to 366, got {self.notifications_kept_days}"
            )

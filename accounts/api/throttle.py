"""Throttling: how often one party may ask, in memory that does not grow. Pure."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

CAPACITY: Final = 50_000  # parties; about 10 MB


@dataclass(frozen=True, slots=True)
class Throttle:
    """`burst` requests at once, then `per_minute`. `group` names what is counted together."""

    group: str
    burst: int
    per_minute: float


class TokenBuckets:
    """A bucket for each party and group, full at first (GCRA: one number per bucket).

    Beyond `capacity` the bucket that was used least recently is forgotten: its party begins with
    a full one. Many addresses buy an attacker that much, which they would buy anyway.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        # When the bucket would be full again, in seconds of the caller's clock.
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, throttle: Throttle, party: str, now_s: float) -> float:
        """Take one token; return 0, or how many seconds are missing to the next token.

        A refusal takes nothing, so that who keeps asking is not locked out for ever.
        """
        key = (throttle.group, party)
        interval_s = 60 / throttle.per_minute
        full_at = max(self._full_at.get(key, now_s), now_s) + interval_s
        missing_s = full_at - now_s - throttle.burst * interval_s
        if missing_s > interval_s * 1e-9:  # sums of floats are not exact
            return missing_s
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._capacity:
            self._full_at.popitem(last=False)
        return 0.0

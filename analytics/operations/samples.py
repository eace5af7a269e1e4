"""Samples: the last hour of a server, a figure every ten seconds, so that charts have a past."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from analytics.operations.lag import LagSummary
from analytics.operations.state import Totals

INTERVAL_S: Final = 10.0
_KEPT: Final = 360  # one hour


@dataclass(frozen=True, slots=True)
class Sample:
    """The ten seconds before `at_ms`. `cpu_cores` is processor time by time: 1.0 is a whole core.

    The lag is of the last minute.
    """

    at_ms: int
    cpu_cores: float
    memory_bytes: int
    lag_p99_s: float
    lag_max_s: float
    in_bps: int
    out_bps: int
    publishers: int
    viewers: int
    connections: int
    fullest_queue: float
    database_s: float | None


class Samples:
    """Makes samples of totals, and keeps those of an hour. `now_s` never goes back."""

    def __init__(self) -> None:
        self._kept: deque[Sample] = deque(maxlen=_KEPT)
        self._before: tuple[float, Totals] | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def all(self) -> tuple[Sample, ...]:
        """Return them, the oldest first."""
        return tuple(self._kept)

    @property
    def newest(self) -> Sample | None:
        """The last one, if there is any."""
        return self._kept[-1] if self._kept else None

    def begin(self, now_s: float, totals: Totals) -> None:
        """Count from here."""
        self._before = (now_s, totals)

    def take(
        self,
        now_s: float,
        at_ms: int,
        totals: Totals,
        *,
        lag: LagSummary,
        fullest_queue: float,
        database_s: float | None,
    ) -> Sample | None:
        """Make and keep one; None where there is nothing to count from, or no time has passed."""
        before, self._before = self._before, (now_s, totals)
        if before is None or now_s <= before[0]:
            return None
        took_s, since = now_s - before[0], before[1]
        sample = Sample(
            at_ms=at_ms,
            cpu_cores=max(totals.cpu_s - since.cpu_s, 0.0) / took_s,
            memory_bytes=totals.memory_bytes,
            lag_p99_s=lag.p99_s,
            lag_max_s=lag.max_s,
            in_bps=rate_bps(totals.in_bytes - since.in_bytes, took_s),
            out_bps=rate_bps(totals.out_bytes - since.out_bytes, took_s),
            publishers=totals.publishers,
            viewers=totals.viewers,
            connections=totals.connections,
            fullest_queue=fullest_queue,
            database_s=database_s,
        )
        self._kept.append(sample)
        return sample


def rate_bps(size_bytes: int, took_s: float) -> int:
    """Return bits a second; 0 where nothing, or less than before, was counted."""
    return 0 if took_s <= 0 else max(round(size_bytes * 8 / took_s), 0)

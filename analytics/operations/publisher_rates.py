"""PublisherRates: how much comes from each publisher and goes to its viewers, in bits a second."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.operations.samples import rate_bps
from analytics.operations.state import LivePublisher


@dataclass(frozen=True, slots=True)
class PublisherFigures:
    """A publisher, and its rates over the last seconds."""

    publisher: LivePublisher
    in_bps: int
    out_bps: int


@dataclass(frozen=True, slots=True)
class _Seen:
    publisher_id: int
    at_ms: int
    in_bytes: int
    out_bytes: int
    in_bps: int
    out_bps: int


class PublisherRates:
    """Remembers what was counted last of those who are on air, and of nobody else."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}  # by channel: a show outlives its publishers

    def __len__(self) -> int:
        return len(self._seen)

    def take(self, publishers: Iterable[LivePublisher], now_ms: int) -> None:
        """Count anew; asked for every few seconds."""
        seen = {}
        for each in publishers:
            before = self._seen.get(each.channel)
            figures = _figures(each, now_ms, before)
            seen[each.channel] = _Seen(
                each.publisher_id,
                now_ms,
                each.in_bytes,
                each.out_bytes,
                figures.in_bps,
                figures.out_bps,
            )
        self._seen = seen

    def of(self, publisher: LivePublisher, now_ms: int) -> PublisherFigures:
        """Return rates as they were counted last; of who has just come, since they came."""
        seen = self._seen.get(publisher.channel)
        if seen is None or seen.publisher_id != publisher.publisher_id:
            return _figures(publisher, now_ms, seen)
        return PublisherFigures(publisher, seen.in_bps, seen.out_bps)


def _figures(each: LivePublisher, now_ms: int, seen: _Seen | None) -> PublisherFigures:
    """Count from what was seen last. What went out before anybody looked is no rate of now."""
    if seen is None or seen.publisher_id != each.publisher_id:
        in_bps = rate_bps(each.in_bytes, (now_ms - each.since_ms) / 1000)
    else:
        in_bps = rate_bps(each.in_bytes - seen.in_bytes, (now_ms - seen.at_ms) / 1000)
    out_bps = 0
    if seen is not None:
        out_bps = rate_bps(each.out_bytes - seen.out_bytes, (now_ms - seen.at_ms) / 1000)
    return PublisherFigures(each, in_bps, out_bps)

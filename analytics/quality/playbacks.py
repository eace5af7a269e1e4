"""Playbacks: what was last told of each playback, so that nothing of it counts twice. Pure."""

from typing import Final, NamedTuple

from analytics.quality.beacon import ERROR_CODES, Beacon, Sums
from analytics.quality.figures import Figures

# Who was not heard of for longer cannot have watched meanwhile: there is media for a minute.
MAX_PLAYED_MS: Final = 15 * 60_000
_MOST: Final = 10_000  # of anything else that one beacon brings
_NO_ERRORS: Final = (0,) * len(ERROR_CODES)
_MOST_FRAMES: Final = MAX_PLAYED_MS * 240 // 1000


class Told(NamedTuple):
    """What a beacon brings. `is_new`: a playback that nobody has told of before."""

    more: Sums
    is_new: bool


class Playbacks:
    """The last sums of up to `limit` playbacks; those longest unheard of are forgotten.

    Two generations: who is heard of is in the younger one. When that has half of the limit it
    becomes the older one, and what is left of the older one is forgotten.
    """

    def __init__(self, limit: int) -> None:
        self._half = max(1, limit // 2)
        self._young: dict[str, tuple[int, Sums]] = {}
        self._old: dict[str, tuple[int, Sums]] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def tell(self, beacon: Beacon) -> Told | None:
        """Return what is new in a beacon; None if it was told before, or cannot be true."""
        name = f"{beacon.session} {beacon.channel}"
        known = self._young.get(name) or self._old.pop(name, None)
        if known is not None and beacon.sequence <= known[0]:
            self._young[name] = known
            return None
        base = known[1] if known is not None else beacon.told
        is_new = base is None
        more = difference(beacon.total, base or Sums())
        if more is None:
            if known is not None:
                self._young[name] = known
            return None
        if name not in self._young and len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[name] = beacon.sequence, beacon.total
        return Told(more, is_new)


def difference(total: Sums, base: Sums) -> Sums | None:
    """Return what `total` has more than `base`; None if nobody can have done so much since."""
    startup_ms = total.startup_ms if base.startup_ms is None else None
    errors = _NO_ERRORS
    if total.errors != base.errors:
        errors = tuple(now - before for now, before in zip(total.errors, base.errors, strict=True))
    more = Sums(
        total.watched_ms - base.watched_ms,
        total.stalls - base.stalls,
        total.stalled_ms - base.stalled_ms,
        total.switches_up - base.switches_up,
        total.switches_down - base.switches_down,
        total.dropped_frames - base.dropped_frames,
        total.decoded_frames - base.decoded_frames,
        startup_ms,
        errors,
    )
    is_plausible = (
        0 <= more.watched_ms <= MAX_PLAYED_MS
        and 0 <= more.stalled_ms <= MAX_PLAYED_MS - more.watched_ms
        and 0 <= more.dropped_frames <= more.decoded_frames <= _MOST_FRAMES
        and 0 <= more.stalls <= _MOST
        and 0 <= more.switches_up <= _MOST
        and 0 <= more.switches_down <= _MOST
        and (errors is _NO_ERRORS or (min(errors) >= 0 and max(errors) <= _MOST))
    )
    return more if is_plausible else None


def add_told(figures: Figures, beacon: Beacon, told: Told) -> None:
    """Add what a beacon brings to the figures of its minute."""
    more = told.more
    figures.reports += 1
    figures.sessions += told.is_new
    figures.watched_ms += more.watched_ms
    figures.stalls += more.stalls
    figures.stalled_ms += more.stalled_ms
    figures.switches_up += more.switches_up
    figures.switches_down += more.switches_down
    figures.dropped_frames += more.dropped_frames
    figures.decoded_frames += more.decoded_frames
    if more.startup_ms is not None:
        figures.startup_ms.add(more.startup_ms)
    if beacon.latency_ms is not None and more.watched_ms:
        figures.latency_ms.add(beacon.latency_ms)
    if beacon.bitrate_kbps is not None:
        figures.rated_ms += more.watched_ms
        figures.rated_kbit += beacon.bitrate_kbps * more.watched_ms // 1000
    if more.errors is not _NO_ERRORS:
        for code, count in zip(ERROR_CODES, more.errors, strict=True):
            if count:
                figures.errors[code] = figures.errors.get(code, 0) + count

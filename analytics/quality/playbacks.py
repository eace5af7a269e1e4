"""Playbacks: what was last told of each playback, so that nothing of it counts twice. Pure.

What is told takes time: to have watched it, to have seen so many pictures. For that time somebody
else has to vouch. Where less is vouched for, as much of everything is taken, and what is left is
asked for with the next beacon.
"""

from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from analytics.quality.beacon import ERROR_CODES, NOTHING, Beacon, Errors, Sums
from analytics.quality.figures import Figures

MAX_ERRORS: Final = 3
"""Of one session: after a fatal one the page begins a new session, unless it cannot."""

# What anything takes at least: pictures come 240 a second at most, a stall is nothing below 150 ms,
# and between two switches there is something to be seen.
_FRAMES_PER_S: Final = 240
_STALL_MS: Final = 150
_SWITCH_MS: Final = 100
_NO_ERRORS: Final = NOTHING.errors


class Witness(Protocol):
    """Knows the playback sessions of this server."""

    def is_ours(self, session: str, channel: str) -> bool:
        """Whether the name was made here, for this channel. Never raises."""
        ...

    def vouch(self, session: str, channel: str, ms: int) -> int | None:
        """Return for how much of `ms` there was somebody, once; None if nobody watched lately."""
        ...


class Refusal(StrEnum):
    """Why nothing of a beacon is taken."""

    FOREIGN = "foreign session"
    REPEATED = "nothing new"
    IMPOSSIBLE = "impossible"
    UNSEEN = "nobody watching"


class Told(NamedTuple):
    """What a beacon brings.

    `is_new`: a playback that nobody has told of before. `is_seen`: somebody has watched lately; if
    not, it brings errors alone. `is_all`: nothing of it was left.
    """

    watched_ms: int
    stalls: int
    stalled_ms: int
    switches_up: int
    switches_down: int
    dropped_frames: int
    decoded_frames: int
    startup_ms: int | None
    errors: tuple[tuple[str, int], ...]
    is_new: bool
    is_seen: bool
    is_all: bool


class _Playback:
    """What is known of one session: up to what it has told, and what it may still tell once."""

    __slots__ = ("base", "error_count", "has_started", "is_new", "sequence")

    def __init__(self, told: Sums | None) -> None:
        self.sequence = -1
        self.base = NOTHING if told is None else told
        self.is_new = told is None
        self.has_started = self.base.startup_ms is not None
        self.error_count = 0


class Playbacks:
    """The last sums of up to `limit` sessions; those longest unheard of are forgotten.

    Two generations: who is heard of is in the younger one. When that has half of the limit it
    becomes the older one, and what is left of the older one is forgotten.
    """

    def __init__(self, limit: int, witness: Witness) -> None:
        self._half = max(1, limit // 2)
        self._witness = witness
        self._young: dict[str, _Playback] = {}
        self._old: dict[str, _Playback] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def tell(self, beacon: Beacon) -> Told | Refusal:
        """Return what is new in a beacon of a channel that there is, as far as it can be true."""
        name = f"{beacon.session} {beacon.channel}"
        known = self._young.get(name)
        if known is None:
            known = self._old.get(name)
            if known is None:
                if not self._witness.is_ours(beacon.session, beacon.channel):
                    return Refusal.FOREIGN
                known = _Playback(beacon.told)
        if beacon.sequence <= known.sequence:
            return Refusal.REPEATED
        told = self._take(beacon, known)
        if isinstance(told, Told):
            known.sequence = beacon.sequence
            if name not in self._young:
                self._keep(name, known)
        return told

    def _keep(self, name: str, playback: _Playback) -> None:
        self._old.pop(name, None)
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[name] = playback

    def _take(self, beacon: Beacon, known: _Playback) -> Told | Refusal:
        total, base = beacon.total, known.base
        watched_ms = total.watched_ms - base.watched_ms
        stalls = total.stalls - base.stalls
        stalled_ms = total.stalled_ms - base.stalled_ms
        up = total.switches_up - base.switches_up
        down = total.switches_down - base.switches_down
        dropped = total.dropped_frames - base.dropped_frames
        decoded = total.decoded_frames - base.decoded_frames
        if (
            watched_ms < 0
            or stalls < 0
            or stalled_ms < 0
            or up < 0
            or down < 0
            or not 0 <= dropped <= decoded
        ):
            return Refusal.IMPOSSIBLE
        wanted_ms = max(
            watched_ms + stalled_ms,
            decoded * 1000 // _FRAMES_PER_S,
            stalls * _STALL_MS,
            (up + down) * _SWITCH_MS,
        )
        granted_ms = self._witness.vouch(beacon.session, beacon.channel, wanted_ms)
        errors = _NO_ERRORS if total.errors == base.errors else total.errors
        failed = () if errors is _NO_ERRORS else _failed(errors, base.errors, known.error_count)
        if granted_ms is None and not failed:
            return Refusal.UNSEEN
        seen_ms = granted_ms or 0
        is_all = seen_ms >= wanted_ms
        if not is_all:
            watched_ms, stalls, stalled_ms, up, down, dropped, decoded = (
                more * seen_ms // wanted_ms
                for more in (watched_ms, stalls, stalled_ms, up, down, dropped, decoded)
            )
        startup_ms = None
        if granted_ms is not None and not known.has_started:
            startup_ms = total.startup_ms
            known.has_started = startup_ms is not None
        known.base = (
            total
            if is_all
            else Sums(
                base.watched_ms + watched_ms,
                base.stalls + stalls,
                base.stalled_ms + stalled_ms,
                base.switches_up + up,
                base.switches_down + down,
                base.dropped_frames + dropped,
                base.decoded_frames + decoded,
                None,
                total.errors,
            )
        )
        if failed:
            known.error_count += sum(count for _, count in failed)
        is_new, known.is_new = known.is_new, False
        return Told(
            watched_ms,
            stalls,
            stalled_ms,
            up,
            down,
            dropped,
            decoded,
            startup_ms,
            failed,
            is_new,
            granted_ms is not None,
            is_all,
        )


def _failed(total: Errors, base: Errors, counted: int) -> tuple[tuple[str, int], ...]:
    """Return which errors are new, as many as one session may have."""
    left = MAX_ERRORS - counted
    found = []
    for code, field in zip(ERROR_CODES, Errors.__struct_fields__, strict=True):
        more = min(left, getattr(total, field) - getattr(base, field))
        if more > 0:
            found.append((code, more))
            left -= more
    return tuple(found)


def add_told(figures: Figures, beacon: Beacon, told: Told) -> None:
    """Add what a beacon brings to the figures of its minute."""
    figures.reports += 1
    figures.sessions += told.is_new
    watched_ms = told.watched_ms
    figures.watched_ms += watched_ms
    figures.stalls += told.stalls
    figures.stalled_ms += told.stalled_ms
    figures.switches_up += told.switches_up
    figures.switches_down += told.switches_down
    figures.dropped_frames += told.dropped_frames
    figures.decoded_frames += told.decoded_frames
    if told.startup_ms is not None:
        figures.startup_ms.add(told.startup_ms)
    if beacon.latency_ms is not None and watched_ms:
        figures.latency_ms.add(beacon.latency_ms)
    if beacon.bitrate_kbps is not None:
        figures.rated_ms += watched_ms
        figures.rated_kbit += beacon.bitrate_kbps * watched_ms // 1000
    for code, count in told.errors:
        figures.errors[code] = figures.errors.get(code, 0) + count

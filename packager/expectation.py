"""Expectation: how long a publisher's socket may be left alone without anybody waiting for it."""

from collections.abc import Sequence

from packager.segmenter import DueCut

# Samples come no earlier than the earliest did; how long that is believed, as clocks drift.
_WINDOW_S = 10.0
# What came so soon after it was looked for may have been there before.
_PROMPT_S = 0.004
# What comes so soon after the earliest comes as expected.
_STEADY_S = 0.003
# Every so many cuts at most somebody looks that much earlier, and goes on to do so while something
# is there, or samples come unsteadily: an encoder that has become faster, by its clock or by
# another way through the net, is caught up with.
_CUTS_BETWEEN_PROBES = 16
_EARLIER_S = 0.005
# The scatter of a good line, on which times are whole milliseconds: to look so late finds most
# samples at the first attempt.
_SCATTER_S = 0.001
# Bounds what waits in the kernel, and how late a key frame that nobody expected can be seen.
_LONGEST_S = 0.4
_FOREVER = float("inf")


class _Arrivals:
    """How long after its media time the earliest sample of a track comes. Media times in seconds.

    The time at which a sample is read says that it came then or before; only one that is read
    later than it was asked for has come just then.
    """

    __slots__ = (
        "_asked_at",
        "_awaited_s",
        "_before_s",
        "_least_s",
        "_renewed_at",
        "_sure_cuts",
        "_trust",
    )

    def __init__(self) -> None:
        self._before_s = self._least_s = _FOREVER
        self._renewed_at = 0.0
        self._sure_cuts = self._trust = 0
        self._awaited_s = _FOREVER
        self._asked_at = 0.0

    def note(self, media_s: float, now: float) -> None:
        """Note that everything up to this sample has come."""
        lag_s = now - media_s
        if now - self._renewed_at > _WINDOW_S:
            self._before_s = self._least_s
            self._least_s = lag_s
            self._renewed_at = now
        elif lag_s < self._least_s:
            self._least_s = lag_s
        if media_s > self._awaited_s - _PROMPT_S:
            self._awaited_s = _FOREVER
            self._judge(lag_s, has_come_now=now > self._asked_at + _PROMPT_S)

    def expect(self, media_s: float) -> float:
        """Give when to look for a sample."""
        self._awaited_s = media_s
        offset_s = _SCATTER_S if self._sure_cuts > 0 else -_EARLIER_S
        self._asked_at = media_s + min(self._least_s, self._before_s) + offset_s
        return self._asked_at

    def _judge(self, lag_s: float, *, has_come_now: bool) -> None:
        """Learn for how many cuts the earliest time can be relied on."""
        if has_come_now:
            is_steady = lag_s - min(self._least_s, self._before_s) < _STEADY_S
            # Who comes late now may come early the next time.
            self._trust = min(2 * self._trust or 1, _CUTS_BETWEEN_PROBES) if is_steady else 0
            self._sure_cuts = self._trust
        elif self._sure_cuts:
            self._sure_cuts -= 1
        else:
            self._trust = 0  # it was there earlier than ever


class Expectation:
    """Learns when the samples of each track come, and so when those are due that end parts.

    Only those are urgent: what comes in the middle of a part makes nothing available.
    """

    __slots__ = ("_arrivals",)

    def __init__(self) -> None:
        self._arrivals: dict[str, _Arrivals] = {}

    def wanted_at(self, cuts: Sequence[DueCut], now: float) -> float:
        """Give when the next urgent sample can come at the earliest; the past if at any time."""
        wanted_at = now + _LONGEST_S if cuts else 0.0
        for track, newest_ticks, due_ticks, timescale, arrived in cuts:
            arrivals = self._arrivals.get(track)
            if arrivals is None:
                arrivals = self._arrivals[track] = _Arrivals()
            arrivals.note(newest_ticks / timescale, arrived)
            wanted_at = min(wanted_at, arrivals.expect(due_ticks / timescale))
        return wanted_at

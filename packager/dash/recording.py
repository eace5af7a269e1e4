"""An ended show as a recording: what its MPD says to whoever has not followed it live."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from packager.dash.manifest import Manifest, Period, Representation


def as_recording(manifest: Manifest) -> Manifest:
    """Let time count from the oldest media, and each period begin where the one before ends.

    Players show all of a static MPD's time, from 0 on, as what can be sought in. Those who have
    followed the show need the times that they know.
    """
    periods = list(_moved_together(manifest.periods))
    return replace(manifest, periods=tuple(periods), zero_unix_ms=periods[0].start_unix_ms)


def _moved_together(periods: Iterable[Period]) -> Iterable[Period]:
    start_unix_ms: int | None = None
    for period in periods:
        trimmed = _trimmed(period)
        if start_unix_ms is not None:
            trimmed = replace(trimmed, start_unix_ms=start_unix_ms)
        start_unix_ms = trimmed.start_unix_ms + trimmed.duration_ms
        yield trimmed


def _trimmed(period: Period) -> Period:
    """Begin the period with its oldest media that is listed."""
    start_s = min(map(_first_s, period.representations))
    since_start_s = start_s - min(map(_offset_s, period.representations))
    return replace(
        period,
        start_unix_ms=period.start_unix_ms + round(since_start_s * 1000),
        representations=tuple(
            replace(each, presentation_offset_ticks=round(start_s * each.track.timescale))
            for each in period.representations
        ),
    )


def _first_s(representation: Representation) -> Fraction:
    return Fraction(representation.times.first.start_ticks, representation.track.timescale)


def _offset_s(representation: Representation) -> Fraction:
    return Fraction(representation.presentation_offset_ticks, representation.track.timescale)

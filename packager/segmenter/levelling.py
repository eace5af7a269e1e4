"""Levelling: all renditions brought to the same segment after the process was killed.

A Segmenter closes the segments of all renditions together when a publisher goes. A killed one could
not: then one rendition may stand a segment or more behind another, and the discontinuity that
follows must have the same media sequence number in all of them.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from packager.segmenter.change import FragmentSample
from packager.segmenter.errors import ResumeError
from packager.segmenter.rendition_output import RenditionOutput
from packager.segmenter.resume import ResumePoint
from packager.segmenter.silence import silent_unit
from packager.segmenter.track_units import unit_s

# Renditions are filled within seconds while they are on air: one that lacks more was never cut by
# a Segmenter, and filling it would take for ever.
_MOST_MISSING_S = 60
_MOST_MISSING_SEGMENTS = 64


def level(point: ResumePoint, outputs: Mapping[str, RenditionOutput]) -> None:
    """Bring renditions that stand behind to where the furthest one ends, and close their segments.

    What they lack becomes silence where sound can be silent, and a gap elsewhere. Raises
    ResumeError where that is too much.
    """
    begun = [known for known in point.renditions.values() if known.msn]
    ends_s = [Fraction(known.end_ticks, known.track.timescale) for known in begun]
    missing_segments = max((point.last_msn - known.msn for known in begun), default=0)
    if missing_segments > _MOST_MISSING_SEGMENTS:
        raise ResumeError(f"expected renditions side by side, got {missing_segments} segments")
    if begun and max(ends_s) - min(ends_s) > _MOST_MISSING_S:
        raise ResumeError(f"expected renditions side by side, got {max(ends_s) - min(ends_s)} s")
    for name, known in point.renditions.items():
        if not known.msn:
            continue
        output = outputs[name]
        filler = _Filler(output)
        for msn, following in pairwise(range(known.msn, point.last_msn + 2)):
            is_last = following > point.last_msn
            until_s = max(ends_s) if is_last else point.starts[following].start_s
            if msn > known.msn:
                start = point.starts[msn]
                output.open_segment(
                    msn, start.start_unix_ms, is_discontinuous=start.is_discontinuous
                )
                filler.fill(start.start_s if start.is_discontinuous else None, until_s)
            elif output.is_open and (is_last or not point.starts[following].is_discontinuous):
                filler.fill(None, until_s)
            if output.is_open:
                output.close_segment()


class _Filler:
    """Fills what one rendition lacks."""

    def __init__(self, output: RenditionOutput) -> None:
        self._output = output
        track = output.track
        self._unit_ticks = max(1, round(unit_s(track, ()) * track.timescale))
        self._silence = silent_unit(track, self._unit_ticks) if track.audio is not None else None
        if self._silence is not None and self._silence.payload:
            self._unit_ticks = self._silence.duration_ticks

    def fill(self, from_s: Fraction | None, until_s: Fraction) -> None:
        """Cut parts up to a place of the timeline, to half a unit; one at least.

        They begin where the rendition ends or, if that is later, at `from_s`.
        """
        output = self._output
        timescale = output.track.timescale
        start = max(output.end_ticks, 0 if from_s is None else round(from_s * timescale))
        until = round(until_s * timescale)
        while not output.has_parts or start < until - self._unit_ticks // 2:
            latest = output.latest_end(start)
            if latest <= start:
                return
            samples = self._silent_samples(until - start, latest - start)
            end = start + sum(sample.duration_ticks for sample in samples)
            if not samples:
                end = max(min(latest, until), start + 1)
            output.cut_part(start, samples, end)
            start = end

    def _silent_samples(self, wanted_ticks: int, room_ticks: int) -> list[FragmentSample]:
        """Make as many whole units as come nearest, one at least, if there is room for them.

        A gap in place of the last would be a part of the segment that it has no samples for.
        """
        silence = self._silence
        if silence is None or not silence.payload:
            return []
        unit_ticks = silence.duration_ticks
        nearest = max(1, (wanted_ticks + unit_ticks // 2) // unit_ticks)
        unit = FragmentSample(unit_ticks, 0, True, silence.payload)
        return [unit] * min(nearest, room_ticks // unit_ticks)

"""The unit of a track: how long its frames or coded audio units last."""

from collections.abc import Sequence
from fractions import Fraction

from ingest.media import Sample, Track
from packager.segmenter.frame_rate import settle_frame_rate

_OPUS_UNIT_S = Fraction(20, 1000)  # what every encoder makes unless told otherwise
_SHORTEST_UNIT_S, _LONGEST_UNIT_S = Fraction(1, 1000), Fraction(1)


def unit_s(track: Track, samples: Sequence[Sample]) -> Fraction:
    """Find the usual duration in seconds of a track's units from its first samples."""
    if track.video is not None:
        decode_times = [sample.dts for sample in samples]
        return 1 / settle_frame_rate(decode_times, track.video.frame_rate)
    # What comes counts more than what the configuration says: SBR may be signalled implicitly.
    ticks = max((sample.duration for sample in samples), default=0)
    if ticks <= 0 and track.audio is not None:
        ticks = track.audio.samples_per_frame
    if ticks <= 0:
        return _OPUS_UNIT_S
    return min(max(Fraction(ticks, track.timescale), _SHORTEST_UNIT_S), _LONGEST_UNIT_S)


def lies_on_grid(track: Track, samples: Sequence[Sample], unit: Fraction) -> bool:
    """Whether the track's first times are whole units apart, to the tick."""
    if not samples:
        return False
    first = samples[0].dts
    ticks = unit * track.timescale
    return all(
        abs(sample.dts - first - round(index * ticks)) <= 1 for index, sample in enumerate(samples)
    )

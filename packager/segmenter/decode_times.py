"""Decode times of a video part: exactly continuous, whatever the publisher's clock did.

A part begins where the one before ended. Inside it every sample decodes when the publisher says;
the last one lasts until the part's end. So a part whose end was predicted passes a small error to
the first sample of the next, whose duration corrects it. Presentation times never move: the signed
composition offset (ISO/IEC 14496-12 8.8.8, trun version 1) takes up the difference.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ingest.media import Sample
from packager.segmenter.change import FragmentSample


class TimedSample(NamedTuple):
    """A sample and its publisher's decode time, shifted to the Publication's timeline."""

    dts: int
    sample: Sample


def lay_out_part(
    part: Sequence[TimedSample], start_ticks: int, end_ticks: int
) -> tuple[list[FragmentSample], int]:
    """Give the samples of a part their final times; returns them and where the part really ends.

    Every duration is 1 tick or more, even where a part began later than its samples are due: then
    the end may move.
    """
    laid_out = []
    at = start_ticks
    last = len(part) - 1
    for index, (dts, sample) in enumerate(part):
        until = end_ticks if index == last else part[index + 1].dts
        if until <= at:
            until = at + 1
        laid_out.append(
            FragmentSample(
                until - at, dts + sample.pts - sample.dts - at, sample.is_sync, sample.payload
            )
        )
        at = until
    return laid_out, at

"""Bringing renditions to the same segment, by hand: what a killed process left behind."""

import pytest

from packager.cadence import Cadence, LatencyProfile
from packager.segmenter import (
    CadenceChosen,
    Change,
    InitChanged,
    PartCut,
    ResumeError,
    ResumePoint,
    SegmentClosed,
    Segmenter,
    SegmenterSettings,
    SegmentOpened,
)
from tests.packager.segmenter.publisher import audio_track, video_track

VIDEO, AUDIO = video_track(), audio_track()


def left(video_msns: int, audio_msns: int, *, audio_late_s: int = 0) -> ResumePoint:
    """Segments of a part of a second each, the newest ones open."""
    point = ResumePoint()
    point.note(CadenceChosen(Cadence(target_duration_s=2, part_target_ms=1000)))
    for track, count, late_s in ((VIDEO, video_msns, 0), (AUDIO, audio_msns, audio_late_s)):
        point.note(InitChanged(track.name, 1, track))
        for msn in range(1, count + 1):
            point.note(SegmentOpened(track.name, msn, msn * 1000, False, 1))
            point.note(
                PartCut(
                    track.name,
                    msn,
                    index=0,
                    number=msn,
                    decode_time_ticks=(10 + msn - late_s) * track.timescale,
                    duration_ticks=track.timescale,
                    is_independent=True,
                    is_gap=False,
                    samples=(),
                )
            )
            if msn < count:
                point.note(SegmentClosed(track.name, msn))
    return point


def levelled(point: ResumePoint) -> list[Change]:
    return Segmenter(SegmenterSettings(), LatencyProfile.NORMAL).resume(point)


def test_a_rendition_that_stands_behind_gets_the_segments_that_it_lacks() -> None:
    changes = levelled(left(5, 3))
    opened = [change for change in changes if isinstance(change, SegmentOpened)]
    closed = [change for change in changes if isinstance(change, SegmentClosed)]
    assert [(change.rendition, change.msn) for change in opened] == [("audio", 4), ("audio", 5)]
    assert {(change.rendition, change.msn) for change in closed} == {
        ("video", 5),
        ("audio", 3),
        ("audio", 4),
        ("audio", 5),
    }


def test_a_rendition_that_never_began_lacks_nothing() -> None:
    assert levelled(left(500, 0)) == [SegmentClosed("video", 500)]


def test_what_lacks_less_than_a_unit_of_sound_is_no_gap() -> None:
    """A second is 46 units of AAC and 896 ticks: more than half a unit, which was a gap once."""
    cuts = [change for change in levelled(left(5, 3)) if isinstance(change, PartCut)]
    assert [(cut.msn, cut.duration_ticks, len(cut.samples)) for cut in cuts] == [
        (4, 46 * 1024, 46),
        (4, 1024, 1),
        (5, 46 * 1024, 46),
        (5, 1024, 1),
    ]


def test_what_would_take_for_ever_to_fill_is_refused() -> None:
    with pytest.raises(ResumeError, match="97 segments"):
        levelled(left(100, 3))
    with pytest.raises(ResumeError, match="3600 s"):
        levelled(left(3, 3, audio_late_s=3600))

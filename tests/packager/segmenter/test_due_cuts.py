"""Which samples the segmenter says will end parts, held against those that do."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from ingest.media import Codec
from packager.cadence import LatencyProfile
from packager.segmenter import PartCut, Segmenter, SegmenterSettings
from packager.segmenter.due_cut import step_past
from tests.packager.segmenter.publisher import Audio, Source, Video, audio_track, interleaved

NTSC = Fraction(30_000, 1001)


def foretold_and_found(
    *sources: Source, profile: LatencyProfile, seconds: float
) -> tuple[int, int, int]:
    """Count the cuts that were foretold, those that were not, and samples looked for in vain."""
    segmenter = Segmenter(SegmenterSettings(), profile)
    segmenter.start_publisher(100.0, 0)
    foretold = surprising = in_vain = 0
    due_s: Mapping[str, float] = {}
    for arrival in interleaved(*sources, until_s=seconds):
        changes = segmenter.receive(arrival.events, arrival.at_s, 0)
        cut = {change.rendition for change in changes if isinstance(change, PartCut)}
        stands = {due.track: due for due in segmenter.due_cuts()}
        for name in due_s.keys() | cut:
            newest = stands.get(name)
            has_come = (
                newest is not None
                and name in due_s
                and newest.newest_ticks / newest.timescale > due_s[name] - 0.004
            )
            foretold += name in cut and has_come
            surprising += name in cut and name in due_s and not has_come
            in_vain += name not in cut and has_come
        due_s = {name: due.due_ticks / due.timescale for name, due in stands.items()}
    return foretold, surprising, in_vain


@pytest.mark.parametrize("profile", list(LatencyProfile))
@pytest.mark.parametrize("fps", [24, 25, NTSC, 30, 60])
@pytest.mark.parametrize("stamps_ms", [False, True])
def test_pictures_that_end_parts_of_a_steady_show_are_foretold(
    profile: LatencyProfile, fps: Fraction | int, *, stamps_ms: bool
) -> None:
    video = Video(fps=fps, stamps_ms=stamps_ms)
    foretold, surprising, in_vain = foretold_and_found(video, profile=profile, seconds=40)
    assert foretold > 30
    assert surprising <= foretold / 20
    assert in_vain <= foretold / 4


@pytest.mark.parametrize("codec", [Codec.AAC, Codec.OPUS])
def test_sound_that_ends_parts_of_a_radio_show_is_foretold(codec: Codec) -> None:
    unit = 1024 if codec is Codec.AAC else 960
    audio = Audio(unit=unit, track=audio_track(48_000, codec))
    foretold, surprising, in_vain = foretold_and_found(
        audio, profile=LatencyProfile.NORMAL, seconds=20
    )
    assert foretold > 40
    assert (surprising, in_vain) == (0, 0)


def test_sound_that_is_cut_with_the_pictures_is_not_waited_for() -> None:
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    segmenter.start_publisher(100.0, 0)
    waited_for: set[str] = set()
    for arrival in interleaved(Video(), Audio(), until_s=12):
        segmenter.receive(arrival.events, arrival.at_s, 0)
        if arrival.at_s > 105:
            waited_for |= {due.track for due in segmenter.due_cuts()}
    assert waited_for == {"video"}


def test_nothing_is_due_before_anything_is_cut() -> None:
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    assert segmenter.due_cuts() == []
    segmenter.start_publisher(100.0, 0)
    assert segmenter.due_cuts() == []


def test_pictures_that_may_end_a_late_segment_are_all_due() -> None:
    """Of an encoder whose key frames come rarely, the next one may come at any time.

    But for the first picture of a part: there is none to end.
    """
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    segmenter.start_publisher(100.0, 0)
    for arrival in interleaved(Video(gop_s=8), until_s=14):
        segmenter.receive(arrival.events, arrival.at_s, 0)
    (due,) = segmenter.due_cuts()
    assert due.due_ticks - due.newest_ticks <= 2 * 3000


def test_track_that_has_ended_is_not_waited_for() -> None:
    segmenter = Segmenter(SegmenterSettings(), LatencyProfile.NORMAL)
    segmenter.start_publisher(100.0, 0)
    for arrival in interleaved(Video(), Audio(skip_s=[(4, 20)]), until_s=12):
        segmenter.receive(arrival.events, arrival.at_s, 0)
    for tenth in range(30):
        segmenter.tick(112 + tenth / 10, 0)
    assert "video" in {due.track for due in segmenter.due_cuts()}


@pytest.mark.parametrize(
    ("newest", "limit", "expected"),
    [(0, 5, 10), (0, 10, 20), (0, 9, 10), (30, 5, 40), (0, -7, 10)],
)
def test_step_past_is_the_next_whole_unit_behind_the_limit(
    newest: int, limit: int, expected: int
) -> None:
    assert step_past(newest, limit, 10) == expected

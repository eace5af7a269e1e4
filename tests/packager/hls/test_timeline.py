"""What the window lists, what it keeps, and the order it insists on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from packager.cadence import Cadence
from packager.hls import Position, TimelineError, WindowPolicy
from packager.segmenter.change import InitChanged, SegmentClosed, SegmentOpened
from tests.packager.hls.cutter import VIDEO, TimelineCutter

CADENCE = Cadence(target_duration_s=2, part_target_ms=1000)


def listed_msns(cutter: TimelineCutter) -> list[int]:
    return [segment.msn for segment in cutter.timeline.listed]


def test_a_segment_leaves_when_enough_newer_ones_are_complete() -> None:
    cutter = TimelineCutter(CADENCE, WindowPolicy(listed_segments=6, listed_target_durations=3))
    for _ in range(6):
        cutter.segment()
    cutter.open()
    cutter.part()
    assert listed_msns(cutter) == [1, 2, 3, 4, 5, 6]
    cutter.part()
    cutter.close()
    assert listed_msns(cutter) == [2, 3, 4, 5, 6, 7]
    assert cutter.timeline.media_sequence == 2


def test_short_segments_stay_until_newer_ones_last_the_target_durations() -> None:
    cutter = TimelineCutter(CADENCE, WindowPolicy(listed_segments=6, listed_target_durations=4))
    for _ in range(16):
        cutter.segment(part_count=1, part_ticks=45_000)
    assert listed_msns(cutter) == list(range(1, 17))
    cutter.segment(part_count=1, part_ticks=45_000)
    assert listed_msns(cutter) == list(range(2, 18))


def test_discontinuity_sequence_counts_the_discontinuities_that_left() -> None:
    cutter = TimelineCutter(CADENCE, WindowPolicy(listed_segments=6))
    for msn in range(1, 13):
        cutter.segment(is_discontinuous=msn in (2, 4, 9))
    assert listed_msns(cutter)[0] == 7
    assert cutter.timeline.discontinuity_sequence == 2


def test_a_late_rendition_counts_discontinuities_from_those_before_it() -> None:
    cutter = TimelineCutter(CADENCE, first_msn=40)
    cutter.timeline = cutter.timeline.after_discontinuities(3)
    cutter.segment(is_discontinuous=True)
    assert cutter.timeline.discontinuity_sequence == 3
    assert cutter.timeline.media_sequence == 40
    with pytest.raises(TimelineError, match="has begun at segment 40"):
        cutter.timeline.after_discontinuities(1)


def test_a_removed_segment_is_kept_for_its_duration_and_that_of_the_longest_playlist() -> None:
    cutter = TimelineCutter(CADENCE, WindowPolicy(listed_segments=6))
    for _ in range(7):
        cutter.segment()
    # Segment 1 left at 14 s; the playlist was 14 s long then, the segment is 2 s: until 30 s.
    while cutter.timeline.end_us < 28_000_000:
        cutter.segment()
        assert cutter.timeline.find(1) is not None
        assert cutter.timeline.oldest_part_number == 1
    cutter.segment()
    assert cutter.timeline.find(1) is None
    assert cutter.timeline.find(2) is not None
    assert cutter.timeline.oldest_part_number == 3


def test_inits_are_kept_as_long_as_a_segment_needs_them() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    cutter.use_init()
    while cutter.timeline.find(1) is not None:
        assert [init.number for init in cutter.timeline.inits] == [1, 2]
        cutter.segment()
    assert [init.number for init in cutter.timeline.inits] == [2]


def test_nothing_is_found_that_is_not_complete() -> None:
    cutter = TimelineCutter(CADENCE)
    assert cutter.timeline.find(1) is None
    assert cutter.timeline.oldest_part_number == 1
    cutter.open()
    assert cutter.timeline.oldest_part_number == 1
    cutter.part()
    assert cutter.timeline.find(1) is None
    cutter.close()
    assert cutter.timeline.find(1) == cutter.timeline.listed[0]
    assert cutter.timeline.find(0) is None
    assert cutter.timeline.find(2) is None


def test_parts_of_a_segment_are_listed_while_any_is_within_three_target_durations() -> None:
    cutter = TimelineCutter(CADENCE)
    for _ in range(4):
        cutter.segment()
    from_us = cutter.timeline.parts_listed_from_us
    assert [segment.end_us >= from_us for segment in cutter.timeline.listed] == [True] * 4
    cutter.open()
    cutter.part()
    from_us = cutter.timeline.parts_listed_from_us
    assert [segment.end_us >= from_us for segment in cutter.timeline.listed] == [False] + [True] * 3


def test_positions_follow_parts_and_segments() -> None:
    cutter = TimelineCutter(CADENCE, first_msn=5)
    assert cutter.timeline.media_sequence == 0
    assert cutter.timeline.last_msn is None
    assert cutter.timeline.last_part is None
    assert not cutter.timeline.has_reached(Position(5, 0))
    cutter.open()
    assert cutter.timeline.media_sequence == 5
    assert cutter.timeline.last_msn == 5
    assert cutter.timeline.last_part is None
    cutter.part()
    assert cutter.timeline.last_part == Position(5, 0)
    assert cutter.timeline.has_reached(Position(5, 0))
    assert not cutter.timeline.has_reached(Position(5, None))
    cutter.close()
    assert cutter.timeline.last_part == Position(5, 0)
    assert cutter.timeline.has_reached(Position(5, None))
    cutter.open()
    assert cutter.timeline.last_msn == 6
    assert cutter.timeline.last_part == Position(5, 0)


def test_an_ended_timeline_has_reached_everything_and_takes_nothing_more() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    cutter.open()
    ended = cutter.timeline.end()
    assert ended.open is None
    assert [segment.msn for segment in ended.listed] == [1]
    assert ended.has_reached(Position(99, 99))
    with pytest.raises(TimelineError, match="has ended"):
        ended.append(SegmentClosed(VIDEO.name, 2))


def test_a_timeline_without_segments_can_end() -> None:
    ended = TimelineCutter(CADENCE).timeline.end()
    assert ended.is_ended
    assert ended.listed == ()


def test_a_change_leaves_the_timeline_before_it_alone() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    before = cutter.timeline
    copy = replace(before)
    cutter.open()
    cutter.part()
    assert before == copy
    assert cutter.timeline != before


def part_without_a_segment(cutter: TimelineCutter) -> None:
    cutter.part()


def part_of_another_segment(cutter: TimelineCutter) -> None:
    cutter.open()
    cutter.msn += 1
    cutter.part()


def part_number_with_a_hole(cutter: TimelineCutter) -> None:
    cutter.open()
    cutter.part_number += 1
    cutter.part()


def part_index_with_a_hole(cutter: TimelineCutter) -> None:
    cutter.open()
    cutter.part_index += 1
    cutter.part()


def segment_within_a_segment(cutter: TimelineCutter) -> None:
    cutter.open()
    cutter.open()


def segment_number_with_a_hole(cutter: TimelineCutter) -> None:
    cutter.segment()
    cutter.msn += 1
    cutter.open()


def segment_of_an_unknown_init(cutter: TimelineCutter) -> None:
    cutter.init_number += 1
    cutter.open()


def closing_without_parts(cutter: TimelineCutter) -> None:
    cutter.open()
    cutter.close()


def closing_another_segment(cutter: TimelineCutter) -> None:
    cutter.open()
    cutter.part()
    cutter.msn += 1
    cutter.close()


def closing_nothing(cutter: TimelineCutter) -> None:
    cutter.close()


@pytest.mark.parametrize(
    "step",
    [
        part_without_a_segment,
        part_of_another_segment,
        part_number_with_a_hole,
        part_index_with_a_hole,
        segment_within_a_segment,
        segment_number_with_a_hole,
        segment_of_an_unknown_init,
        closing_without_parts,
        closing_another_segment,
        closing_nothing,
    ],
    ids=lambda step: step.__name__,
)
def test_changes_out_of_order_are_refused(step: Callable[[TimelineCutter], None]) -> None:
    with pytest.raises(TimelineError):
        step(TimelineCutter(CADENCE))


def test_an_init_of_another_timescale_counts_its_own_ticks() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    cutter.timeline = cutter.timeline.append(
        InitChanged(VIDEO.name, 2, replace(VIDEO, timescale=48_000))
    )
    cutter.timeline = cutter.timeline.append(SegmentOpened(VIDEO.name, 2, 0, True, 2))
    cutter.ticks, cutter.part_index = 12 * 48_000, 0
    cutter.part(48_000)
    assert cutter.timeline.open is not None
    assert cutter.timeline.open.duration_us == 1_000_000


@pytest.mark.parametrize(
    ("segments", "target_durations", "text"),
    [(5, 4, "listed_segments: expected 6 or more"), (6, 2, "expected 3 or more, got 2")],
)
def test_a_window_too_short_for_players_is_refused(
    segments: int, target_durations: int, text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        WindowPolicy(segments, target_durations)

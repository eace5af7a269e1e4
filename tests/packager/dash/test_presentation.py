"""What a manifest lists: segments before they are complete, periods, the window, the end."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import Track
from packager.cadence import Cadence
from packager.dash import Manifest, Presentation, PresentationError, SegmentTime
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened
from tests.packager.dash.segment_times import listed_times
from tests.packager.hls.cutter import AUDIO, START_S, START_UNIX_MS, VIDEO, Cutter

CADENCE = Cadence(target_duration_s=2, part_target_ms=1000)
WINDOW_MS = 12_000
SLACK_TICKS = 4_500  # 50 ms of video


class Show:
    """A presentation, fed by one cutter for each rendition."""

    def __init__(self, *tracks: Track) -> None:
        self.presentation = Presentation()
        self.first_listed_msn = 1
        self.cutters = {track.name: Cutter(self.emit, track) for track in tracks}

    def emit(self, change: object) -> None:
        match change:
            case InitChanged():
                self.presentation.add_init(change)
            case SegmentOpened():
                self.presentation.open_segment(change, CADENCE)
            case PartCut():
                self.presentation.add_part(change)
            case SegmentClosed():
                self.presentation.close_segment(change, self.first_listed_msn)

    def segment(self, *, is_discontinuous: bool = False) -> None:
        for cutter in self.cutters.values():
            cutter.segment(is_discontinuous=is_discontinuous)

    def manifest(self, *, goes_on: bool = True, is_ended: bool = False) -> Manifest:
        manifest = self.manifest_or_none(goes_on=goes_on, is_ended=is_ended)
        assert manifest is not None
        return manifest

    def manifest_or_none(self, *, goes_on: bool = True, is_ended: bool = False) -> Manifest | None:
        return self.presentation.manifest(
            CADENCE,
            WINDOW_MS,
            dict.fromkeys(self.cutters, 1_000_000),
            goes_on=goes_on,
            is_ended=is_ended,
        )

    def times(self, *, goes_on: bool = True) -> tuple[SegmentTime, ...]:
        """The segments of the first rendition in the newest period."""
        return listed_times(self.manifest(goes_on=goes_on).periods[-1].representations[0].times)


def test_there_is_nothing_to_say_before_the_first_part() -> None:
    show = Show(VIDEO)
    show.cutters["video"].open()
    arguments = (CADENCE, WINDOW_MS, {"video": 1})
    assert show.presentation.manifest(*arguments, goes_on=True, is_ended=False) is None
    show.cutters["video"].part()
    assert show.presentation.manifest(*arguments, goes_on=True, is_ended=False) is not None


def test_period_begins_when_its_first_part_was_received() -> None:
    show = Show(VIDEO, AUDIO)
    show.segment()
    manifest = show.manifest()
    (period,) = manifest.periods
    assert period.start_unix_ms == START_UNIX_MS
    assert manifest.start_ms(period) == START_UNIX_MS - manifest.zero_unix_ms
    assert [one.presentation_offset_ticks for one in period.representations] == [900_000, 480_000]


def test_open_segment_and_the_next_are_listed_as_long_as_those_before() -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    show.segment()
    video.open()
    assert show.times() == (
        SegmentTime(900_000, 180_000),
        SegmentTime(1_080_000, 180_000 + SLACK_TICKS),
        SegmentTime(1_260_000 + SLACK_TICKS, 180_000 + SLACK_TICKS),
    )
    video.part()
    video.part()
    video.close()
    assert show.times() == (SegmentTime(900_000, 180_000), SegmentTime(1_080_000, 180_000))


def test_first_segment_is_expected_to_last_a_target_duration() -> None:
    show = Show(VIDEO)
    show.cutters["video"].open()
    show.cutters["video"].part(90_000)
    assert show.times()[0] == SegmentTime(900_000, 180_000 + SLACK_TICKS)


def test_publisher_that_comes_back_is_expected_to_send_segments_as_before() -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    show.segment()
    video.open(is_discontinuous=True)
    video.part(45_000)
    assert show.times()[0].duration_ticks == 180_000 + SLACK_TICKS


def test_segments_may_be_asked_for_a_part_after_their_beginning() -> None:
    show = Show(VIDEO, AUDIO)
    show.segment()
    manifest = show.manifest()
    assert (manifest.periods[0].early_ms, manifest.longest_ms) == (1050, 2050)


def test_short_segments_are_not_offered_before_they_begin() -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    video.open()
    video.part(72_000)
    video.part(72_000)
    video.close()
    assert show.manifest().periods[0].early_ms == 650


def test_what_was_said_of_a_period_stays_when_its_segments_change() -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    show.segment()
    early_ms = show.manifest().periods[0].early_ms
    for _ in range(3):
        video.open()
        video.part(72_000)
        video.part(72_000)
        video.close()
    assert show.manifest().periods[0].early_ms == early_ms
    other = Presentation()
    other.add_init(InitChanged("video", 1, VIDEO))
    other.recall(show.presentation.remember())
    assert other.remember() == show.presentation.remember()


def test_segment_without_a_keyframe_ends_the_promise_of_them() -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    show.segment()
    assert show.manifest().periods[0].representations[0].starts_with_sync
    video.open()
    version = show.presentation.version
    video.part(is_independent=False)
    assert show.presentation.version > version
    assert not show.manifest().periods[0].representations[0].starts_with_sync


def test_segment_that_lasts_longer_than_expected_is_corrected_once() -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    show.segment()
    video.open()
    versions = []
    for _ in range(4):
        video.part(60_000)
        versions.append(show.presentation.version)
    assert versions[0] == versions[1] == versions[2]
    assert versions[3] == versions[2] + 1
    assert show.times(goes_on=False)[-1].duration_ticks == 240_000 * 3 // 2
    assert show.manifest().longest_ms == 2050
    video.close()
    assert show.manifest().longest_ms == 2667
    show.first_listed_msn = 3
    show.segment()
    assert show.manifest().longest_ms == 2667


def test_part_that_changes_nothing_in_the_manifest_makes_no_version() -> None:
    show = Show(VIDEO, AUDIO)
    show.segment()
    for cutter in show.cutters.values():
        cutter.open()
    version = show.presentation.version
    for cutter in show.cutters.values():
        cutter.part()
        cutter.part()
    assert show.presentation.version == version


def test_discontinuity_begins_a_period_at_its_own_moment() -> None:
    show = Show(VIDEO, AUDIO)
    show.segment()
    for cutter in show.cutters.values():
        cutter.ticks += 5 * cutter.track.timescale
    show.segment(is_discontinuous=True)
    first, second = show.manifest().periods
    assert (first.period_id, second.period_id) == ("p1", "p2")
    assert second.start_unix_ms == START_UNIX_MS + 7000
    for representation in second.representations:
        timescale = representation.track.timescale
        assert representation.start_number == 2
        assert representation.presentation_offset_ticks == (START_S + 7) * timescale
        assert listed_times(representation.times) == (
            SegmentTime((START_S + 7) * timescale, 2 * timescale),
        )


def test_period_waits_until_every_rendition_has_media_in_it() -> None:
    show = Show(VIDEO, AUDIO)
    show.segment()
    show.cutters["video"].segment(is_discontinuous=True)
    assert [period.period_id for period in show.manifest().periods] == ["p1"]
    show.cutters["audio"].segment(is_discontinuous=True)
    assert [period.period_id for period in show.manifest().periods] == ["p1", "p2"]


def test_rendition_that_joins_late_begins_a_period() -> None:
    show = Show(VIDEO)
    show.segment()
    show.segment()
    show.cutters["audio"] = Cutter(show.emit, AUDIO, first_msn=2)
    show.cutters["audio"].ticks += 2 * AUDIO.timescale
    show.cutters["audio"].segment()
    show.segment()
    periods = show.manifest().periods
    assert [[one.name for one in period.representations] for period in periods] == [
        ["video"],
        ["video", "audio"],
    ]
    assert [one.start_number for one in periods[1].representations] == [3, 3]


def test_rendition_that_joins_at_a_break_is_in_its_period_from_its_first_part_on() -> None:
    show = Show(VIDEO)
    show.segment()
    show.cutters["audio"] = Cutter(show.emit, AUDIO, first_msn=2)
    for cutter in show.cutters.values():
        cutter.open(is_discontinuous=True)
    show.cutters["video"].part()
    assert [period.period_id for period in show.manifest().periods] == ["p1"]
    show.cutters["audio"].part()
    _, second = show.manifest().periods
    assert [one.name for one in second.representations] == ["video", "audio"]


def test_rendition_that_joins_a_period_already_shown_waits_for_the_next() -> None:
    show = Show(VIDEO)
    show.segment()
    video = show.cutters["video"]
    video.open(is_discontinuous=True)
    video.part()
    assert show.manifest().periods[-1].period_id == "p2"
    audio = show.cutters["audio"] = Cutter(show.emit, AUDIO, first_msn=2)
    audio.open(is_discontinuous=True)
    audio.part()
    audio.part()
    video.part()
    for cutter in show.cutters.values():
        cutter.close()
    show.segment()
    assert [
        (period.period_id, [one.name for one in period.representations])
        for period in show.manifest().periods
    ] == [("p1", ["video"]), ("p2", ["video"]), ("p3", ["video", "audio"])]


def test_what_left_the_window_is_forgotten_with_its_period_and_its_track() -> None:
    show = Show(VIDEO)
    show.segment()
    show.cutters["video"].use_init()
    show.segment(is_discontinuous=True)
    show.first_listed_msn = 2
    show.segment()
    (period,) = show.manifest().periods
    (representation,) = period.representations
    assert period.period_id == "p2"
    assert (representation.start_number, representation.init_number) == (2, 2)
    assert list(show.presentation._renditions["video"].tracks) == [2]


def test_period_whose_beginning_left_the_window_keeps_its_start() -> None:
    show = Show(VIDEO)
    for _ in range(3):
        show.segment()
    before = show.manifest().periods[0]
    show.first_listed_msn = 3
    show.segment()
    after = show.manifest().periods[0]
    assert after.start_unix_ms == before.start_unix_ms
    assert (
        after.representations[0].presentation_offset_ticks
        == before.representations[0].presentation_offset_ticks
    )
    assert after.representations[0].start_number == 3


def test_interrupted_show_lists_no_segment_after_the_open_one() -> None:
    show = Show(VIDEO)
    show.segment()
    show.cutters["video"].open()
    show.cutters["video"].part()
    assert len(show.times(goes_on=True)) == 3
    assert len(show.times(goes_on=False)) == 2


def test_end_lists_the_media_that_is_there() -> None:
    show = Show(VIDEO, AUDIO)
    show.segment()
    for cutter in show.cutters.values():
        cutter.open()
    show.cutters["video"].part()
    show.presentation.end()
    video, audio = show.manifest(goes_on=False, is_ended=True).periods[0].representations
    assert listed_times(video.times) == (
        SegmentTime(900_000, 180_000),
        SegmentTime(1_080_000, 90_000),
    )
    assert listed_times(audio.times) == (SegmentTime(480_000, 96_000),)


def test_bandwidth_stays_what_it_was_when_the_period_was_first_shown() -> None:
    show = Show(VIDEO)
    show.segment()
    show.manifest()
    later = show.presentation.manifest(
        CADENCE, WINDOW_MS, {"video": 9_999_999}, goes_on=True, is_ended=False
    )
    assert later is not None
    assert later.periods[0].representations[0].bandwidth_bps == 1_000_000


def test_two_versions_never_have_the_same_time() -> None:
    show = Show(VIDEO)
    show.segment()
    first = show.manifest().published_unix_ms
    show.presentation.note_state()
    second = show.manifest().published_unix_ms
    show.presentation.note_state()
    assert first < second < show.manifest().published_unix_ms


def test_dates_go_on_after_what_an_earlier_process_may_have_said() -> None:
    show = Show(VIDEO)
    show.segment()
    before = show.manifest().published_unix_ms
    show.presentation.publish_after(before + 3_000)
    assert show.manifest().published_unix_ms == before + 3_001
    show.segment()
    show.segment()
    show.segment()
    assert show.manifest().published_unix_ms == before + 6_000


def test_changes_out_of_order_are_refused() -> None:
    presentation = Presentation()
    with pytest.raises(PresentationError, match="init of rendition video"):
        presentation.open_segment(SegmentOpened("video", 1, 0, False, 1), CADENCE)
    presentation.add_init(InitChanged("video", 1, VIDEO))
    with pytest.raises(PresentationError, match="outside of any segment"):
        presentation.add_part(PartCut("video", 1, 0, 1, 0, 1, True, False, ()))
    with pytest.raises(PresentationError, match="no segment to close"):
        presentation.close_segment(SegmentClosed("video", 1), 1)


segments = st.lists(
    st.tuples(
        st.lists(st.integers(3_000, 90_000), min_size=1, max_size=5),  # parts
        st.sampled_from([False, False, False, True]),  # a break before it
        st.integers(0, 900_000),  # how long the break is
    ),
    min_size=1,
    max_size=12,
)


@given(segments)
@settings(deadline=None)
def test_whatever_is_cut_each_complete_segment_is_listed_with_its_own_times(
    cut: list[tuple[list[int], bool, int]],
) -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    true_times: dict[int, SegmentTime] = {}
    published_unix_ms = 0
    for index, (parts, wants_break, break_ticks) in enumerate(cut):
        is_discontinuous = wants_break and index > 0
        if is_discontinuous:
            video.ticks += break_ticks
        start_ticks = video.ticks
        video.open(is_discontinuous=is_discontinuous)
        for ticks in parts:
            video.part(ticks)
            manifest = show.manifest()
            assert manifest.published_unix_ms >= published_unix_ms
            published_unix_ms = manifest.published_unix_ms
        true_times[video.msn] = SegmentTime(start_ticks, video.ticks - start_ticks)
        video.close()
    listed: dict[int, SegmentTime] = {}
    for period in show.manifest().periods:
        (representation,) = period.representations
        listed |= dict(enumerate(listed_times(representation.times), representation.start_number))
        offset_s = Fraction(representation.presentation_offset_ticks, VIDEO.timescale)
        since_start_s = offset_s - Fraction(START_S)
        assert period.start_unix_ms == START_UNIX_MS + int(since_start_s * 1000)
    assert listed == true_times


@given(segments, st.integers(1, 4), st.lists(st.booleans(), min_size=12, max_size=12))
@settings(deadline=None)
def test_it_says_the_same_whether_it_was_asked_often_or_seldom(
    cut: list[tuple[list[int], bool, int]], window: int, asks: list[bool]
) -> None:
    asked, silent = Show(VIDEO, AUDIO), Show(VIDEO, AUDIO)
    for index, (parts, wants_break, _) in enumerate(cut):
        for show in (asked, silent):
            show.first_listed_msn = max(1, index + 1 - window)
            for cutter in show.cutters.values():
                cutter.open(is_discontinuous=wants_break and index > 0)
            for ticks in parts:
                for cutter in show.cutters.values():
                    cutter.part(ticks)
                    if asks[index] and show is asked:
                        show.manifest_or_none()
            for cutter in show.cutters.values():
                cutter.close()
    shown = [
        [
            (
                (period.period_id, period.start_unix_ms, each.name),
                (each.start_number, each.init_number),
                listed_times(each.times),
            )
            for period in show.manifest().periods
            for each in period.representations
        ]
        for show in (asked, silent)
    ]
    assert shown[0] == shown[1]


@given(segments)
@settings(deadline=None)
def test_the_open_segment_is_never_listed_shorter_than_its_media(
    cut: list[tuple[list[int], bool, int]],
) -> None:
    show = Show(VIDEO)
    video = show.cutters["video"]
    for parts, _, _ in cut:
        start_ticks = video.ticks
        video.open()
        for ticks in parts:
            video.part(ticks)
            *_, growing, following = show.times()
            assert growing.start_ticks == start_ticks
            assert growing.duration_ticks >= video.ticks - start_ticks
            assert following.start_ticks == growing.start_ticks + growing.duration_ticks
        video.close()

"""What a player that reads every version of a playlist may rely on (rfc8216bis 6.2.1, 6.2.2)."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from packager.hls import MediaPlaylistWriter, RenditionReport, Timeline, render_media_playlist
from tests.packager.hls.histories import CADENCE, histories
from tests.packager.hls.playlist_reader import ReadPlaylist, merge_delta, read_playlist

TARGET_US = CADENCE.target_duration_s * 1_000_000
EXAMPLES = settings(deadline=None, max_examples=60)


def read_all(history: list[Timeline]) -> list[ReadPlaylist]:
    return [read_playlist(render_media_playlist(timeline)) for timeline in history]


@EXAMPLES
@given(histories())
def test_every_playlist_is_valid_by_itself(history: list[Timeline]) -> None:
    for playlist in read_all(history):
        assert playlist.target_duration_s == CADENCE.target_duration_s
        assert playlist.version == 6
        assert [segment.msn for segment in playlist.segments] == list(
            range(playlist.media_sequence, playlist.media_sequence + len(playlist.segments))
        )
        for segment in playlist.segments:
            assert segment.map_uri is not None
            assert segment.date_time is not None
            assert all(part.duration_us <= playlist.part_target_us for part in segment.parts)
            if segment.uri is not None and segment.parts:
                assert sum(part.duration_us for part in segment.parts) == segment.duration_us
                gaps = ["GAP=YES" in part.attributes for part in segment.parts]
                assert segment.is_gap == all(gaps)
        assert playlist.is_ended == (not playlist.hints)


@EXAMPLES
@given(histories())
def test_nothing_once_said_is_changed(history: list[Timeline]) -> None:
    for before, after in pairwise(read_all(history)):
        assert after.server_control == before.server_control
        assert after.part_target_us == before.part_target_us
        if not before.segments:
            continue
        assert after.media_sequence >= before.media_sequence
        now = {segment.msn: segment for segment in after.segments}
        for segment in before.segments:
            if segment.msn < after.media_sequence:
                continue
            same = now[segment.msn]
            assert same.discontinuity_sequence == segment.discontinuity_sequence
            assert same.map_uri == segment.map_uri
            assert same.date_time == segment.date_time
            assert same.parts[: len(segment.parts)] == segment.parts or not same.parts
            if segment.uri is not None:
                assert same.uri == segment.uri
                assert same.duration_us == segment.duration_us
                assert same.is_gap == segment.is_gap


@EXAMPLES
@given(histories())
def test_a_hinted_part_is_always_the_next_part(history: list[Timeline]) -> None:
    for before, after in pairwise(read_all(history)):
        known = {part.uri for segment in before.segments for part in segment.parts}
        latest = [part.uri for segment in after.segments for part in segment.parts]
        if after.hints.get("PART") != before.hints.get("PART") and not after.is_ended:
            assert latest[-1] == before.hints["PART"]
            assert latest[-1] not in known
            assert "MAP" not in before.hints or (after.segments[-1].map_uri == before.hints["MAP"])


@EXAMPLES
@given(histories())
def test_the_window_is_long_enough_and_no_longer(history: list[Timeline]) -> None:
    for timeline, playlist in zip(history, read_all(history), strict=True):
        complete = playlist.complete
        policy = timeline.policy
        durations = [segment.duration_us for segment in complete]
        if complete and timeline.find(complete[0].msn - 1) is not None:
            assert len(complete) >= policy.listed_segments
            assert sum(durations) >= policy.listed_target_durations * TARGET_US >= 3 * TARGET_US
        newer_us = sum(durations[1:])
        assert (
            len(complete) <= policy.listed_segments
            or newer_us < policy.listed_target_durations * TARGET_US
        )


@EXAMPLES
@given(histories())
def test_parts_are_listed_for_the_last_three_target_durations(history: list[Timeline]) -> None:
    for playlist in read_all(history):
        distance_us = playlist.duration_us
        for segment in playlist.complete:
            distance_us -= segment.duration_us
            assert bool(segment.parts) == (distance_us <= 3 * TARGET_US)


@EXAMPLES
@given(histories())
def test_what_leaves_the_playlist_can_be_fetched_as_long_as_the_draft_asks(
    history: list[Timeline],
) -> None:
    playlists = read_all(history)
    longest_us: dict[int, int] = {}  # by msn, of the playlists that listed it
    due_us: dict[int, int] = {}
    media_us = 0
    for (before, after), timeline in zip(pairwise(playlists), history[1:], strict=True):
        for segment in before.complete:
            longest_us[segment.msn] = max(longest_us.get(segment.msn, 0), before.duration_us)
        media_us += timeline.end_us - media_us
        for segment in before.complete:
            if segment.msn < after.media_sequence:
                due_us[segment.msn] = media_us + segment.duration_us + longest_us[segment.msn]
        for msn, until_us in due_us.items():
            if media_us < until_us:
                assert timeline.find(msn) is not None
        # And for not much longer: memory is bounded by the window.
        kept_us = timeline.end_us - (
            timeline.removed[0].segment.start_us if timeline.removed else timeline.end_us
        )
        assert kept_us <= 3 * timeline.longest_us + 3 * TARGET_US


@EXAMPLES
@given(histories())
def test_a_delta_update_and_the_playlist_before_make_the_full_playlist(
    history: list[Timeline],
) -> None:
    for before, after in pairwise(history):
        delta = read_playlist(render_media_playlist(after, is_delta=True))
        full = read_playlist(render_media_playlist(after))
        if not delta.skipped:
            assert delta == full
            continue
        assert delta.version == 9
        assert merge_delta(read_playlist(render_media_playlist(before)), delta) == full
        last_us = sum(segment.duration_us for segment in delta.complete)
        assert last_us >= CADENCE.can_skip_until_s * 1_000_000


@EXAMPLES
@given(histories(), st.data())
def test_a_writer_that_wrote_earlier_versions_writes_what_a_new_one_does(
    history: list[Timeline], data: st.DataObject
) -> None:
    writer = MediaPlaylistWriter()
    for timeline in history:
        for is_delta in data.draw(st.sampled_from(([], [False], [True], [True, False]))):
            reports = [RenditionReport("audio", timeline.next_part_number, 0)]
            text = "".join(writer.write(timeline, reports, is_delta=is_delta))
            assert text == render_media_playlist(timeline, reports, is_delta=is_delta)

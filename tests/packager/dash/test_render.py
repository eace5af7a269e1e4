"""The MPD as text: what players look for, and numbers that come back as they were."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import AudioFormat, Track, VideoFormat
from packager.cadence import Cadence
from packager.dash import (
    Manifest,
    ManifestWriter,
    Period,
    Representation,
    SegmentTime,
    as_recording,
    follow_query,
    latency_target_ms,
    list_times,
    render_manifest,
)
from tests.packager.dash.segment_times import times_of
from tests.packager.hls.cutter import AUDIO, VIDEO

START_UNIX_MS = 1_790_000_010_123
MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def representation(
    track: Track = VIDEO, times: tuple[SegmentTime, ...] | None = None, start_number: int = 7
) -> Representation:
    scale = track.timescale
    return Representation(
        name=track.name,
        track=track,
        codecs="avc1.4d401f" if track.video else "mp4a.40.2",
        bandwidth_bps=1_234_567,
        init_number=3,
        presentation_offset_ticks=10 * scale,
        start_number=start_number,
        times=list_times(
            times or (SegmentTime(10 * scale, 2 * scale), SegmentTime(12 * scale, 2 * scale))
        ),
        starts_with_sync=True,
    )


def period(*representations: Representation, early_ms: int = 1656) -> Period:
    return Period(
        period_id="p7",
        start_unix_ms=START_UNIX_MS,
        early_ms=early_ms,
        representations=representations or (representation(VIDEO), representation(AUDIO)),
    )


def manifest(*periods: Period, part_target_ms: int = 344, is_ended: bool = False) -> Manifest:
    return Manifest(
        cadence=Cadence(target_duration_s=2, part_target_ms=part_target_ms),
        published_unix_ms=START_UNIX_MS + 4_007,
        window_ms=12_000,
        longest_ms=2000,
        periods=periods or (period(),),
        is_ended=is_ended,
    )


def parsed(shown: Manifest) -> ET.Element:
    return ET.fromstring(render_manifest(shown, "e1"))  # noqa: S314 - our own text


def all_of(root: ET.Element, name: str) -> list[ET.Element]:
    return list(root.iter(MPD + name))


def test_live_manifest_says_when_where_and_how_often_to_look() -> None:
    root = parsed(manifest())
    assert root.tag == MPD + "MPD"
    expected = {
        "type": "dynamic",
        "availabilityStartTime": "1960-01-01T00:00:00.000Z",
        "publishTime": "2026-09-21T14:13:34.130Z",
        "minimumUpdatePeriod": "PT1.000S",
        "timeShiftBufferDepth": "PT12.000S",
        "maxSegmentDuration": "PT2.000S",
        "minBufferTime": "PT0.344S",
        "suggestedPresentationDelay": "PT0.306S",
    }
    assert {name: root.get(name) for name in expected} == expected
    assert root.get("mediaPresentationDuration") is None


def test_clock_is_our_own() -> None:
    last = list(parsed(manifest()))[-1]
    assert last.tag == MPD + "UTCTiming"
    assert last.attrib == {
        "schemeIdUri": "urn:mpeg:dash:utc:http-xsdate:2014",
        "value": "time",
    }


@pytest.mark.parametrize(("part_target_ms", "target_ms"), [(200, 1000), (344, 1032), (1000, 3000)])
def test_latency_target_is_three_parts_and_never_less_than_a_second(
    part_target_ms: int, target_ms: int
) -> None:
    assert latency_target_ms(part_target_ms) == target_ms
    (latency,) = all_of(parsed(manifest(part_target_ms=part_target_ms)), "Latency")
    assert latency.attrib == {
        "referenceId": "0",
        "target": str(target_ms),
        "min": str(target_ms * 3 // 4),
        "max": str(target_ms * 2),
    }


def test_every_representation_may_be_asked_for_before_it_is_complete() -> None:
    root = parsed(manifest(period(early_ms=1656)))
    templates = all_of(root, "SegmentTemplate")
    assert len(templates) == len(all_of(root, "Representation")) == 2
    for template in templates:
        assert template.get("availabilityTimeOffset") == "1.656"
        assert template.get("availabilityTimeComplete") == "false"


def test_addresses_are_those_of_the_same_segments_in_hls() -> None:
    video, audio = all_of(parsed(manifest()), "SegmentTemplate")
    assert video.get("startNumber") == "7"
    assert video.get("initialization") == "e1/video/init-3.mp4"
    assert video.get("media") == "e1/video/segment-$Number$.m4s"
    assert audio.get("media") == "e1/audio/segment-$Number$.m4s"


def test_video_and_audio_are_described_for_the_choice() -> None:
    picture = VideoFormat(1280, 720, sample_aspect=(4, 3), frame_rate=Fraction(30_000, 1001))
    video = replace(VIDEO, video=picture)
    sound = AudioFormat(48_000, 6, 1024)
    audio = replace(AUDIO, audio=sound, language="de-AT")
    root = parsed(manifest(period(representation(video), representation(audio))))
    first, second = all_of(root, "Representation")
    assert (first.get("width"), first.get("height"), first.get("sar")) == ("1280", "720", "4:3")
    assert first.get("frameRate") == "30000/1001"
    assert (first.get("mimeType"), first.get("bandwidth")) == ("video/mp4", "1234567")
    assert second.get("audioSamplingRate") == "48000"
    (configuration,) = all_of(root, "AudioChannelConfiguration")
    assert configuration.get("value") == "6"
    sets = all_of(root, "AdaptationSet")
    assert [one.get("contentType") for one in sets] == ["video", "audio"]
    assert sets[1].get("lang") == "de-AT"


@pytest.mark.parametrize("language", ["", "de_AT", '"/><evil', "extraordinary"])
def test_language_that_is_no_language_tag_is_undetermined(language: str) -> None:
    audio = replace(AUDIO, language=language)
    (audio_set,) = all_of(parsed(manifest(period(representation(audio)))), "AdaptationSet")
    assert audio_set.get("lang") == "und"


def test_videos_of_one_codec_are_a_choice_and_sound_tracks_are_not() -> None:
    small = replace(VIDEO, name="video2", track_id=1, video=VideoFormat(640, 360))
    other = replace(AUDIO, name="audio2", track_id=1)
    tracks = (VIDEO, small, AUDIO, other)
    root = parsed(manifest(period(*map(representation, tracks))))
    sets = all_of(root, "AdaptationSet")
    assert [
        [one.get("id") for one in members.iter(MPD + "Representation")] for members in sets
    ] == [
        ["video", "video2"],
        ["audio"],
        ["audio2"],
    ]
    assert sets[0].get("maxWidth") == "1280"
    assert [role.get("value") for role in all_of(root, "Role")] == ["main", "main", "alternate"]
    assert len({one.get("id") for one in sets}) == 3


def test_producer_times_say_when_a_period_and_its_newest_segment_began() -> None:
    root = parsed(manifest(period(), replace(period(), period_id="p9")))
    for shown in all_of(root, "Period"):
        video, audio = shown.iter(MPD + "AdaptationSet")
        for members, timescale in ((video, 90_000), (audio, 48_000)):
            first, newest = members.iter(MPD + "ProducerReferenceTime")
            assert (first.get("id"), first.get("inband")) == ("0", "true")
            assert first.get("wallClockTime") == "2026-09-21T14:13:30.123Z"
            assert first.get("presentationTime") == str(10 * timescale)
            assert newest.get("wallClockTime") == "2026-09-21T14:13:32.123Z"
            assert newest.get("presentationTime") == str(12 * timescale)


def test_shaka_begins_two_thirds_of_a_second_behind_whatever_segments_last() -> None:
    for early_ms, delay in ((1656, "PT0.306S"), (1300, "PT0.000S")):
        root = parsed(manifest(period(early_ms=early_ms)))
        assert root.get("suggestedPresentationDelay") == delay


def test_keyframes_are_promised_of_those_sets_that_have_them() -> None:
    video = replace(representation(VIDEO), starts_with_sync=False)
    root = parsed(manifest(period(video, representation(AUDIO))))
    first, second = all_of(root, "AdaptationSet")
    assert first.get("startWithSAP") is None
    assert second.get("startWithSAP") == "1"


def test_ended_manifest_is_static_and_says_how_long_all_of_it_is() -> None:
    root = parsed(manifest(is_ended=True))
    assert root.get("type") == "static"
    assert root.get("mediaPresentationDuration") == "PT2105619214.123S"
    for name in ("minimumUpdatePeriod", "timeShiftBufferDepth", "suggestedPresentationDelay"):
        assert root.get(name) is None
    (only,) = all_of(root, "Period")
    assert only.get("duration") == "PT4.000S"
    assert not all_of(root, "UTCTiming")
    for template in all_of(root, "SegmentTemplate"):
        assert template.get("availabilityTimeOffset") is None


def test_equal_segments_in_a_row_are_one_element() -> None:
    times = tuple(SegmentTime(900_000 + index * 180_000, 180_000) for index in range(50))
    root = parsed(manifest(period(representation(times=times))))
    (only,) = all_of(root, "S")
    assert only.attrib == {"t": "900000", "d": "180000", "r": "49"}


def test_players_follow_a_show_at_an_address_of_its_own() -> None:
    (location,) = all_of(parsed(manifest()), "Location")
    assert location.text == f"manifest.mpd?{follow_query('e1')}" == "manifest.mpd?show=e1"
    assert not all_of(parsed(manifest(is_ended=True)), "Location")


def test_periods_of_two_shows_have_different_names() -> None:
    (only,) = all_of(parsed(manifest()), "Period")
    assert only.get("id") == "e1-p7"


def test_recording_begins_at_its_oldest_media_and_has_no_holes() -> None:
    scale = VIDEO.timescale
    later = Period(
        period_id="p9",
        start_unix_ms=START_UNIX_MS + 60_000,
        early_ms=1656,
        representations=(representation(times=(SegmentTime(70 * scale, 2 * scale),)),),
    )
    later = replace(
        later,
        representations=(replace(later.representations[0], presentation_offset_ticks=70 * scale),),
    )
    partly_gone = period(
        representation(times=(SegmentTime(20 * scale + 30, 2 * scale),)),
        representation(AUDIO, times=(SegmentTime(20 * 48_000, 2 * 48_000),)),
    )
    shown = as_recording(manifest(partly_gone, later, is_ended=True))
    root = parsed(shown)
    assert root.get("availabilityStartTime") == "2026-09-21T14:13:40.123Z"
    assert root.get("mediaPresentationDuration") == "PT4.000S"
    assert [one.get("start") for one in all_of(root, "Period")] == ["PT0.000S", "PT2.000S"]
    assert [one.get("presentationTimeOffset") for one in all_of(root, "SegmentTemplate")] == [
        str(20 * scale),
        str(20 * 48_000),
        str(70 * scale),
    ]


def test_what_is_written_again_is_what_is_written_once() -> None:
    writer = ManifestWriter("e1")
    first, second = period(), replace(period(), period_id="p9")
    for shown in (
        manifest(first),
        manifest(first, second),
        manifest(replace(first, early_ms=7), second),
        manifest(second),
        manifest(second, is_ended=True),
    ):
        assert writer.write(shown) == render_manifest(shown, "e1")


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 0, 0, 5]), st.sampled_from([180_000, 180_001, 90_000])),
        min_size=1,
        max_size=30,
    ),
    st.integers(0, 2**62),
)
@settings(deadline=None)
def test_timeline_comes_back_as_it_was(steps: list[tuple[int, int]], start_ticks: int) -> None:
    times: list[SegmentTime] = []
    end = start_ticks
    for hole, duration in steps:
        times.append(SegmentTime(end + hole, duration))
        end += hole + duration
    long_ago = replace(representation(times=tuple(times)), presentation_offset_ticks=start_ticks)
    root = parsed(manifest(period(long_ago)))
    (template,) = all_of(root, "SegmentTemplate")
    assert times_of(template) == tuple(times)

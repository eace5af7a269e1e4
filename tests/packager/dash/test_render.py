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
    Period,
    Representation,
    SegmentTime,
    latency_target_ms,
    render_manifest,
)
from tests.packager.hls.cutter import AUDIO, VIDEO

AVAILABLE_UNIX_MS = 1_790_000_000_123
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
        times=times or (SegmentTime(10 * scale, 2 * scale), SegmentTime(12 * scale, 2 * scale)),
    )


def period(*representations: Representation, start_ms: int = 10_000) -> Period:
    return Period(
        period_id="p7",
        start_ms=start_ms,
        start_unix_ms=AVAILABLE_UNIX_MS + start_ms,
        media_start_ms=10_000,
        representations=representations or (representation(VIDEO), representation(AUDIO)),
    )


def manifest(*periods: Period, part_target_ms: int = 344, is_ended: bool = False) -> Manifest:
    return Manifest(
        cadence=Cadence(target_duration_s=2, part_target_ms=part_target_ms),
        available_from_unix_ms=AVAILABLE_UNIX_MS,
        published_unix_ms=AVAILABLE_UNIX_MS + 14_007,
        window_ms=12_000,
        periods=periods or (period(),),
        is_ended=is_ended,
    )


def parsed(shown: Manifest) -> ET.Element:
    return ET.fromstring(render_manifest(shown, "e1"))  # noqa: S314 - our own text


def all_of(root: ET.Element, name: str) -> list[ET.Element]:
    return list(root.iter(MPD + name))


def timeline(template: ET.Element) -> list[SegmentTime]:
    """Read a SegmentTimeline as ISO/IEC 23009-1, 5.3.9.6 tells players to."""
    times: list[SegmentTime] = []
    end = 0
    for segment in template.iter(MPD + "S"):
        end = int(segment.get("t", end))
        for _ in range(int(segment.get("r", "0")) + 1):
            times.append(SegmentTime(end, int(segment.attrib["d"])))
            end += times[-1].duration_ticks
    return times


def test_live_manifest_says_when_where_and_how_often_to_look() -> None:
    root = parsed(manifest())
    assert root.tag == MPD + "MPD"
    expected = {
        "type": "dynamic",
        "availabilityStartTime": "2026-09-21T14:13:20.123Z",
        "publishTime": "2026-09-21T14:13:34.130Z",
        "minimumUpdatePeriod": "PT1.000S",
        "timeShiftBufferDepth": "PT12.000S",
        "maxSegmentDuration": "PT2.000S",
        "minBufferTime": "PT0.344S",
        "suggestedPresentationDelay": "PT0.156S",
    }
    assert {name: root.get(name) for name in expected} == expected
    assert root.get("mediaPresentationDuration") is None


def test_clock_is_our_own() -> None:
    last = list(parsed(manifest()))[-1]
    assert last.tag == MPD + "UTCTiming"
    assert last.attrib == {
        "schemeIdUri": "urn:mpeg:dash:utc:http-xsdate:2014",
        "value": "../../api/v1/time",
    }


@pytest.mark.parametrize(("part_target_ms", "target_ms"), [(200, 1000), (344, 1376), (1000, 4000)])
def test_latency_target_is_four_parts_and_never_less_than_a_second(
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


@pytest.mark.parametrize(("part_target_ms", "offset"), [(344, "1.656"), (2000, "0.001")])
def test_every_representation_may_be_asked_for_before_it_is_complete(
    part_target_ms: int, offset: str
) -> None:
    root = parsed(manifest(part_target_ms=part_target_ms))
    templates = all_of(root, "SegmentTemplate")
    assert len(templates) == len(all_of(root, "Representation")) == 2
    for template in templates:
        assert template.get("availabilityTimeOffset") == offset
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


def test_producer_times_are_announced_where_media_and_calendar_agree() -> None:
    agreeing, later = period(), replace(period(start_ms=19_000), period_id="p9")
    root = parsed(manifest(agreeing, later))
    first, second = all_of(root, "Period")
    (of_video, of_audio) = first.iter(MPD + "ProducerReferenceTime")
    assert of_video.get("inband") == "true"
    assert of_video.get("wallClockTime") == "2026-09-21T14:13:30.123Z"
    assert of_video.get("presentationTime") == "900000"
    assert of_audio.get("presentationTime") == "480000"
    assert not list(second.iter(MPD + "ProducerReferenceTime"))


def test_ended_manifest_is_static_and_says_how_long_all_of_it_is() -> None:
    root = parsed(manifest(is_ended=True))
    assert root.get("type") == "static"
    assert root.get("mediaPresentationDuration") == "PT14.000S"
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
    root = parsed(manifest(period(representation(times=tuple(times)))))
    (template,) = all_of(root, "SegmentTemplate")
    assert timeline(template) == times

"""Every rule for renditions together and for what the multivariant playlist says of them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from conformance.check import Check
from conformance.checks.presentation import (
    SegmentSpan,
    check_rendition_reports,
    check_same_control,
    check_spans,
)
from conformance.checks.variants import (
    SegmentWeight,
    check_alternative,
    check_average_bandwidth,
    check_bandwidth,
    check_codecs,
    check_frame_rate,
)
from conformance.finding import Severity
from conformance.mp4 import InitTrack, read_init_segment
from conformance.playlist import (
    AlternativeRendition,
    Variant,
    read_media_playlist,
)
from tests.conformance.live_media import show
from tests.conformance.playlists import (
    OLD,
    OTHER_URL,
    URL,
)


def checks(findings: object) -> set[Check]:
    assert hasattr(findings, "__iter__")
    return {finding.check for finding in findings}


@pytest.fixture(scope="module")
def track() -> InitTrack:
    return read_init_segment(show()["video"].init).tracks[0]


VARIANT = Variant(
    uri="video.m3u8",
    bandwidth_bps=1_000_000,
    average_bandwidth_bps=900_000,
    codecs=("avc1.42C00B",),
    resolution=(160, 90),
)


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (VARIANT, set()),
        (replace(VARIANT, codecs=("avc1.42c00b",)), set()),
        (replace(VARIANT, codecs=("avc1.42C00C",)), {Check.CODECS}),
        (replace(VARIANT, codecs=("avc1.42C00B", "mp4a.40.2")), {Check.CODECS}),
        (replace(VARIANT, codecs=None), {Check.CODECS}),
        (replace(VARIANT, resolution=(160, 96)), {Check.CODECS}),
        (replace(VARIANT, resolution=None), {Check.CODECS}),
    ],
)
def test_codecs_and_resolution_must_be_those_of_the_media(
    variant: Variant, expected: set[Check], track: InitTrack
) -> None:
    assert checks(check_codecs(URL, variant, [track])) == expected


def test_frame_rate_and_channels_must_be_those_of_the_media() -> None:
    variant = replace(VARIANT, frame_rate=Decimal("29.970"))
    assert list(check_frame_rate(URL, variant, Fraction(30))) == []
    assert checks(check_frame_rate(URL, variant, Fraction(60))) == {Check.CODECS}
    assert checks(check_frame_rate(URL, VARIANT, Fraction(60))) == {Check.CODECS}
    track = read_init_segment(show()["audio"].init).tracks[0]
    stereo = AlternativeRendition(type="AUDIO", group_id="a", name="main", channels="2")
    assert list(check_alternative(URL, stereo, track)) == []
    assert checks(check_alternative(URL, replace(stereo, channels="6"), track)) == {Check.CODECS}


@pytest.mark.parametrize(
    ("bytes_a", "bytes_b", "severities"),
    [
        ([60_000] * 4, [50_000] * 4, []),
        ([60_000, 60_000, 80_000, 40_000], [50_000] * 4, [Severity.WARNING]),
        ([60_000, 20_000, 120_000, 40_000], [50_000] * 4, [Severity.ERROR]),
        ([75_000] * 4, [50_000] * 4, [Severity.WARNING]),  # the average
    ],
)
def test_bandwidth_must_cover_the_measured_peak(
    bytes_a: list[int], bytes_b: list[int], severities: list[Severity]
) -> None:
    renditions = [
        {msn: SegmentWeight(size, 1_000_000) for msn, size in enumerate(sizes)}
        for sizes in (bytes_a, bytes_b)
    ]
    found = list(check_bandwidth(URL, VARIANT, renditions, target_duration_s=1))
    found += check_average_bandwidth(URL, VARIANT, renditions)
    assert {f.check for f in found} <= {Check.BANDWIDTH}
    assert [f.severity for f in found] == severities


def test_segment_that_is_too_short_for_a_peak_counts_with_its_neighbour() -> None:
    def found(short_bytes: int) -> list[Severity]:
        weights = {1: SegmentWeight(100_000, 1_000_000), 2: SegmentWeight(short_bytes, 200_000)}
        return [f.severity for f in check_bandwidth(URL, VARIANT, [weights], target_duration_s=1)]

    assert found(45_000) == []  # 1.8 Mbit/s for a fifth of a second, 0.97 Mbit/s with what it joins
    assert found(60_000) == [Severity.WARNING]
    assert found(160_000) == [Severity.ERROR]


def test_segments_that_were_weighed_before_are_not_weighed_again() -> None:
    weights = {
        1: SegmentWeight(500_000, 1_000_000),
        2: SegmentWeight(100_000, 1_000_000),
        4: SegmentWeight(200_000, 1_000_000),
    }

    def texts(after_msn: int) -> list[str]:
        found = check_bandwidth(URL, VARIANT, [weights], target_duration_s=1, after_msn=after_msn)
        return [finding.text for finding in found]

    assert [text.split()[4] for text in texts(-1)] == ["4000000"]
    assert [text.split()[4] for text in texts(1)] == ["1600000"]
    assert texts(4) == []


def test_each_rendition_counts_over_its_own_duration() -> None:
    picture = {1: SegmentWeight(112_500, 1_000_000)}  # 900 kbit/s
    sound = {1: SegmentWeight(12_625, 1_010_000)}  # 100 kbit/s, a little longer
    assert list(check_bandwidth(URL, VARIANT, [picture, sound], target_duration_s=1)) == []


def test_average_bandwidth_must_cover_the_measured_average() -> None:
    renditions = [{msn: SegmentWeight(124_000, 1_000_000) for msn in range(4)}]
    (found,) = check_average_bandwidth(URL, VARIANT, renditions)
    assert found.text.endswith("expected AVERAGE-BANDWIDTH of about 992000, got 900000")
    assert list(check_average_bandwidth(URL, VARIANT, [{}])) == []


VIDEO_SPAN = SegmentSpan("video", 10_000_000, 12_000_000, 33_333, 5_000_000)
AUDIO_SPAN = SegmentSpan("audio", 10_005_000, 12_010_000, 21_333, 5_005_000)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (AUDIO_SPAN, set()),
        (replace(AUDIO_SPAN, start_us=10_040_000, date_us=5_040_000), {Check.SAME_INTERVAL}),
        (replace(AUDIO_SPAN, end_us=12_040_000), {Check.SAME_INTERVAL}),
        (replace(AUDIO_SPAN, date_us=5_100_000), {Check.PROGRAM_DATE_TIME}),
        (VIDEO_SPAN, set()),
        (replace(VIDEO_SPAN, start_us=10_033_333), {Check.ALIGNED}),
    ],
)
def test_renditions_must_cover_the_same_time(other: SegmentSpan, expected: set[Check]) -> None:
    assert checks(check_spans(URL, 5, {"video": VIDEO_SPAN, "b": other})) == expected


def test_control_must_be_the_same_in_all_playlists() -> None:
    playlist = read_media_playlist(OLD.encode())
    assert list(check_same_control(URL, playlist, OTHER_URL, playlist)) == []
    other = replace(playlist, server_control=None, target_duration_s=3)
    assert checks(check_same_control(URL, playlist, OTHER_URL, other)) == {
        Check.CONTROL_EQUAL,
        Check.TARGET_EQUAL,
    }


@pytest.mark.parametrize(
    ("report", "is_right"),
    [
        ('URI="../audio/index.m3u8",LAST-MSN=17,LAST-PART=2', True),
        ('URI="../audio/index.m3u8",LAST-MSN=17,LAST-PART=0', True),
        ('URI="../audio/index.m3u8",LAST-MSN=18,LAST-PART=0', True),
        ('URI="/live/show/e1/audio/index.m3u8",LAST-MSN=17,LAST-PART=2', True),
        ('URI="../audio/index.m3u8",LAST-MSN=15,LAST-PART=2', False),
        ('URI="../audio/index.m3u8"', False),
        ('URI="../other/index.m3u8",LAST-MSN=17,LAST-PART=2', False),
    ],
)
def test_rendition_reports_must_be_there_and_fresh(report: str, is_right: bool) -> None:
    text = OLD.replace('URI="../audio/index.m3u8",LAST-MSN=17,LAST-PART=2', report)
    playlist = read_media_playlist(text.encode())
    found = checks(check_rendition_reports(URL, playlist, {OTHER_URL: (17, 2)}))
    assert found == (set() if is_right else {Check.RENDITION_REPORTS})


def test_report_of_itself_is_found() -> None:
    playlist = read_media_playlist(OLD.replace("../audio/", "../video/").encode())
    assert checks(check_rendition_reports(URL, playlist, {})) == {Check.RENDITION_REPORTS}

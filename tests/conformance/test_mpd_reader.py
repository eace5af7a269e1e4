"""The MPD reader: what it reads, what it refuses, and that no bytes break it."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import MpdSyntaxError
from conformance.mpd import (
    init_url,
    presentation_faults,
    read_document,
    read_mpd,
    schema_faults,
    segment_url,
)
from conformance.mpd.lexical import read_date_time_us, read_duration_us, read_offset_us
from conformance.mpd.timeline import following_segment, listed_segments
from tests.conformance.mpds import GOOD, URL, broken, mpd

START_US = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z


def test_good_mpd_has_no_fault_and_says_what_it_says() -> None:
    root = read_document(GOOD.encode())
    assert list(schema_faults(root)) == []
    assert list(presentation_faults(root)) == []
    read = mpd()
    assert read.is_dynamic
    assert read.availability_start_us == START_US
    assert read.publish_us == START_US + 20_500_000
    assert read.suggested_delay_us == 1_500_000
    (period,) = read.periods
    video, audio = period.representations
    assert (video.content_type, video.width_px, video.codecs) == ("video", 160, ("avc1.42C00B",))
    assert str(video.frame_rate) == "30000/1001"
    assert audio.sampling_rate_hz == 48_000
    assert [(each.number, each.time) for each in video.template.segments] == [
        (7, 900_000),
        (8, 1_080_000),
        (9, 1_260_000),
        (10, 1_440_000),
    ]
    newest = video.template.segments[-1]
    assert read.media_unix_us(period, video.template, newest.time) == START_US + 16_000_000
    assert read.available_unix_us(period, video.template, newest) == START_US + 16_450_000


def test_location_says_where_the_next_version_is() -> None:
    assert mpd().location == URL
    place = '<ServiceDescription id="0">'
    moved = broken(place, f"<Location>manifest.mpd?show=e1</Location>{place}")
    root = read_document(moved.encode())
    assert list(schema_faults(root)) == []
    assert read_mpd(URL, root).location == "http://host/live/show/manifest.mpd?show=e1"


def test_addresses_are_filled_in_and_resolved() -> None:
    (period,) = mpd().periods
    video, audio = period.representations
    assert init_url(video) == "http://host/live/show/e/video/init.mp4"
    newest = video.template.segments[-1]
    assert segment_url(video, newest) == "http://host/live/show/e/video/segment-010.m4s"
    assert segment_url(audio, audio.template.segments[1]) == (
        "http://host/live/show/sound/576000.m4s"
    )


def test_nominal_durations_list_segments_by_the_clock() -> None:
    text = broken(
        '<SegmentTimeline><S t="480000" d="96000" r="3"/></SegmentTimeline></SegmentTemplate>',
        "</SegmentTemplate>",
    ).replace('media="$Time$.m4s"', 'media="$Number$.m4s" duration="96000"')
    read = mpd(text)
    period, audio = list(read.all_representations())[1]
    listed = listed_segments(read, period, audio, START_US + 19_000_000)
    assert [each.number for each in listed] == [1, 2, 3, 4, 5, 6]
    assert listed[0].time == 480_000


def test_next_segment_is_found_by_number_or_by_time() -> None:
    (period,) = mpd().periods
    video, audio = period.representations
    numbered = video.template.segments
    assert following_segment(numbered, video, numbered[0]) == numbered[1]
    assert following_segment(numbered, video, numbered[-1]) is None
    timed = audio.template.segments
    assert following_segment(timed, audio, timed[2]) == timed[3]
    assert following_segment(timed, audio, timed[3]) is None


def test_entries_that_repeat_until_the_next_are_counted() -> None:
    read = mpd(
        broken(
            '<S t="900000" d="180000" r="2"/><S d="184500"/>',
            '<S t="900000" d="180000" r="-1"/><S t="1440000" d="180000" r="-1"/>',
        )
    )
    _, video = next(read.all_representations())
    assert [each.time for each in video.template.segments] == [
        900_000,
        1_080_000,
        1_260_000,
        1_440_000,
    ]


@pytest.mark.parametrize(
    ("text", "expected_us"),
    [
        ("PT2S", 2_000_000),
        ("P1DT1H1M1.5S", 90_061_500_000),
        ("PT0.040S", 40_000),
        ("P2D", 172_800_000_000),
    ],
)
def test_durations_are_read(text: str, expected_us: int) -> None:
    assert read_duration_us(text) == expected_us


@pytest.mark.parametrize("text", ["", "P", "PT", "2S", "P1Y", "P1M", "PT-1S", "PT1.S"])
def test_durations_without_a_length_are_refused(text: str) -> None:
    with pytest.raises(MpdSyntaxError):
        read_duration_us(text)


@pytest.mark.parametrize(
    ("text", "expected_us"),
    [
        ("2026-11-21T12:00:00Z", START_US),
        ("2026-11-21T12:00:00", START_US),
        ("2026-11-21T13:30:00.25+01:30", START_US + 250_000),
        ("2026-11-21T11:00:00-01:00", START_US),
    ],
)
def test_dates_are_read_in_any_zone(text: str, expected_us: int) -> None:
    assert read_date_time_us(text) == expected_us


@pytest.mark.parametrize("text", ["", "2026-11-21", "2026-13-01T00:00:00Z", "12:00", "now"])
def test_dates_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(MpdSyntaxError):
        read_date_time_us(text)


def test_offsets_may_be_infinite() -> None:
    assert read_offset_us("INF") is None
    assert read_offset_us("1.25") == 1_250_000
    with pytest.raises(MpdSyntaxError):
        read_offset_us("NaN")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#EXTM3U",
        "<MPD/>",
        "<MPD",
        '<?xml version="1.0"?><!DOCTYPE MPD [<!ENTITY a "b">]>' + GOOD.split("?>", 1)[1],
        '<!DOCTYPE MPD SYSTEM "file:///etc/passwd"><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">' + "<a>" * 20 + "</a>" * 20 + "</MPD>",
    ],
)
def test_what_is_no_mpd_or_could_do_harm_is_refused(text: str) -> None:
    with pytest.raises(MpdSyntaxError):
        read_document(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        broken('timescale="90000"', 'timescale="0"'),
        broken('r="2"', 'r="99999999"'),
        broken('<Period id="p1" start="PT10S">', '<Period id="p0" start="PT0S"/><Period id="p1">'),
    ],
)
def test_values_without_meaning_are_refused(text: str) -> None:
    with pytest.raises(MpdSyntaxError):
        read_mpd(URL, read_document(text.encode()))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_give_anything_but_a_document_or_a_syntax_error(body: bytes) -> None:
    with suppress(MpdSyntaxError):
        read_document(body)


@settings(deadline=None)
@given(st.data())
def test_any_mutation_is_read_or_told(data: st.DataObject) -> None:
    """A document that the schema allows is read, or refused as having no meaning."""
    at = data.draw(st.integers(0, len(GOOD) - 1))
    length = data.draw(st.integers(0, 8))
    put = data.draw(st.text(alphabet='0123456789-"<>/ PTSamr', max_size=6))
    with suppress(MpdSyntaxError):
        root = read_document((GOOD[:at] + put + GOOD[at + length :]).encode())
        if not list(schema_faults(root)) and not list(presentation_faults(root)):
            read_mpd(URL, root)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(MpdSyntaxError, match="unknown encoding"):
        read_document(b'<?xml version="1.0" encoding="UTF-9"?><MPD/>')

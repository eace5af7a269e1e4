"""The strict readers: what they read, and which line they stop at."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.check import Check
from conformance.errors import PlaylistSyntaxError
from conformance.playlist import (
    ByteRange,
    DeltaMismatchError,
    Map,
    MediaPlaylist,
    Part,
    PreloadHint,
    RenditionReport,
    ServerControl,
    Skip,
    is_multivariant,
    merge_delta,
    read_media_playlist,
    read_multivariant_playlist,
)
from tests.conformance.playlists import NEW, OLD, live_playlist

MULTIVARIANT = """\
#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",DEFAULT=YES,CHANNELS="2",URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=640x360,\
FRAME-RATE=29.970,AUDIO="a"
video.m3u8
"""


def test_media_playlist_is_read_whole() -> None:
    playlist = read_media_playlist(OLD.encode())

    assert playlist.target_duration_s == 2
    assert playlist.version == 9
    assert playlist.part_target_us == 500_000
    assert playlist.server_control == ServerControl(
        can_block_reload=True,
        hold_back_us=6_000_000,
        part_hold_back_us=1_500_000,
        can_skip_until_us=12_000_000,
    )
    assert [segment.msn for segment in playlist.segments] == list(range(10, 17))
    assert {segment.duration_us for segment in playlist.segments} == {2_000_000}
    assert playlist.segments[0].parts == ()
    assert playlist.segments[-1].parts[0] == Part("part-64.m4s", 500_000, is_independent=True)
    assert playlist.segments[-1].map == Map("init-1.mp4")
    started = datetime(2026, 11, 21, 10, 0, 20, tzinfo=UTC)
    assert playlist.segments[0].program_date_time_us == int(started.timestamp()) * 1_000_000
    assert playlist.open_segment.msn == 17
    assert len(playlist.open_segment.parts) == 3
    assert playlist.last_position == (17, 2)
    assert playlist.preload_hints == (PreloadHint("PART", "part-71.m4s"),)
    assert playlist.rendition_reports == (RenditionReport("../audio/index.m3u8", 17, 2),)
    assert playlist.has_independent_segments
    assert not playlist.is_ended
    edge = started.timestamp() + 14 + 1.5
    assert playlist.edge_us == int(edge * 1_000_000)


def test_rarer_tags_are_read() -> None:
    playlist = read_media_playlist(
        b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-VERSION:10\n"
        b"#EXT-X-MEDIA-SEQUENCE:5\n#EXT-X-DISCONTINUITY-SEQUENCE:3\n"
        b'#EXT-X-SKIP:SKIPPED-SEGMENTS=2,RECENTLY-REMOVED-DATERANGES="a\tb"\n'
        b'#EXT-X-DATERANGE:ID="c",START-DATE="2026-11-21T10:00:00Z"\n'
        b"#EXT-X-DISCONTINUITY\n#EXT-X-GAP\n#EXT-X-BYTERANGE:100@20\n"
        b'#EXT-X-MAP:URI="i.mp4",BYTERANGE="20@0"\n#EXT-X-UNHEARD-OF:1\n# a comment\n\n'
        b"#EXTINF:4,A title\ns.mp4\n"
        b'#EXT-X-PART:URI="s2.mp4",DURATION=1.25,BYTERANGE="30@10",GAP=YES\n#EXT-X-ENDLIST\n'
    )
    (segment,) = playlist.segments
    assert segment.msn == 7
    assert segment.discontinuity_sequence == 4
    assert segment.is_discontinuous
    assert segment.is_gap
    assert segment.byte_range == ByteRange(100, 20)
    assert segment.map == Map("i.mp4", ByteRange(20, 0))
    assert playlist.skip == Skip(2, ("a", "b"))
    assert playlist.date_range_ids == ("c",)
    assert playlist.open_segment.parts == (
        Part("s2.mp4", 1_250_000, is_gap=True, byte_range=ByteRange(30, 10)),
    )
    assert playlist.is_ended
    assert playlist.last_position == (8, 0)


def test_carriage_returns_before_line_feeds_are_allowed() -> None:
    assert read_media_playlist(OLD.replace("\n", "\r\n").encode()) == read_media_playlist(
        OLD.encode()
    )


SYNTAX_FAULTS: list[tuple[Check, int, Callable[[str], str]]] = [
    (Check.FIRST_LINE, 1, lambda text: "\n" + text),
    (Check.FIRST_LINE, 1, lambda text: text.replace("#EXTM3U", "#EXTM3U8", 1)),
    (Check.PLAIN_UTF8, 1, lambda text: "\ufeff" + text),
    (Check.PLAIN_UTF8, 3, lambda text: text.replace("DURATION:2", "DURATION:2\t", 1)),
    (Check.PLAIN_UTF8, 2, lambda text: text.replace(":9\n", ":9\r#\n", 1)),
    (Check.NO_DUPLICATE_TAG, 3, lambda text: text.replace(":9\n", ":9\n#EXT-X-VERSION:9\n", 1)),
    (Check.ATTRIBUTE_SYNTAX, 4, lambda text: text.replace("YES,PART", "YES, PART", 1)),
    (Check.ATTRIBUTE_SYNTAX, 4, lambda text: text.replace("YES,PART", 'YES"x",PART', 1)),
    (Check.ATTRIBUTE_SYNTAX, 4, lambda text: text.replace("HOLD-BACK=6", "HOLD-BACK=6,", 1)),
    (Check.ATTRIBUTE_SYNTAX, 4, lambda text: text.replace("=6,", "=6,HOLD-BACK=6,", 1)),
    (Check.ATTRIBUTE_SYNTAX, 4, lambda text: text.replace("RELOAD=YES", "RELOAD=MAYBE", 1)),
    (Check.ATTRIBUTE_SYNTAX, 4, lambda text: text.replace("RELOAD=YES", 'RELOAD="YES"', 1)),
    (Check.ATTRIBUTE_SYNTAX, 5, lambda text: text.replace("PART-TARGET=0.5", "PART-TARGET=x", 1)),
    (Check.ATTRIBUTE_SYNTAX, 5, lambda text: text.replace("PART-TARGET=0.5", "TARGET=0.5", 1)),
    (Check.ATTRIBUTE_SYNTAX, 9, lambda text: text.replace('"init-1.mp4"', "init-1.mp4", 1)),
    (Check.TARGET_DURATION, 3, lambda text: text.replace("TARGETDURATION:2", "TARGETDURATION:0")),
    (Check.TARGET_DURATION, 3, lambda text: text.replace("TARGETDURATION:2", "TARGETDURATION:2.0")),
    (Check.EXTINF_SYNTAX, 11, lambda text: text.replace("2.00000,", "2.00000", 1)),
    (Check.EXTINF_SYNTAX, 11, lambda text: text.replace("2.00000,", "-2.00000,", 1)),
    (Check.EXTINF_SYNTAX, 11, lambda text: text.replace("#EXTINF:2.00000,\n", "", 1)),
    (Check.EXTINF_SYNTAX, 12, lambda text: text.replace("segment-10.m4s", "#EXTINF:2.0,", 1)),
    (Check.NO_MIXED_TAGS, 2, lambda text: text.replace("\n", "\n#EXT-X-STREAM-INF:X=1\n", 1)),
    (
        Check.SEQUENCE_FIRST,
        12,
        lambda text: text.replace("#EXT-X-MEDIA-SEQUENCE:10\n", "").replace(
            "segment-10.m4s\n", "segment-10.m4s\n#EXT-X-MEDIA-SEQUENCE:10\n"
        ),
    ),
    (Check.PROGRAM_DATE_TIME, 10, lambda text: text.replace("T10:00:20.000Z", "T10:00:20", 1)),
    (Check.PROGRAM_DATE_TIME, 10, lambda text: text.replace("2026-11-21", "2026-13-21", 1)),
]


@pytest.mark.parametrize(("check", "line", "fault"), SYNTAX_FAULTS)
def test_reader_stops_at_the_line_that_breaks_the_grammar(
    check: Check, line: int, fault: Callable[[str], str]
) -> None:
    with pytest.raises(PlaylistSyntaxError) as caught:
        read_media_playlist(fault(OLD).encode())

    assert caught.value.check is check
    assert caught.value.line_number == line
    assert str(caught.value).startswith(f"line {line}: ")


def test_bytes_that_are_no_utf8_are_named_with_their_line() -> None:
    with pytest.raises(PlaylistSyntaxError, match="line 2: expected UTF-8, got byte 0xff"):
        read_media_playlist(b"#EXTM3U\n# \xff\n")


def test_playlist_without_target_duration_is_refused() -> None:
    with pytest.raises(PlaylistSyntaxError) as caught:
        read_media_playlist(b"#EXTM3U\n")
    assert caught.value.check is Check.TARGET_DURATION


def test_multivariant_playlist_is_read_whole() -> None:
    playlist = read_multivariant_playlist(MULTIVARIANT.encode())

    (variant,) = playlist.variants
    assert variant.bandwidth_bps == 900_000
    assert variant.codecs == ("avc1.64001F", "mp4a.40.2")
    assert variant.resolution == (640, 360)
    assert str(variant.frame_rate) == "29.970"
    assert variant.audio_group == "a"
    assert playlist.alternatives[0].channels == "2"
    assert playlist.alternatives[0].is_default
    assert playlist.rendition_uris() == ("video.m3u8", "audio.m3u8")
    assert playlist.has_independent_segments
    assert is_multivariant(MULTIVARIANT.encode())
    assert not is_multivariant(OLD.encode())


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (Check.NO_MIXED_TAGS, lambda text: text + "#EXT-X-TARGETDURATION:2\n"),
        (Check.NO_DUPLICATE_TAG, lambda text: text.replace(":6\n", ":6\n#EXT-X-VERSION:6\n")),
        (Check.VERSION_FITS, lambda text: text.replace(":6\n", ":six\n")),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text.replace("video.m3u8\n", "")),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text.replace("video.m3u8\n", "#EXT-X-START:X=1\n")),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text + "stray.m3u8\n"),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text.replace("BANDWIDTH=900000,", "")),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text.replace("640x360", "640")),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text.replace('GROUP-ID="a"', 'GROUP-ID="b"')),
        (Check.ATTRIBUTE_SYNTAX, lambda text: text.replace("29.970", "fast")),
    ],
)
def test_multivariant_reader_names_the_rule_that_is_broken(
    check: Check, fault: Callable[[str], str]
) -> None:
    with pytest.raises(PlaylistSyntaxError) as caught:
        read_multivariant_playlist(fault(MULTIVARIANT).encode())
    assert caught.value.check is check


def delta_of(text: str, skipped: int) -> str:
    """The same playlist with its first segments replaced by EXT-X-SKIP."""
    head, map_line, rest = text.partition('#EXT-X-MAP:URI="init-1.mp4"\n')
    pieces = rest.split("#EXT-X-PROGRAM-DATE-TIME")
    kept = "#EXT-X-PROGRAM-DATE-TIME" + "#EXT-X-PROGRAM-DATE-TIME".join(pieces[1 + skipped :])
    return f"{head}#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}\n{map_line}{kept}"


def test_old_playlist_and_delta_make_the_new_playlist() -> None:
    old = read_media_playlist(live_playlist(10, 19, 3).encode())
    new_text = live_playlist(11, 20, 1)
    delta = read_media_playlist(delta_of(new_text, 3).encode())

    merged = merge_delta(old, delta)

    new = read_media_playlist(new_text.encode())
    assert merged == new


def test_delta_counts_discontinuities_that_were_skipped() -> None:
    broken = live_playlist(10, 19, 3).replace(
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:22",
        "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:22",
    )
    old = read_media_playlist(broken.encode())
    delta = read_media_playlist(delta_of(live_playlist(10, 19, 3), 3).encode())

    merged = merge_delta(old, delta)

    assert [each.discontinuity_sequence for each in merged.segments] == [0] + [1] * 8
    assert merged.open_segment.discontinuity_sequence == 1


def test_delta_that_skips_unknown_segments_cannot_be_merged() -> None:
    old = read_media_playlist(live_playlist(12, 19, 3).encode())
    delta = read_media_playlist(delta_of(live_playlist(11, 20, 1), 3).encode())
    with pytest.raises(DeltaMismatchError, match="none with MSN 11"):
        merge_delta(old, delta)


LINES = st.sampled_from(
    [line for text in (OLD, NEW, MULTIVARIANT) for line in text.splitlines()]
    + ["#EXT-X-SKIP:SKIPPED-SEGMENTS=3", "#EXT-X-ENDLIST", "#EXT-X-DISCONTINUITY", "#EXT-X-GAP"]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=25))
def test_any_lines_give_a_playlist_or_a_syntax_error(lines: list[str]) -> None:
    read_or_refuse("\n".join(["#EXTM3U", *lines]).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.integers(0, len(OLD)))
def test_any_bytes_give_a_playlist_or_a_syntax_error(junk: bytes, at: int) -> None:
    read_or_refuse(junk)
    read_or_refuse(OLD.encode()[:at] + junk + OLD.encode()[at:])


def read_or_refuse(body: bytes) -> None:
    for read in (read_media_playlist, read_multivariant_playlist, is_multivariant):
        try:
            playlist = read(body)
        except PlaylistSyntaxError as exc:
            assert exc.line_number >= 1  # noqa: PT017 - the error is one of two right results
        else:
            if isinstance(playlist, MediaPlaylist):
                assert playlist.next_msn >= playlist.media_sequence

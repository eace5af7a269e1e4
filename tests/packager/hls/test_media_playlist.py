"""Whole playlists, written by hand from rfc8216bis, against what is rendered."""

from packager.cadence import Cadence
from packager.hls import (
    MediaPlaylistWriter,
    RenditionReport,
    WindowPolicy,
    render_media_playlist,
)
from tests.packager.hls.cutter import TimelineCutter

CADENCE = Cadence(target_duration_s=2, part_target_ms=1001)
NTSC_SECOND = 30 * 3003  # thirty frames at 29.97 fps

HEAD = """\
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.003,HOLD-BACK=6.0,CAN-SKIP-UNTIL=12.0
#EXT-X-PART-INF:PART-TARGET=1.001
"""


def test_first_segment_and_the_first_part_of_the_second() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment(part_ticks=NTSC_SECOND)
    cutter.open()
    cutter.part(NTSC_SECOND)

    text = render_media_playlist(
        cutter.timeline, [RenditionReport("audio", 2, 0), RenditionReport("video-1", 1, 1)]
    )

    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n" + HEAD + "#EXT-X-MEDIA-SEQUENCE:1\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.123Z\n"
        '#EXT-X-PART:DURATION=1.001000,URI="part-1.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.001000,URI="part-2.m4s"\n'
        "#EXTINF:2.002000,\n"
        "segment-1.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:22.125Z\n"
        '#EXT-X-PART:DURATION=1.001000,URI="part-3.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-4.m4s"\n'
        '#EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN=2,LAST-PART=0\n'
        '#EXT-X-RENDITION-REPORT:URI="../video-1/index.m3u8",LAST-MSN=1,LAST-PART=1\n'
    )


def test_encoder_that_comes_back_otherwise_with_a_gap_before() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    cutter.open()
    cutter.part()
    cutter.part(is_gap=True)
    cutter.close()
    cutter.segment(is_gap=True)
    cutter.use_init()

    before = render_media_playlist(cutter.timeline)
    cutter.open(is_discontinuous=True)
    hinted = render_media_playlist(cutter.timeline)
    cutter.part()
    after = render_media_playlist(cutter.timeline)

    listed = (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n" + HEAD + "#EXT-X-MEDIA-SEQUENCE:1\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-1.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-2.m4s"\n'
        "#EXTINF:2.000000,\n"
        "segment-1.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:22.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-3.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-4.m4s",GAP=YES\n'
        "#EXTINF:2.000000,\n"
        "segment-2.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:24.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-5.m4s",GAP=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-6.m4s",GAP=YES\n'
        "#EXT-X-GAP\n"
        "#EXTINF:2.000000,\n"
        "segment-3.m4s\n"
    )
    assert before == listed + (
        '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="init-2.mp4"\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-7.m4s"\n'
    )
    assert hinted == before
    assert after == listed + (
        "#EXT-X-DISCONTINUITY\n"
        '#EXT-X-MAP:URI="init-2.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:26.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-7.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-8.m4s"\n'
    )


def test_delta_update_names_the_map_again_and_keeps_the_sequence_numbers() -> None:
    cutter = TimelineCutter(CADENCE, WindowPolicy(listed_segments=9))
    for _ in range(9):
        cutter.segment()

    text = render_media_playlist(cutter.timeline, is_delta=True)

    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n" + HEAD + "#EXT-X-MEDIA-SEQUENCE:1\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-SKIP:SKIPPED-SEGMENTS=2\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:24.123Z\n"
        "#EXTINF:2.000000,\n"
        "segment-3.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:26.123Z\n"
        "#EXTINF:2.000000,\n"
        "segment-4.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:28.123Z\n"
        "#EXTINF:2.000000,\n"
        "segment-5.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:30.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-11.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-12.m4s"\n'
        "#EXTINF:2.000000,\n"
        "segment-6.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:32.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-13.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-14.m4s"\n'
        "#EXTINF:2.000000,\n"
        "segment-7.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:34.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-15.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-16.m4s"\n'
        "#EXTINF:2.000000,\n"
        "segment-8.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:36.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-17.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.000000,URI="part-18.m4s"\n'
        "#EXTINF:2.000000,\n"
        "segment-9.m4s\n"
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-19.m4s"\n'
    )


def test_delta_with_nothing_to_skip_is_the_full_playlist() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()

    assert render_media_playlist(cutter.timeline, is_delta=True) == render_media_playlist(
        cutter.timeline
    )


def test_end_completes_the_open_segment_and_hints_nothing() -> None:
    cutter = TimelineCutter(Cadence(target_duration_s=4, part_target_ms=1000), first_msn=8)
    cutter.open()
    cutter.part()
    cutter.part(45_001)

    text = render_media_playlist(
        cutter.timeline.end(), [RenditionReport("audio", 8, 1)], is_delta=True
    )

    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-TARGETDURATION:4\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,"
        "PART-HOLD-BACK=3.000,HOLD-BACK=12.0,CAN-SKIP-UNTIL=24.0\n"
        "#EXT-X-PART-INF:PART-TARGET=1.000\n"
        "#EXT-X-MEDIA-SEQUENCE:8\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.123Z\n"
        '#EXT-X-PART:DURATION=1.000000,URI="part-1.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=0.500011,URI="part-2.m4s"\n'
        "#EXTINF:1.500011,\n"
        "segment-8.m4s\n"
        "#EXT-X-ENDLIST\n"
        '#EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN=8,LAST-PART=1\n'
    )


def test_a_segment_that_begins_without_a_sync_sample_revokes_independence_for_ever() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.segment()
    assert "#EXT-X-INDEPENDENT-SEGMENTS\n" in render_media_playlist(cutter.timeline)

    cutter.open()
    cutter.part(is_independent=False)
    assert "#EXT-X-INDEPENDENT-SEGMENTS\n" not in render_media_playlist(cutter.timeline)

    cutter.close()
    for _ in range(30):
        cutter.segment()
    assert "#EXT-X-INDEPENDENT-SEGMENTS\n" not in render_media_playlist(cutter.timeline)


def test_independence_is_judged_by_the_first_part_that_has_media() -> None:
    cutter = TimelineCutter(CADENCE)
    cutter.open()
    cutter.part(is_gap=True)
    assert cutter.timeline.is_independent
    cutter.part(is_independent=True)
    cutter.close()
    assert cutter.timeline.is_independent
    cutter.open()
    cutter.part(is_gap=True)
    cutter.part(is_independent=False)
    assert not cutter.timeline.is_independent


def test_parts_leave_the_beginning_of_the_playlist_the_very_same_string() -> None:
    """So it need not be encoded and deflated again; only the parts of one segment leave it."""
    cutter = TimelineCutter(CADENCE)
    for _ in range(12):
        cutter.segment(part_ticks=NTSC_SECOND)
    writer = MediaPlaylistWriter()
    cutter.open()
    stems = []
    for _ in range(8):
        cutter.part(NTSC_SECOND // 4)
        stems.append(writer.write(cutter.timeline).stem)
    assert len({id(stem) for stem in stems}) == 2
    assert "part-25" not in stems[-1]

"""The MP4 reader against what FFmpeg writes and what ffprobe reads."""

import json
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import Mp4Error
from conformance.mp4 import codec_strings, read_fragments, read_init_segment
from tests.conformance.live_media import muxed, show, split

FRAGMENTED = "+frag_keyframe+empty_moov+default_base_moof"


def ffmpeg(folder: Path, *arguments: str) -> bytes:
    """What the ffmpeg command writes for a second of test picture or tone."""
    target = folder / "out.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *arguments, "-f", "mp4", str(target)], check=True
    )
    return target.read_bytes()


def probed(folder: Path, body: bytes) -> list[dict[str, object]]:
    """The samples as ffprobe lists them."""
    path = folder / "probed.mp4"
    path.write_bytes(body)
    listed = subprocess.run(
        ["ffprobe", "-v", "error", "-show_packets", "-of", "json", str(path)],
        check=True,
        capture_output=True,
    )
    packets: list[dict[str, object]] = json.loads(listed.stdout)["packets"]
    return packets


PICTURE = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=2,format=yuv420p")
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2")


@pytest.mark.parametrize(
    "coding",
    [
        pytest.param((*PICTURE, "-c:v", "libx264", "-bf", "2", "-g", "25"), id="avc-b-frames"),
        pytest.param((*PICTURE, "-c:v", "libx264", "-tune", "zerolatency"), id="avc"),
        pytest.param((*TONE, "-c:a", "aac"), id="aac"),
    ],
)
@pytest.mark.parametrize("flags", [FRAGMENTED, FRAGMENTED + "+cmaf", "+frag_every_frame+cmaf"])
def test_samples_are_those_that_ffprobe_lists(
    tmp_path: Path, coding: tuple[str, ...], flags: str
) -> None:
    body = ffmpeg(tmp_path, *coding, "-movflags", flags, "-use_editlist", "0")
    init_bytes, fragments = split(body)

    init = read_init_segment(init_bytes)
    read = [each for part in fragments for each in read_fragments(part, init)]

    (track,) = init.tracks
    expected = probed(tmp_path, body)
    rows = []
    for fragment in read:
        (traf,) = fragment.tracks
        assert traf.decode_time is not None
        assert traf.default_base_is_moof
        assert not traf.has_base_data_offset
        time = traf.decode_time
        for sample in traf.samples:
            rows.append((time, sample.composition_offset, sample.size, sample.is_sync))
            time += sample.duration
        assert time == traf.end_time
    first = int(str(expected[0]["dts"]))
    assert [row[0] - rows[0][0] for row in rows] == [
        int(str(each["dts"])) - first for each in expected
    ]
    # FFmpeg's reader moves the decode times where offsets are negative (cmf2).
    offsets = [int(str(each["pts"])) - int(str(each["dts"])) for each in expected]
    assert [row[1] - rows[0][1] for row in rows] == [each - offsets[0] for each in offsets]
    assert [row[2] for row in rows] == [int(str(each["size"])) for each in expected]
    assert [row[3] for row in rows] == [str(each["flags"]).startswith("K") for each in expected]
    assert sorted(each.sequence_number for each in read) == [each.sequence_number for each in read]
    assert track.kind in {"video", "audio"}


@pytest.mark.parametrize(
    ("coding", "expected"),
    [
        ((*PICTURE, "-c:v", "libx264", "-profile:v", "high", "-level", "3.1"), "avc1.64001F"),
        ((*PICTURE, "-c:v", "libx264", "-profile:v", "baseline"), "avc1.42C00C"),
        ((*TONE, "-c:a", "aac"), "mp4a.40.2"),
        ((*TONE, "-c:a", "libopus"), "Opus"),
        ((*TONE, "-c:a", "flac", "-strict", "-2"), "fLaC"),
        ((*TONE, "-c:a", "ac3"), "ac-3"),
        ((*TONE, "-c:a", "eac3"), "ec-3"),
        (
            (*PICTURE, "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1"),
            "hvc1.1.6.L60.90",
        ),
        ((*PICTURE, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"), "vp09."),
        ((*PICTURE, "-c:v", "libsvtav1", "-preset", "12"), "av01.0."),
    ],
)
def test_codec_strings_come_from_the_records_that_ffmpeg_writes(
    tmp_path: Path, coding: tuple[str, ...], expected: str
) -> None:
    # AC-3's record is known only after the first coded frame.
    flags = "+frag_keyframe+delay_moov+default_base_moof"
    body = ffmpeg(tmp_path, *coding, "-t", "0.4", "-movflags", flags)

    (track,) = read_init_segment(split(body)[0]).tracks

    assert track.entry.codecs.preferred.startswith(expected)
    if track.kind == "video":
        assert (track.entry.width_px, track.entry.height_px) == (320, 180)
    else:
        assert track.entry.channel_count in {1, 2}


@pytest.mark.parametrize(
    ("sample_format", "record", "accepted", "refused"),
    [
        ("avc1", "0164001fff", ["avc1.64001F", "avc1.64001f"], ["avc1.640020", "avc3.64001F"]),
        # general_profile_space 0, Main, compatibility 0x60000000, L4.0, constraint 0x90.
        ("hvc1", "010160000000900000000000 78", ["hvc1.1.6.L120.90"], ["hvc1.1.6.L120"]),
        # Space A, high tier, Main 10.
        ("hev1", "016220000000b00000000000 99", ["hev1.A2.4.H153.B0"], ["hev1.2.4.L153.B0"]),
        ("av01", "81080c00", ["av01.0.08M.08", "av01.0.08M.08.0.110"], ["av01.0.08H.08"]),
        ("av01", "812dd000", ["av01.1.13H.10"], ["av01.1.13M.10"]),
        ("av01", "814de000", ["av01.2.13H.12"], ["av01.2.13H.10"]),
        (
            "vp09",
            "01000000 02 1f a2 09 10 09 0000",
            ["vp09.02.31.10", "vp09.02.31.10.01.09.16.09.00"],
            ["vp09.00.31.10"],
        ),
        ("mp4a", "1190", ["mp4a.40.2"], ["mp4a.40.5"]),
        ("mp4a", "2b92 0800", ["mp4a.40.5"], ["mp4a.40.2"]),
        ("mp4a", "ea 11 88", ["mp4a.40.29", "mp4a.40.5"], ["mp4a.40.2"]),
        ("mp4a", "f9 46", ["mp4a.40.42"], ["mp4a.40.2"]),
        # AAC-LC that says in its sync extension that SBR follows.
        ("mp4a", "1310 56e5 80", ["mp4a.40.5", "mp4a.40.2"], ["mp4a.40.42"]),
        ("wvtt", "", ["wvtt"], ["stpp"]),
    ],
)
def test_codec_strings_of_known_records(
    sample_format: str, record: str, accepted: list[str], refused: list[str]
) -> None:
    strings = codec_strings(sample_format, bytes.fromhex(record))

    assert all(strings.accept(each) for each in accepted)
    assert not any(strings.accept(each) for each in refused)
    assert strings.preferred == accepted[0]


@pytest.mark.parametrize("sample_format", ["avc1", "hvc1", "av01", "vp09", "mp4a"])
def test_short_records_are_refused(sample_format: str) -> None:
    with pytest.raises(Mp4Error, match="expected"):
        codec_strings(sample_format, b"\x01")


def test_edit_lists_are_seen(tmp_path: Path) -> None:
    body = ffmpeg(
        tmp_path,
        *PICTURE,
        "-c:v",
        "libx264",
        "-bf",
        "2",
        "-movflags",
        "+frag_keyframe+delay_moov+default_base_moof",
    )
    assert read_init_segment(split(body)[0]).tracks[0].has_edit_list


def test_sample_tables_and_durations_of_plain_files_are_seen(tmp_path: Path) -> None:
    body = ffmpeg(tmp_path, *PICTURE, "-c:v", "libx264", "-movflags", "+faststart")
    init = read_init_segment(body)
    assert init.movie_duration > 0
    assert init.tracks[0].table_entries > 0
    assert init.tracks[0].defaults is None
    assert not init.has_movie_extends


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def fragment(data_offset: int, *, before: bytes = b"", size: int = 4) -> bytes:
    mfhd = box(b"mfhd", struct.pack(">II", 0, 7))
    tfhd = box(b"tfhd", struct.pack(">IIIII", 0x020038, 1, 1024, size, 0x02000000))
    tfdt = box(b"tfdt", struct.pack(">IQ", 1 << 24, 2**33))
    trun = box(b"trun", struct.pack(">IIi", 0x000001, 2, data_offset))
    moof = box(b"moof", mfhd + box(b"traf", tfhd + tfdt + trun))
    return before + moof + box(b"mdat", bytes(8))


def test_fragment_by_hand_is_read_with_defaults_of_the_fragment_header() -> None:
    styp = box(b"styp", b"cmfl" + bytes(4) + b"cmflcmfc")
    prft = box(b"prft", struct.pack(">IIQQ", 1 << 24, 1, 2**63, 5))
    length = len(fragment(0)) - 8
    read = read_fragments(fragment(length, before=styp + prft))

    (only,) = read
    assert only.sequence_number == 7
    assert only.brands == ("cmfl", "cmfl", "cmfc")
    assert only.producer_reference_time is not None
    assert only.producer_reference_time.ntp_time == 2**63
    (traf,) = only.tracks
    assert traf.decode_time == 2**33
    assert traf.decode_time_version == 1
    assert traf.end_time == 2**33 + 2048
    assert [each.size for each in traf.samples] == [4, 4]
    assert traf.samples[0].offset == only.data_start


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "expected a moof and an mdat"),
        (b"\0\0\0\x07moof", "expected a size of 8"),
        (b"\0\0\0\x01moof", "expected a 64-bit box size"),
        (b"\0\0\0\x20moof", "expected a size of 8 to 8, got 32"),
        (b"\0\0", "expected a box header of 8 bytes, got 2"),
        (box(b"moof", b""), "expected mdat after moof"),
        (box(b"moof", b"") + box(b"mdat", b""), "expected a mfhd box"),
        (box(b"mdat", b""), "expected moof before mdat"),
        (box(b"moov", b""), "got 'moov'"),
        (fragment(0) + box(b"moof", b""), "expected samples within the mdat"),
        (fragment(len(fragment(0)) - 8, size=5), "expected samples within the mdat"),
    ],
)
def test_broken_fragments_are_refused_with_what_was_expected(body: bytes, text: str) -> None:
    with pytest.raises(Mp4Error, match=text):
        read_fragments(body)


def test_two_traks_of_a_muxed_file_are_read(tmp_path: Path) -> None:
    body = ffmpeg(
        tmp_path, *PICTURE, *TONE, "-c:v", "libx264", "-c:a", "aac", "-movflags", FRAGMENTED
    )
    init_bytes, fragments = split(body)
    init = read_init_segment(init_bytes)
    assert [track.kind for track in init.tracks] == ["video", "audio"]
    assert {traf.track_id for traf in read_fragments(fragments[0], init)[0].tracks} <= {1, 2}


def test_segment_of_many_fragments_is_read_in_order() -> None:
    track = show()["video"]
    init = read_init_segment(track.init)
    read = read_fragments(b"".join(part.body for part in track.segment(3)), init)
    assert len(read) == 30
    times = [each.tracks[0].decode_time for each in read]
    assert times == [180_000 + 3000 * number for number in range(30)]
    assert [each.tracks[0].samples[0].is_sync for each in read] == [True] + [False] * 29


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_damaged_media_gives_a_result_or_an_mp4_error(data: st.DataObject) -> None:
    track = show()["audio"]
    for body in (bytearray(track.init), bytearray(track.parts[0].body[:400])):
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body) - 1))
            body[at] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(body)))
        read_or_refuse(bytes(body[:cut]))
        read_or_refuse(bytes(body))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=120), st.sampled_from([b"ftyp", b"moov", b"moof", b"styp", b"prft"]))
def test_any_bytes_give_a_result_or_an_mp4_error(junk: bytes, kind: bytes) -> None:
    read_or_refuse(junk)
    read_or_refuse(box(kind, junk))
    read_or_refuse(box(b"ftyp", bytes(8)) + box(b"moov", junk))


def read_or_refuse(body: bytes) -> None:
    for read in (read_init_segment, read_fragments):
        try:
            read(body)
        except Mp4Error as exc:
            assert exc.offset >= 0  # noqa: PT017 - the error is one of two right results


def test_muxer_options_leave_no_edit_list_in_the_show() -> None:
    assert not read_init_segment(split(muxed("audio"))[0]).tracks[0].has_edit_list


def test_the_colour_of_av1_is_accepted_as_its_record_says_nothing_of_it() -> None:
    strings = codec_strings("av01", bytes.fromhex("81044c00"))
    (short, chroma) = strings.accepted
    assert strings.accept(f"{chroma}.09.16.09.1")
    assert strings.accept(f"{chroma}.149.133.144.0"), "reserved code points have three digits"
    assert not strings.accept(f"{short}.09.16.09.1")
    assert not strings.accept(f"{chroma}.09.16.09")
    assert not strings.accept("av01.0.04M.08.0.112.09.16.09.1")

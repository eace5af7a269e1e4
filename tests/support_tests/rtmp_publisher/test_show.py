"""Shows as FFmpeg's FLV demuxer reads them: RTMP's message bodies are those of FLV tags."""

import io
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import av
import pytest

from ingest.media import Codec
from tests.support.ffmpeg_log import ffmpeg_complaints
from tests.support.rtmp_publisher import (
    AudioSettings,
    CodedTrack,
    Form,
    Message,
    MessageType,
    ModEx,
    Show,
    VideoSettings,
    make_show,
)
from tests.support.rtmp_publisher.message import aggregate

NANOSECONDS = ModEx((999_999).to_bytes(3, "big"))
VIDEO_CODECS = [Codec.AVC, Codec.HEVC, Codec.AV1, Codec.VP9]
AUDIO_CODECS = [Codec.AAC, Codec.OPUS, Codec.FLAC, Codec.AC3, Codec.EAC3]


def _flv(messages: Iterable[Message]) -> bytes:
    tags = b"".join(aggregate([message]).payload for message in messages)
    return b"FLV\x01\x05\0\0\0\x09\0\0\0\0" + tags


def _read_flv(content: bytes) -> dict[tuple[str, int], list[tuple[int, int, int]]]:
    """Give dts, pts and size of each track's units by kind and order; no complaint is allowed."""
    tracks: dict[int, list[tuple[int, int, int]]] = {}
    with (
        ffmpeg_complaints() as complaints,
        av.open(io.BytesIO(content), "r", format="flv") as file,
    ):
        for packet in file.demux():
            if packet.size and packet.stream.type != "data":
                assert packet.dts is not None
                assert packet.pts is not None
                unit = (packet.dts, packet.pts, packet.size)
                tracks.setdefault(packet.stream.index, []).append(unit)
        kinds = {stream.index: stream.type for stream in file.streams}
    assert complaints == []
    read: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
    for index in sorted(tracks):
        order = sum(kind == kinds[index] for kind, _ in read)
        read[kinds[index], order] = tracks[index]
    return read


def _all(show: Show) -> list[Message]:
    return [show.metadata(), *show.sequence_starts(), *show.media()]


def _sizes(track: CodedTrack) -> list[int]:
    return [len(unit.payload) for unit in track.units]


@pytest.mark.parametrize("form", [Form.AS_OBS, Form.ENHANCED])
@pytest.mark.parametrize("codec", VIDEO_CODECS + AUDIO_CODECS, ids=lambda codec: codec.name)
def test_ffmpeg_reads_every_unit_of_each_codec(codec: Codec, form: Form) -> None:
    if codec in VIDEO_CODECS:
        show = make_show(VideoSettings(codec=codec, b_frames=2), None, form=form)
    else:
        show = make_show(None, AudioSettings(codec=codec), form=form)
    (track,) = show.video + show.audio
    ((read),) = _read_flv(_flv(_all(show))).values()
    origin = track.units[0].dts
    assert read == [
        (
            (unit.dts - origin) * 1000 // track.timescale,
            (unit.pts - origin) * 1000 // track.timescale,
            len(unit.payload),
        )
        for unit in track.units
    ]


@pytest.mark.parametrize(
    "mod_ex", [[NANOSECONDS], [ModEx(bytes(256), 5), NANOSECONDS], [ModEx(bytes(65_536), 9)]]
)
def test_ffmpeg_reads_units_behind_modifiers(mod_ex: list[ModEx]) -> None:
    show = make_show(
        VideoSettings(codec=Codec.HEVC), AudioSettings(codec=Codec.OPUS), mod_ex=mod_ex
    )
    read = _read_flv(_flv(_all(show)))
    assert [size for *_, size in read["video", 0]] == _sizes(show.video[0])
    assert [size for *_, size in read["audio", 0]] == _sizes(show.audio[0])


@pytest.mark.parametrize("form", Form)
def test_ffmpeg_reads_every_track_of_a_multitrack_show(form: Form) -> None:
    show = make_show(
        [VideoSettings(), VideoSettings(width_px=160, height_px=90)],
        [AudioSettings(), AudioSettings(bitrate_bps=48_000)],
        form=form,
    )
    # FFmpeg 8.1 takes many tracks in one message of coded units, not in one SequenceStart.
    announced = show if form is Form.AS_OBS else replace(show, form=Form.ENHANCED)
    starts = announced.sequence_starts()
    read = _read_flv(_flv([show.metadata(), *starts, *show.media()]))
    for kind, tracks in (("video", show.video), ("audio", show.audio)):
        for order, track in enumerate(tracks):
            assert [size for *_, size in read[kind, order]] == _sizes(track)


def test_many_sequence_starts_share_a_message_with_their_sizes() -> None:
    show = make_show(
        [VideoSettings(), VideoSettings(codec=Codec.HEVC)], None, form=Form.MANY_TRACKS_MANY_CODECS
    )
    (message,) = show.sequence_starts()
    first, second = (track.configuration for track in show.video)
    assert message.payload == (
        b"\x96\x20"
        + (b"avc1\0" + len(first).to_bytes(3, "big") + first)
        + (b"hvc1\1" + len(second).to_bytes(3, "big") + second)
    )


def test_tracks_above_the_first_are_announced_as_obs_does_it() -> None:
    show = make_show([VideoSettings(), VideoSettings(gop_frames=15)], [AudioSettings()] * 2)
    starts = [message.payload for message in show.sequence_starts()]
    heads = [b"\xaf\0", b"\x95\0mp4a\1", b"\x17\0\0\0\0", b"\x96\0avc1\1"]
    assert [start[: len(head)] for start, head in zip(starts, heads, strict=True)] == heads


def test_every_track_but_legacy_audio_says_its_end() -> None:
    show = make_show([VideoSettings()] * 2, [AudioSettings()] * 2)
    ends = [message.payload for message in show.sequence_ends(2000)]
    assert ends == [b"\x95\x02mp4a\1", b"\x17\2\0\0\0", b"\x96\x02avc1\1"]


def test_a_long_show_repeats_its_tracks_without_a_hole() -> None:
    show = make_show()
    times: dict[int, list[int]] = {}
    for message in show.media(duration_s=7):
        times.setdefault(message.type_id, []).append(message.timestamp_ms)
    audio, video = times[MessageType.AUDIO], times[MessageType.VIDEO]
    assert len(video) == 7 * 30
    assert len(audio) == 7 * 48_000 // 1024 + 1
    for track in (audio, video):
        steps = {later - earlier for earlier, later in pairwise(track)}
        assert steps in ({21, 22}, {33, 34})
    everything = [message.timestamp_ms for message in show.media(duration_s=7)]
    assert everything == sorted(everything)

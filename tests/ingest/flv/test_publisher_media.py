"""A publisher's messages as tracks, samples, breaks and warnings."""

from dataclasses import replace
from fractions import Fraction

import pytest

from ingest.flv import PublisherMedia, UnsupportedCodec
from ingest.media import (
    Codec,
    ColorDescription,
    Discontinuity,
    MediaEvent,
    PublisherWarning,
    Sample,
    TrackEnded,
    TracksAnnounced,
    WarningCode,
)
from ingest.rtmp.amf import AmfValue
from ingest.rtmp.amf0 import encode_values
from ingest.rtmp.event import MediaMessage, MediaMessageKind
from tests.ingest.flv.recording import (
    audio,
    receive_all,
    record,
    samples_of,
    tracks_of,
    video,
)

AAC_HEADER = audio(0, "af00 1190")
AAC_FRAME = bytes.fromhex("af01 21100460")
IDR, SLICE = "00000003 65aabb", "00000003 41ccdd"
SPS = "6764001facd9405005bb016a02020280000003008000001e478c18cb"
PPS = "68ebe3cb22c0"
AVCC = f"0164001f ff e1 001c {SPS} 01 0006 {PPS}"
AVC_HEADER = video(0, f"17 00 000000 {AVCC}")


def picture(
    timestamp_ms: int, units: str, *, first: str = "27", cts: str = "000000"
) -> MediaMessage:
    return video(timestamp_ms, f"{first} 01 {cts} {units}")


def warnings_of(events: list[MediaEvent]) -> list[WarningCode]:
    return [event.code for event in events if isinstance(event, PublisherWarning)]


def avc_samples(*pictures: MediaMessage) -> list[Sample]:
    return samples_of(receive_all([AVC_HEADER, *pictures]), "video")


def test_the_fixed_header_describes_720p30() -> None:
    [track] = tracks_of(receive_all([AVC_HEADER]), "video")
    assert track.video is not None
    assert (track.video.width_px, track.video.height_px) == (1280, 720)
    assert track.video.frame_rate == 30
    assert track.decoder_configuration == bytes.fromhex(AVCC)


def test_sync_comes_from_the_nal_unit_type_not_from_the_frame_type() -> None:
    samples = avc_samples(picture(0, IDR), picture(33, SLICE, first="17"))
    assert [sample.is_sync for sample in samples] == [True, False]


def test_filler_and_empty_nal_units_and_parameter_sets_are_left_out_and_sei_is_kept() -> None:
    sei, filler, empty = "00000002 0605", "00000004 0cffff80", "00000000"
    sps, pps = f"0000001c {SPS}", f"00000006 {PPS}"
    unit = f"{sps} {pps} {sei} {empty} {IDR} {filler}"
    events = receive_all([AVC_HEADER, picture(0, unit)])
    [sample] = samples_of(events, "video")
    assert sample.payload == bytes.fromhex(sei + IDR)
    assert len(tracks_of(events, "video")) == 1


def test_nothing_but_filler_is_no_sample() -> None:
    assert avc_samples(picture(0, "00000004 0cffff80")) == []


def test_a_new_parameter_set_in_band_describes_the_track_anew() -> None:
    other = "68ebe3cb22c1"
    events = receive_all(
        [AVC_HEADER, picture(0, IDR), picture(33, f"00000006 {other} {IDR}"), picture(67, IDR)]
    )
    first, second = tracks_of(events, "video")
    assert second.video == first.video
    # 14496-15 5.3.3: the record of a High profile ends with chroma format and bit depths.
    expected = f"0164001f ff e1 001c {SPS} 01 0006 {other} fd f8 f8 00"
    assert second.decoder_configuration == bytes.fromhex(expected)
    assert len(samples_of(events, "video")) == 3


def test_parameter_sets_that_come_in_band_alone_start_the_track() -> None:
    empty_record = video(0, "17 00 000000 0164001f ff e0 00")
    unit = f"0000001c {SPS} 00000006 {PPS} {IDR}"
    events = receive_all([empty_record, picture(0, SLICE), picture(33, unit)])
    [track] = tracks_of(events, "video")
    assert track.video is not None
    assert track.video.width_px == 1280
    assert len(samples_of(events, "video")) == 1
    assert warnings_of(events) == [WarningCode.BROKEN_PAYLOAD]


def test_annex_b_becomes_length_prefixes() -> None:
    [sample] = avc_samples(picture(0, "00000001 09f0 000001 65aabb 00000001 41ccdd"))
    assert sample.payload == bytes.fromhex("00000002 09f0" + IDR + SLICE)
    assert sample.is_sync


def test_length_prefixes_keep_the_size_of_the_record() -> None:
    header = video(0, f"17 00 000000 0164001f fd {AVCC[11:]}")
    events = receive_all([header, picture(0, "0003 65aabb 0002 0cff 0003 41ccdd")])
    [sample] = samples_of(events, "video")
    assert sample.payload == bytes.fromhex("0003 65aabb 0003 41ccdd")


def test_an_identical_header_says_nothing_and_a_changed_one_starts_the_track_again() -> None:
    changed = video(0, f"17 00 000000 {AVCC.replace('22c0', '22c1')}")
    events = receive_all([AVC_HEADER, picture(0, IDR), AVC_HEADER, changed, changed])
    assert len(tracks_of(events, "video")) == 2


def test_a_negative_composition_time_gives_a_pts_before_the_dts() -> None:
    message = video(2543534, "17 01 ffffde 00000003 65aabb")
    [sample] = samples_of(receive_all([AVC_HEADER, message]), "video")
    # -34 ms lies within a millisecond of one frame at 30 fps.
    assert (sample.dts, sample.pts) == (0, -3000)


@pytest.mark.parametrize("start", [0, 5000, 0x7FFFFFEB, 0xFFFFF000])
@pytest.mark.parametrize("bits", [31, 32])
def test_times_count_from_the_first_unit_wherever_the_wire_starts(start: int, bits: int) -> None:
    messages = [AVC_HEADER, AAC_HEADER]
    for index in range(300):
        time_ms = (start + index * 100 // 3) % 2**bits
        messages.append(picture(time_ms, IDR if index % 60 == 0 else SLICE))
        messages.append(audio(time_ms, AAC_FRAME))
    events = receive_all(messages)
    assert [sample.dts for sample in samples_of(events, "video")] == [
        index * 3000 for index in range(300)
    ]
    assert warnings_of(events) == []


def test_late_audio_shares_the_origin_of_video() -> None:
    pictures = [picture(1000 + index * 40, SLICE) for index in range(126)]
    events = receive_all([AVC_HEADER, *pictures, AAC_HEADER, audio(6000, AAC_FRAME)])
    [sample] = samples_of(events, "audio")
    assert (sample.dts, sample.duration) == (240_000, 1024)


def test_a_jump_of_both_tracks_is_one_discontinuity_with_a_new_origin() -> None:
    messages = [AVC_HEADER, AAC_HEADER]
    for base in (0, 3_600_000):
        for index in range(10):
            messages.append(picture(base + index * 40, SLICE))
            messages.append(audio(base + index * 40, AAC_FRAME))
    events = receive_all(messages)
    assert sum(isinstance(event, Discontinuity) for event in events) == 1
    assert warnings_of(events) == [WarningCode.TIMESTAMPS_JUMPED]
    last = samples_of(events, "video")[-1]
    assert last.dts == 9 * 3600


@pytest.mark.parametrize("video_ms", [20_000, 3_600_000, 2**30])
def test_a_track_with_another_clock_begins_beside_the_others_and_is_told_of(video_ms: int) -> None:
    messages = [AVC_HEADER, AAC_HEADER]
    for index in range(50):
        messages.append(audio(index * 40, AAC_FRAME))
        messages.append(picture(video_ms + index * 40, SLICE))
    events = receive_all(messages)
    assert not any(isinstance(event, Discontinuity) for event in events)
    assert [sample.dts for sample in samples_of(events, "video")] == [
        index * 3600 for index in range(50)
    ]
    [warning] = [event for event in events if isinstance(event, PublisherWarning)]
    assert warning.code is WarningCode.TIMESTAMPS_JUMPED
    assert warning.text.startswith("video: timestamps begin ")
    assert "of the other tracks" in warning.text


def test_a_jump_of_one_track_alone_breaks_once_and_the_other_is_aligned() -> None:
    messages = [AVC_HEADER, AAC_HEADER]
    for index in range(150):
        jump_ms = 3_600_000 if index >= 50 else 0
        messages.append(audio(index * 40, AAC_FRAME))
        messages.append(picture(jump_ms + index * 40, SLICE))
    events = receive_all(messages)
    assert sum(isinstance(event, Discontinuity) for event in events) == 1
    ends_s = [
        samples_of(events, name)[-1].dts / timescale
        for name, timescale in (("video", 90_000), ("audio", 48_000))
    ]
    assert abs(ends_s[0] - ends_s[1]) < 1.5


def test_equal_times_are_repaired_and_told_at_a_sane_rate() -> None:
    media = PublisherMedia()
    media.receive(AVC_HEADER, 0.0)
    events: list[MediaEvent] = []
    for index in range(1500):
        events += media.receive(picture(40, SLICE), index / 25)
    samples = samples_of(events, "video")
    assert [sample.dts for sample in samples] == list(range(1500))
    assert 1 <= len(warnings_of(events)) <= 7
    assert set(warnings_of(events)) == {WarningCode.TIMESTAMPS_REPAIRED}
    assert "times)" in [event for event in events if isinstance(event, PublisherWarning)][-1].text


def test_what_was_held_back_is_told_at_the_end() -> None:
    messages = [AVC_HEADER, *[picture(40, SLICE)] * 5]
    assert warnings_of(receive_all(messages)) == [WarningCode.TIMESTAMPS_REPAIRED] * 2


def test_empty_messages_are_ignored() -> None:
    messages = [audio(0, b""), video(0, b""), AVC_HEADER, video(33, "1701000000"), audio(3, "af01")]
    events = receive_all(messages)
    assert len(events) == 1


def test_broken_units_cost_themselves_and_a_warning() -> None:
    broken = picture(33, "000000ff 41")
    events = receive_all([AVC_HEADER, picture(0, IDR), broken, picture(67, SLICE)])
    assert len(samples_of(events, "video")) == 2
    assert warnings_of(events) == [WarningCode.BROKEN_PAYLOAD]


def test_a_broken_header_leaves_the_track_as_it_was() -> None:
    events = receive_all(
        [
            AVC_HEADER,
            picture(0, IDR),
            video(0, "17 00 000000 0164001f ff e1 00ff 67"),
            picture(33, IDR),
        ]
    )
    assert len(samples_of(events, "video")) == 2
    assert warnings_of(events) == [WarningCode.BROKEN_PAYLOAD]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (audio(0, "2ffffb"), "MP3"),
        (audio(0, "b200"), "Speex"),
        (video(0, "1200"), "H.263"),
        (video(0, "90" + b"vvc1".hex()), "VVC"),
        (video(0, "90" + b"wxyz".hex()), "wxyz"),
    ],
)
def test_a_main_track_of_another_codec_is_refused_and_told_what_is_supported(
    message: MediaMessage, name: str
) -> None:
    with pytest.raises(UnsupportedCodec, match=name) as refusal:
        PublisherMedia().receive(message, 0.0)
    supported = "AAC" if message.kind is MediaMessageKind.AUDIO else "H.264"
    assert supported in str(refusal.value)


def test_a_further_track_of_another_codec_is_ignored_with_a_warning() -> None:
    events = receive_all([AVC_HEADER, video(0, "96 00" + b"wxyz".hex() + "01 aa"), picture(0, IDR)])
    assert warnings_of(events) == [WarningCode.UNSUPPORTED_TRACK]
    assert len(samples_of(events, "video")) == 1


def test_the_tracks_of_obs_multitrack_stand_beside_each_other() -> None:
    avc1, mp4a = b"avc1".hex(), b"mp4a".hex()
    events = receive_all(
        [
            AVC_HEADER,
            AAC_HEADER,
            video(0, f"96 00 {avc1} 01 {AVCC}"),
            audio(0, f"95 00 {mp4a} 01 1210"),
            picture(0, IDR, first="17"),
            video(0, f"96 01 {avc1} 01 000000 {IDR}"),
            audio(0, AAC_FRAME),
            audio(0, f"95 01 {mp4a} 01 21100460"),
        ]
    )
    for name, track_id in (("video", 0), ("video-1", 1), ("audio", 0), ("audio-1", 1)):
        [track] = tracks_of(events, name)
        assert track.track_id == track_id
        assert len(samples_of(events, name)) == 1
    assert tracks_of(events, "audio-1")[0].timescale == 44_100


def test_more_tracks_than_are_carried_are_ignored_with_a_warning() -> None:
    mp4a = b"mp4a".hex()
    messages = [audio(0, f"95 00 {mp4a} {index:02x} 1190") for index in range(20)]
    events = receive_all(messages)
    assert set(warnings_of(events)) == {WarningCode.UNSUPPORTED_TRACK}
    assert len(events) - len(warnings_of(events)) == 16


def test_media_after_the_end_of_a_track_starts_it_again() -> None:
    end = video(40, "17 02 000000")
    events = receive_all([AVC_HEADER, picture(0, IDR), end, end, AVC_HEADER, picture(80, IDR)])
    assert len(tracks_of(events, "video")) == 2
    assert [event for event in events if isinstance(event, TrackEnded)] == [TrackEnded("video")]


def test_metadata_announces_tracks_and_claims_of_each() -> None:
    media = PublisherMedia()
    [announced] = media.receive_metadata(
        {
            "videocodecid": 7.0,
            "videodatarate": 2500.0,
            "audiocodecid": "mp4a",
            "framerate": float("nan"),
            "videoTrackIdInfoMap": {
                "1": {"videodatarate": 800.0},
                "x": {},
                "999": {},
                "1" * 5000: {},
            },
            "audioTrackIdInfoMap": {"2": None},
        }
    )
    assert announced == TracksAnnounced(frozenset({"video", "video-1", "audio", "audio-2"}))
    events = media.receive(AVC_HEADER, 0.0)
    assert tracks_of(events, "video")[0].bitrate_bps == 2_500_000
    further = video(0, f"96 00 {b'avc1'.hex()} 01 {AVCC}")
    assert tracks_of(media.receive(further, 0.0), "video-1")[0].bitrate_bps == 800_000


def test_metadata_without_tracks_announces_nothing() -> None:
    assert PublisherMedia().receive_metadata({"audiocodecid": 0.0, "encoder": "x"}) == []


COLOR_INFO: dict[str, AmfValue] = {
    "colorConfig": {
        "bitDepth": 10.0,
        "colorPrimaries": 9.0,
        "transferCharacteristics": 16.0,
        "matrixCoefficients": 9.0,
    },
    "hdrCll": {"maxFall": 400.0, "maxCLL": 1000.0},
    "hdrMdcv": {
        "redX": 0.708,
        "redY": 0.292,
        "greenX": 0.170,
        "greenY": 0.797,
        "blueX": 0.131,
        "blueY": 0.046,
        "whitePointX": 0.3127,
        "whitePointY": 0.3290,
        "maxLuminance": 1000.0,
        "minLuminance": 0.0001,
    },
}


def color_message(values: dict[str, AmfValue]) -> MediaMessage:
    body = encode_values("colorInfo", values)
    return video(0, bytes.fromhex("84") + b"hvc1" + body)


def test_hdr_metadata_before_the_header_describes_the_track_once() -> None:
    recording = record("libx265", None)
    header = next(message for message in recording.messages if message.payload[:1] == b"\x90")
    [track] = tracks_of(receive_all([color_message(COLOR_INFO), header]), "video")
    assert track.codec is Codec.HEVC
    assert track.video is not None
    assert track.video.color == ColorDescription(9, 16, 9)
    assert track.video.content_light_level == bytes.fromhex("03e8 0190")
    assert track.video.mastering_display == bytes.fromhex(
        "2134 9baa 1996 08fc 8a48 3908 3d13 4042 00989680 00000001"
    )
    again = tracks_of(receive_all([header, color_message(COLOR_INFO), header]), "video")
    assert again[1:] == [track]
    plain = replace(track.video, color=None, mastering_display=None, content_light_level=None)
    assert again[0].video == plain


def test_luminances_without_chromaticities_make_no_mastering_display() -> None:
    recording = record("libx265", None)
    header = next(message for message in recording.messages if message.payload[:1] == b"\x90")
    values: dict[str, AmfValue] = {
        **COLOR_INFO,
        "hdrMdcv": {"maxLuminance": 1000.0, "minLuminance": 0.0},
        "hdrCll": {},
    }
    [track] = tracks_of(receive_all([color_message(values), header]), "video")
    assert track.video is not None
    assert track.video.mastering_display is None
    assert track.video.content_light_level is None


def test_opus_without_a_header_is_stereo_and_with_a_channel_count_has_it() -> None:
    opus = b"Opus".hex()
    coded = audio(0, f"91 {opus} fcfffe")
    [stereo] = tracks_of(receive_all([audio(0, f"90 {opus}"), coded]), "audio")
    assert stereo.audio is not None
    assert stereo.audio.channel_count == 2
    assert stereo.decoder_configuration[:8] == b"OpusHead"
    channels = audio(0, f"94 {opus} 01 06 0000003f")
    [surround] = tracks_of(receive_all([audio(0, f"90 {opus}"), channels, coded]), "audio")
    assert surround.audio is not None
    assert surround.audio.channel_count == 6


def test_adts_headers_are_stripped_and_may_stand_for_the_header() -> None:
    adts = "fff14c80017ffc" + "21100460"
    frames = audio(0, "af01" + adts * 2)
    for header in ([AAC_HEADER], []):
        events = receive_all([*header, frames])
        samples = samples_of(events, "audio")
        assert [sample.payload for sample in samples] == [bytes.fromhex("21100460")] * 2
        assert [sample.dts for sample in samples] == [0, 1024]
        assert tracks_of(events, "audio")[0].decoder_configuration == bytes.fromhex("1190")


def test_he_aac_counts_in_its_output_rate() -> None:
    header = audio(0, "af00 2b920800")
    messages = [audio(index * 46440 // 1000, AAC_FRAME) for index in range(50)]
    events = receive_all([header, *messages])
    [track] = tracks_of(events, "audio")
    assert track.timescale == 44_100
    assert [sample.dts for sample in samples_of(events, "audio")] == [
        index * 2048 for index in range(50)
    ]


def test_av1_gets_its_sequence_header_back_and_loses_delimiters() -> None:
    recording = record("libsvtav1", None)
    header, *_ = (message for message in recording.messages if message.payload[:1] == b"\x90")
    first = next(message for message in recording.messages if message.payload[:1] == b"\x91")
    body = first.payload[5:]
    assert body[:4].hex() == "12000a0b"  # temporal delimiter, sequence header of 11 bytes
    sequence_header, frame = body[2:15], body[15:]
    bare = video(0, first.payload[:5] + b"\x12\x00" + frame)
    samples = samples_of(receive_all([header, first, bare._replace(timestamp_ms=33)]), "video")
    assert [sample.payload for sample in samples] == [sequence_header + frame] * 2
    assert [sample.is_sync for sample in samples] == [True, True]


def test_hevc_parameter_sets_in_band_make_the_same_record() -> None:
    recording = record("libx265", None)
    header, *coded = (
        message for message in recording.messages if message.kind is MediaMessageKind.VIDEO
    )
    [told, *_] = tracks_of(receive_all([header]), "video")
    sets = b""
    configuration = told.decoder_configuration
    position = 23
    for _ in range(configuration[22]):
        kind = configuration[position] & 0x3F
        size = int.from_bytes(configuration[position + 3 : position + 5], "big")
        if kind in (32, 33, 34):
            unit = configuration[position + 5 : position + 5 + size]
            sets += len(unit).to_bytes(4, "big") + unit
        position += 5 + size
    bare = video(0, b"\x90hvc1" + configuration[:22] + b"\x00")
    idr = next(message for message in coded if message.payload[0] == 0x91)
    in_band = video(0, idr.payload[:8] + sets + idr.payload[8:])
    events = receive_all([bare, in_band])
    [track] = tracks_of(events, "video")
    assert track.video == told.video
    # Profile, tier, level, chroma and depth are the encoder's own.
    assert track.decoder_configuration[:13] == configuration[:13]
    assert track.decoder_configuration[16:19] == configuration[16:19]
    assert samples_of(events, "video") == samples_of(receive_all([header, idr]), "video")


def test_vp9_is_described_at_its_first_key_frame() -> None:
    recording = record("libvpx-vp9", None)
    coded = [message for message in recording.messages if message.payload[:1] in (b"\x91", b"\xa1")]
    events = receive_all(coded)
    [track] = tracks_of(events, "video")
    assert track.video is not None
    assert (track.video.width_px, track.video.height_px) == (320, 180)
    assert track.decoder_configuration.hex() == "000b820202020000"


def test_a_codec_may_change_under_the_same_track_id() -> None:
    recording = record("libx265", None)
    hevc = [message for message in recording.messages if message.kind is MediaMessageKind.VIDEO]
    shifted = [message._replace(timestamp_ms=message.timestamp_ms + 67) for message in hevc]
    events = receive_all([AVC_HEADER, picture(0, IDR), picture(33, SLICE), *shifted])
    assert [track.codec for track in tracks_of(events, "video")] == [Codec.AVC, Codec.HEVC]
    times = [sample.dts for sample in samples_of(events, "video")]
    assert times == sorted(set(times))


def test_a_varying_frame_rate_is_told_once() -> None:
    messages = [AVC_HEADER]
    time_ms, seed = 0, 1
    for _ in range(900):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        time_ms += 20 + (seed >> 16) % 60
        messages.append(picture(time_ms, IDR))
    assert warnings_of(receive_all(messages)) == [WarningCode.FRAME_RATE_VARIES]


def test_frame_rate_of_metadata_wins_over_field_rates() -> None:
    events = receive_all([AVC_HEADER], {"videocodecid": 7.0, "framerate": 15.0})
    [track] = tracks_of(events, "video")
    assert track.video is not None
    assert track.video.frame_rate == Fraction(15)


def test_data_messages_give_nothing() -> None:
    message = MediaMessage(MediaMessageKind.DATA, 0, b"\x02\x00\x01x")
    assert PublisherMedia().receive(message, 0.0) == []


@pytest.mark.parametrize(
    "message",
    [
        video(0, b"\x27\x01\x00\x00\x00" + b"\x00\x00\x00\x01\x41" * 10_000),
        video(0, b"\x27\x01\x00\x00\x00" + bytes(100_000)),
        video(0, b"\x27\x01\x00\x00\x00" + b"\x00\x00\x01\x41" * 10_000),
        video(0, b"\x96\x20av01\x01" + b"\x12\x00" * 10_000),
        audio(0, b"\x91ac-3" + bytes.fromhex("0b7700000040") + bytes(122) * 2000),
    ],
)
def test_a_message_of_countless_tiny_units_is_refused(message: MediaMessage) -> None:
    events = receive_all([AVC_HEADER, message])
    assert warnings_of(events) == [WarningCode.BROKEN_PAYLOAD]


def test_a_run_of_countless_adts_frames_is_cut_off() -> None:
    frame = bytes.fromhex("fff14c80017ffc21100460")
    events = receive_all([AAC_HEADER, audio(0, b"\xaf\x01" + frame * 5000)])
    assert len(samples_of(events, "audio")) == 64

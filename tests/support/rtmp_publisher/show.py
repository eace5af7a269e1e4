"""Shows: coded tracks as the RTMP messages that a publisher sends, without any connection."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from heapq import merge
from itertools import count
from math import floor

from ingest.media import Codec, MediaKind
from tests.support.rtmp_publisher import amf0
from tests.support.rtmp_publisher.amf0 import AmfValue, EcmaArray
from tests.support.rtmp_publisher.coded_track import (
    AudioSettings,
    CodedTrack,
    CodedUnit,
    VideoSettings,
    encode_audio,
    encode_video,
)
from tests.support.rtmp_publisher.flv_body import (
    AVC_CODEC_ID,
    INTER_FRAME,
    KEY_FRAME,
    AudioPacketType,
    ModEx,
    MultitrackType,
    TrackBody,
    VideoPacketType,
    composition_time,
    enhanced_audio,
    enhanced_video,
    legacy_audio,
    legacy_video,
    multitrack_audio,
    multitrack_video,
)
from tests.support.rtmp_publisher.message import Message, MessageType

FOUR_CCS: Mapping[Codec, bytes] = {
    Codec.AVC: b"avc1",
    Codec.HEVC: b"hvc1",
    Codec.AV1: b"av01",
    Codec.VP9: b"vp09",
    Codec.AAC: b"mp4a",
    Codec.OPUS: b"Opus",
    Codec.FLAC: b"fLaC",
    Codec.AC3: b"ac-3",
    Codec.EAC3: b"ec-3",
}
_LEGACY_CODECS: Mapping[Codec, int] = {Codec.AVC: AVC_CODEC_ID, Codec.AAC: 10}
_COMPOSED_CODECS = frozenset({Codec.AVC, Codec.HEVC})  # whose CodedFrames have an SI24
_UNANNOUNCED_CODECS = frozenset({Codec.AC3, Codec.EAC3})  # which have no SequenceStart
_DEFAULT_VIDEO, _DEFAULT_AUDIO = VideoSettings(), AudioSettings()
_STREAMINFO_BLOCK = b"fLaC\x80\0\0\x22"


class Form(Enum):
    """How tracks are put into messages."""

    AS_OBS = "legacy for AVC and AAC of track 0, else Enhanced RTMP; one message a track"
    ENHANCED = "as OBS, but with a FourCC for AVC and AAC too"
    MANY_TRACKS = "all tracks of a kind, of one codec, in one message"
    MANY_TRACKS_MANY_CODECS = "all tracks of a kind, each with its FourCC, in one message"


@dataclass(frozen=True, slots=True)
class _TimedUnit:
    """A unit with its wire times."""

    dts_ms: int
    offset_ms: int
    unit: CodedUnit


@dataclass(frozen=True, slots=True)
class Show:
    """What a publisher sends. A track's id is its place among those of its kind.

    Times begin at 0 with the earliest unit and are milliseconds rounded down, as OBS does it.
    `mod_ex` stands before every Enhanced unit that is not multitrack.
    """

    video: tuple[CodedTrack, ...] = ()
    audio: tuple[CodedTrack, ...] = ()
    form: Form = Form.AS_OBS
    mod_ex: tuple[ModEx, ...] = ()

    def metadata(self) -> Message:
        """Give `@setDataFrame` with the keys of OBS."""
        values = EcmaArray({"duration": 0, "fileSize": 0, "encoder": "Rillcast test publisher"})
        for track in self.video[:1]:
            values |= _describe(track)
        for track in self.audio[:1]:
            values |= _describe(track)
        for kind, tracks in (("video", self.video), ("audio", self.audio)):
            if len(tracks) > 1:
                values[f"{kind}TrackIdInfoMap"] = {
                    str(index): _describe(track) for index, track in enumerate(tracks) if index
                }
        payload = amf0.encode("@setDataFrame", "onMetaData", values)
        return Message(MessageType.DATA_AMF0, 0, payload)

    def sequence_starts(self, timestamp_ms: int = 0) -> list[Message]:
        """Give the decoder configurations, audio first as OBS does it."""
        return [
            Message(message_type, timestamp_ms, body)
            for message_type, tracks in self._kinds()
            for body in self._announce(tracks)
        ]

    def sequence_ends(self, timestamp_ms: int) -> list[Message]:
        """Say that every track ends."""
        messages = []
        for message_type, tracks in self._kinds():
            for track_id, track in enumerate(tracks):
                codec = _codec(track)
                if self._is_legacy(track_id, track):
                    if codec is Codec.AAC:
                        continue  # legacy audio has no end
                    body = legacy_video(KEY_FRAME, 2, 0, b"")
                else:
                    body = self._single(track_id, codec, KEY_FRAME, 2, b"")
                messages.append(Message(message_type, timestamp_ms, body))
        return messages

    def media(self, duration_s: float | None = None) -> Iterator[Message]:
        """Give the coded units in the order of their times.

        Each track once through; or for `duration_s`, over and over, each track with its own
        period, so that no track has a hole.
        """
        origin_s = -min(
            Fraction(track.units[0].dts, track.timescale) for track in self.video + self.audio
        )
        lines = []
        for message_type, tracks in self._kinds():
            timed = [_timed_units(track, origin_s, duration_s) for track in tracks]
            if self.form in {Form.MANY_TRACKS, Form.MANY_TRACKS_MANY_CODECS}:
                lines.append(self._together(message_type, tracks, timed))
            else:
                lines += [
                    self._alone(message_type, track_id, track, units)
                    for track_id, (track, units) in enumerate(zip(tracks, timed, strict=True))
                ]
        return merge(*lines, key=lambda message: message.timestamp_ms)

    def _kinds(self) -> list[tuple[MessageType, tuple[CodedTrack, ...]]]:
        kinds = [(MessageType.AUDIO, self.audio), (MessageType.VIDEO, self.video)]
        return [(message_type, tracks) for message_type, tracks in kinds if tracks]

    def _is_legacy(self, track_id: int, track: CodedTrack) -> bool:
        return track_id == 0 and _codec(track) in _LEGACY_CODECS and self.form is Form.AS_OBS

    def _announce(self, tracks: tuple[CodedTrack, ...]) -> Iterator[bytes]:
        announced = [
            (track_id, track)
            for track_id, track in enumerate(tracks)
            if _codec(track) not in _UNANNOUNCED_CODECS
        ]
        if self.form in {Form.MANY_TRACKS, Form.MANY_TRACKS_MANY_CODECS}:
            bodies = [
                TrackBody(track_id, FOUR_CCS[_codec(track)], _sequence_start(track))
                for track_id, track in announced
            ]
            if bodies:
                yield self._multitrack(_codec(tracks[0]).kind, KEY_FRAME, 0, bodies)
            return
        for track_id, track in announced:
            codec = _codec(track)
            if not self._is_legacy(track_id, track):
                yield self._single(track_id, codec, KEY_FRAME, 0, _sequence_start(track))
            elif codec is Codec.AVC:
                yield legacy_video(KEY_FRAME, 0, 0, track.configuration)
            else:
                yield legacy_audio(0, track.configuration)

    def _alone(
        self,
        message_type: MessageType,
        track_id: int,
        track: CodedTrack,
        units: Iterator[_TimedUnit],
    ) -> Iterator[Message]:
        codec, is_legacy = _codec(track), self._is_legacy(track_id, track)
        for timed in units:
            payload = timed.unit.payload
            frame_type = KEY_FRAME if timed.unit.is_sync else INTER_FRAME
            if is_legacy and codec is Codec.AVC:
                body = legacy_video(frame_type, 1, timed.offset_ms, payload)
            elif is_legacy:
                body = legacy_audio(1, payload)
            else:
                packet_type, content = _coded_frames(codec, timed)
                body = self._single(
                    track_id, codec, frame_type, packet_type, content, mod_ex=self.mod_ex
                )
            yield Message(message_type, timed.dts_ms, body)

    def _together(
        self,
        message_type: MessageType,
        tracks: tuple[CodedTrack, ...],
        timed: list[Iterator[_TimedUnit]],
    ) -> Iterator[Message]:
        codecs = [_codec(track) for track in tracks]
        for units in zip(*timed, strict=False):
            bodies = []
            for track_id, (codec, unit) in enumerate(zip(codecs, units, strict=True)):
                content = unit.unit.payload
                if codec in _COMPOSED_CODECS:
                    content = composition_time(unit.offset_ms) + content
                bodies.append(TrackBody(track_id, FOUR_CCS[codec], content))
            frame_type = KEY_FRAME if units[0].unit.is_sync else INTER_FRAME
            body = self._multitrack(codecs[0].kind, frame_type, 1, bodies)
            yield Message(message_type, units[0].dts_ms, body)

    def _multitrack(
        self, kind: MediaKind, frame_type: int, packet_type: int, bodies: list[TrackBody]
    ) -> bytes:
        form = (
            MultitrackType.MANY_TRACKS
            if self.form is Form.MANY_TRACKS
            else MultitrackType.MANY_TRACKS_MANY_CODECS
        )
        if kind is MediaKind.VIDEO:
            return multitrack_video(frame_type, packet_type, form, bodies)
        return multitrack_audio(packet_type, form, bodies)

    def _single(
        self,
        track_id: int,
        codec: Codec,
        frame_type: int,
        packet_type: int,
        content: bytes,
        *,
        mod_ex: Sequence[ModEx] = (),
    ) -> bytes:
        """Write an Enhanced message of one track; above track 0 in the OneTrack form, as OBS."""
        four_cc = FOUR_CCS[codec]
        alone = [TrackBody(track_id, four_cc, content)]
        if codec.kind is MediaKind.VIDEO:
            if track_id:
                return multitrack_video(frame_type, packet_type, MultitrackType.ONE_TRACK, alone)
            return enhanced_video(frame_type, packet_type, four_cc, content, mod_ex=mod_ex)
        if track_id:
            return multitrack_audio(packet_type, MultitrackType.ONE_TRACK, alone)
        return enhanced_audio(packet_type, four_cc, content, mod_ex=mod_ex)


def make_show(
    video: VideoSettings | Sequence[VideoSettings] | None = _DEFAULT_VIDEO,
    audio: AudioSettings | Sequence[AudioSettings] | None = _DEFAULT_AUDIO,
    *,
    form: Form = Form.AS_OBS,
    mod_ex: Sequence[ModEx] = (),
) -> Show:
    """Encode a show: two seconds of a test picture and a tone, unless told otherwise."""
    videos = [video] if isinstance(video, VideoSettings) else video or ()
    audios = [audio] if isinstance(audio, AudioSettings) else audio or ()
    return Show(
        tuple(map(encode_video, videos)), tuple(map(encode_audio, audios)), form, tuple(mod_ex)
    )


def _codec(track: CodedTrack) -> Codec:
    return track.settings.codec


def _timed_units(
    track: CodedTrack, origin_s: Fraction, duration_s: float | None
) -> Iterator[_TimedUnit]:
    """Give the units with wire times, once or repeated until `duration_s`."""
    units, timescale = track.units, track.timescale
    period = units[-1].dts + units[-1].duration - units[0].dts
    origin = origin_s * timescale
    for turn in count() if duration_s is not None else range(1):
        start = origin + turn * period
        for unit in units:
            dts_ms = floor((unit.dts + start) * 1000 / timescale)
            if duration_s is not None and dts_ms >= duration_s * 1000:
                return
            pts_ms = floor((unit.pts + start) * 1000 / timescale)
            yield _TimedUnit(dts_ms, pts_ms - dts_ms, unit)


def _sequence_start(track: CodedTrack) -> bytes:
    """Give the body of SequenceStart: the configuration, for FLAC behind its own head."""
    if _codec(track) is Codec.FLAC:
        return _STREAMINFO_BLOCK + track.configuration
    return track.configuration


def _coded_frames(codec: Codec, timed: _TimedUnit) -> tuple[int, bytes]:
    """Choose the packet type; CodedFramesX where the composition time is 0."""
    if codec.kind is MediaKind.AUDIO:
        return AudioPacketType.CODED_FRAMES, timed.unit.payload
    if timed.offset_ms == 0:
        return VideoPacketType.CODED_FRAMES_X, timed.unit.payload
    if codec in _COMPOSED_CODECS:
        content = composition_time(timed.offset_ms) + timed.unit.payload
        return VideoPacketType.CODED_FRAMES, content
    raise ValueError(f"{codec.value} over RTMP has no composition time, got {timed.offset_ms} ms")


def _describe(track: CodedTrack) -> dict[str, AmfValue]:
    settings = track.settings
    codec_id = _LEGACY_CODECS.get(settings.codec, int.from_bytes(FOUR_CCS[settings.codec], "big"))
    rate_kbps = settings.bitrate_bps / 1000
    if isinstance(settings, VideoSettings):
        return {
            "width": settings.width_px,
            "height": settings.height_px,
            "videocodecid": codec_id,
            "videodatarate": rate_kbps,
            "framerate": float(settings.frame_rate),
        }
    return {
        "audiocodecid": codec_id,
        "audiodatarate": rate_kbps,
        "audiosamplerate": settings.sample_rate_hz,
        "audiosamplesize": 16,
        "audiochannels": {"mono": 1, "stereo": 2, "5.1": 6}[settings.channel_layout],
        "stereo": settings.channel_layout == "stereo",
    }

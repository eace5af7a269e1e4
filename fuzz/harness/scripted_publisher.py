"""ScriptedPublisher: a publisher whose every move an entry chooses, and its FLV messages."""

from dataclasses import dataclass, field

from fuzz.harness.plain_track import AAC_CONFIGS, AVC_RECORDS
from ingest.rtmp import MediaMessage, MediaMessageKind

_AUDIO_RATES_HZ = (48_000, 44_100)  # of AAC_CONFIGS
_AAC_FRAME_SAMPLES = 1024
_KEY, _INTER = b"\x17\x01", b"\x27\x01"
# Track 1 in the OneTrack form of Enhanced RTMP v2, with the packet type in the low bits.
_SECOND_KEY, _SECOND_INTER, _SECOND_SOUND = b"\x96", b"\xa6", b"\x95"
_SEQUENCE_START, _CODED_FRAMES = b"\0", b"\x01"
_SECOND_AVC, _SECOND_AAC = b"avc1\x01", b"mp4a\x01"
_SOUND = b"\xaf\x01"
_RAW_AAC = b"\x21\x10\x04\x60\x8c\x1c"
_IDR_NAL, _SLICE_NAL = b"\0\0\0\x03\x65\x88\x80", b"\0\0\0\x03\x41\x9a\x02"


@dataclass(slots=True)
class ScriptedPublisher:
    """An encoder of H.264 and AAC. `clock_ms` is where its media is, on a wire that wraps."""

    start_ms: int
    wire_bits: int = 32  # OBS wraps after 31
    fps: int = 30
    gop_frames: int = 30
    audio_choice: int = 0
    video_choice: int = 0
    sends_video: bool = True
    sends_audio: bool = True
    sends_second_video: bool = False
    sends_second_audio: bool = False
    composition_ms: int = 0
    clock_ms: int = 0
    _next_video_ms: float = 0.0
    _next_audio_ms: float = 0.0
    _frame_number: int = 0
    _announced: set[bytes] = field(default_factory=set)

    def publish(self, duration_ms: int) -> list[MediaMessage]:
        """Give the messages of the next milliseconds, in the order of their times."""
        until_ms = self.clock_ms + duration_ms
        messages: list[tuple[float, MediaMessage]] = []
        while self._next_video_ms < until_ms:
            messages += [(self._next_video_ms, message) for message in self._pictures()]
            self._next_video_ms += 1000 / self.fps
        frame_ms = _AAC_FRAME_SAMPLES * 1000 / _AUDIO_RATES_HZ[self.audio_choice]
        while self._next_audio_ms < until_ms:
            messages += [(self._next_audio_ms, message) for message in self._sounds()]
            self._next_audio_ms += frame_ms
        self.clock_ms = until_ms
        messages.sort(key=lambda timed: timed[0])
        return [message for _, message in messages]

    def change_picture(self, choice: int) -> None:
        """Go on with other settings of the video encoder."""
        self.video_choice = choice % len(AVC_RECORDS)
        self._announced -= {_KEY, _SECOND_AVC}
        self._frame_number = 0

    def change_sound(self, choice: int) -> None:
        """Go on with other settings of the audio encoder."""
        self.audio_choice = choice % len(AAC_CONFIGS)
        self._announced -= {_SOUND, _SECOND_AAC}

    def skip(self, duration_ms: int) -> None:
        """Let times jump, forward or back."""
        self.clock_ms += duration_ms
        self._next_video_ms += duration_ms
        self._next_audio_ms += duration_ms

    def end_video(self) -> MediaMessage:
        """Say that no more pictures come."""
        return self._message(MediaMessageKind.VIDEO, self.clock_ms, b"\x17\x02\0\0\0")

    def message(self, kind: MediaMessageKind, payload: bytes) -> MediaMessage:
        """Give a message of any body, now."""
        return self._message(kind, self.clock_ms, payload)

    def _pictures(self) -> list[MediaMessage]:
        is_key = self._frame_number % self.gop_frames == 0
        self._frame_number += 1
        offset_ms = 0 if is_key else self.composition_ms
        body = (offset_ms & 0xFFFFFF).to_bytes(3, "big") + (_IDR_NAL if is_key else _SLICE_NAL)
        record = AVC_RECORDS[self.video_choice]
        bodies = []
        if self.sends_video:
            bodies += self._header(_KEY, b"\x17\0\0\0\0" + record)
            bodies.append((_KEY if is_key else _INTER) + body)
        if self.sends_second_video:
            bodies += self._header(
                _SECOND_AVC, _SECOND_KEY + _SEQUENCE_START + _SECOND_AVC + record
            )
            frame_type = _SECOND_KEY if is_key else _SECOND_INTER
            bodies.append(frame_type + _CODED_FRAMES + _SECOND_AVC + body)
        kind, at_ms = MediaMessageKind.VIDEO, self._next_video_ms
        return [self._message(kind, at_ms, each) for each in bodies]

    def _sounds(self) -> list[MediaMessage]:
        config = AAC_CONFIGS[self.audio_choice]
        bodies = []
        if self.sends_audio:
            bodies += [*self._header(_SOUND, b"\xaf\0" + config), _SOUND + _RAW_AAC]
        if self.sends_second_audio:
            start = _SECOND_SOUND + _SEQUENCE_START + _SECOND_AAC + config
            bodies += self._header(_SECOND_AAC, start)
            bodies.append(_SECOND_SOUND + _CODED_FRAMES + _SECOND_AAC + _RAW_AAC)
        kind, at_ms = MediaMessageKind.AUDIO, self._next_audio_ms
        return [self._message(kind, at_ms, each) for each in bodies]

    def _header(self, track: bytes, body: bytes) -> list[bytes]:
        """Describe a track unless that was done already."""
        if track in self._announced:
            return []
        self._announced.add(track)
        return [body]

    def _message(self, kind: MediaMessageKind, at_ms: float, payload: bytes) -> MediaMessage:
        return MediaMessage(kind, (self.start_ms + int(at_ms)) % 2**self.wire_bits, payload)

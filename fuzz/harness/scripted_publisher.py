"""ScriptedPublisher: a publisher whose every move an entry chooses, and its FLV messages."""

from dataclasses import dataclass, field

from fuzz.harness.plain_track import AAC_CONFIGS, AVC_RECORDS
from ingest.rtmp import MediaMessage, MediaMessageKind

_AUDIO_RATES_HZ = (48_000, 44_100)  # of AAC_CONFIGS
_AAC_FRAME_SAMPLES = 1024
_KEY, _INTER = b"\x17\x01", b"\x27\x01"
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
    composition_ms: int = 0
    clock_ms: int = 0
    _next_video_ms: float = 0.0
    _next_audio_ms: float = 0.0
    _frame_number: int = 0
    _announced: set[MediaMessageKind] = field(default_factory=set)

    def publish(self, duration_ms: int) -> list[MediaMessage]:
        """Give the messages of the next milliseconds, in the order of their times."""
        until_ms = self.clock_ms + duration_ms
        messages: list[tuple[float, MediaMessage]] = []
        while self._next_video_ms < until_ms:
            if self.sends_video:
                messages += [(self._next_video_ms, message) for message in self._picture()]
            self._next_video_ms += 1000 / self.fps
        frame_ms = _AAC_FRAME_SAMPLES * 1000 / _AUDIO_RATES_HZ[self.audio_choice]
        while self._next_audio_ms < until_ms:
            if self.sends_audio:
                messages += [(self._next_audio_ms, message) for message in self._sound()]
            self._next_audio_ms += frame_ms
        self.clock_ms = until_ms
        messages.sort(key=lambda timed: timed[0])
        return [message for _, message in messages]

    def change_picture(self, choice: int) -> None:
        """Go on with other settings of the video encoder."""
        self.video_choice = choice % len(AVC_RECORDS)
        self._announced.discard(MediaMessageKind.VIDEO)
        self._frame_number = 0

    def change_sound(self, choice: int) -> None:
        """Go on with other settings of the audio encoder."""
        self.audio_choice = choice % len(AAC_CONFIGS)
        self._announced.discard(MediaMessageKind.AUDIO)

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

    def _picture(self) -> list[MediaMessage]:
        kind, at_ms = MediaMessageKind.VIDEO, self._next_video_ms
        is_key = self._frame_number % self.gop_frames == 0
        self._frame_number += 1
        offset_ms = 0 if is_key else self.composition_ms
        composition = (offset_ms & 0xFFFFFF).to_bytes(3, "big")
        body = (_KEY + composition + _IDR_NAL) if is_key else (_INTER + composition + _SLICE_NAL)
        return [
            *self._header(kind, at_ms, b"\x17\0\0\0\0" + AVC_RECORDS[self.video_choice]),
            self._message(kind, at_ms, body),
        ]

    def _sound(self) -> list[MediaMessage]:
        kind, at_ms = MediaMessageKind.AUDIO, self._next_audio_ms
        return [
            *self._header(kind, at_ms, b"\xaf\0" + AAC_CONFIGS[self.audio_choice]),
            self._message(kind, at_ms, b"\xaf\x01\x21\x10\x04\x60\x8c\x1c"),
        ]

    def _header(self, kind: MediaMessageKind, at_ms: float, body: bytes) -> list[MediaMessage]:
        if kind in self._announced:
            return []
        self._announced.add(kind)
        return [self._message(kind, at_ms, body)]

    def _message(self, kind: MediaMessageKind, at_ms: float, payload: bytes) -> MediaMessage:
        return MediaMessage(kind, (self.start_ms + int(at_ms)) % 2**self.wire_bits, payload)

"""From FLV messages to playlists: PublisherMedia, segmenter, CMAF and Publication together.

An entry is a script: one byte chooses a move of the publisher or of time, the next ones say how
much. Whatever happens, the show is never ended by a fault and keeps PublishedRules.
"""

from typing import Self

from fuzz.entry_reader import EntryReader
from fuzz.harness.media_promises import MediaPromises
from fuzz.harness.published_rules import PublishedRules
from fuzz.harness.scripted_publisher import ScriptedPublisher
from ingest.flv import PublisherMedia, UnsupportedCodec
from ingest.media import MediaEvent
from ingest.rtmp import MediaMessage, MediaMessageKind
from packager.cadence import LatencyProfile
from packager.events import PackagerEvent
from packager.live import Publication, ShowClock, WindowSettings
from packager.live_channel import LiveChannel
from packager.segmenter import Segmenter, SegmenterSettings

EPOCH = "e1-000001"
UNIX_MS_AT_0 = 1_790_000_000_000
_TICK_MS = 100
_STEP_MS = 40
# Wire times of the beginning, and the bits in which they count.
STARTS = ((0, 32), (5000, 32), (2**31 - 1500, 31), (2**32 - 1500, 32), (0x7FFFFFEB, 31))
_FRAME_RATES = (30, 25, 60, 5, 1, 24, 50, 13)
_GOP_FRAMES = (30, 60, 1, 7, 250, 15)
_KINDS = (MediaMessageKind.AUDIO, MediaMessageKind.VIDEO)
_JUMPS_MS = (500, -500, 3000, -3000, 20_000, -20_000, 50, -50)
_MAX_MOVES = 24


def check(entry: bytes) -> None:
    """Play the script."""
    reader = EntryReader(entry)
    newsroom = Newsroom.open(reader)
    rules = PublishedRules(newsroom.publication)
    for _ in range(_MAX_MOVES):
        if reader.is_at_end:
            break
        newsroom.move(reader)
        rules.check()
    newsroom.close()
    rules.check()


class Newsroom:
    """One channel with everything around it, on a clock that the script moves."""

    def __init__(self, profile: LatencyProfile, start: tuple[int, int]) -> None:
        self._profile = profile
        self._now_ms = 100_000
        self._holds_back = False
        self._held: list[MediaMessage] = []
        self.publication, self._live = self._begin()
        self._enter(start)

    @classmethod
    def open(cls, reader: EntryReader) -> Self:
        """Begin as the script says."""
        return cls(*cls.beginning(reader))

    @staticmethod
    def beginning(reader: EntryReader) -> tuple[LatencyProfile, tuple[int, int]]:
        """Read how the script begins: the profile, and the wire's time and bits."""
        return reader.pick(tuple(LatencyProfile)), reader.pick(STARTS)

    def move(self, reader: EntryReader) -> None:
        """Make the next move of the script."""
        publisher = self._publisher
        move, amount = reader.byte(), reader.byte()
        match move % 16:
            case 0 | 1 | 2 | 3:
                self._publish_for((1 + amount % 64) * _STEP_MS)
            case 4:
                publisher.fps = _FRAME_RATES[amount % len(_FRAME_RATES)]
            case 5:
                publisher.gop_frames = _GOP_FRAMES[amount % len(_GOP_FRAMES)]
            case 6:
                publisher.change_picture(amount)
            case 7:
                publisher.change_sound(amount)
            case 8:
                publisher.sends_video = bool(amount & 1)
                publisher.sends_audio = bool(amount & 2)
                publisher.sends_second_video = bool(amount & 4)
                publisher.sends_second_audio = bool(amount & 8)
            case 9:
                publisher.composition_ms = amount - 128
            case 10:
                publisher.skip(_JUMPS_MS[amount % len(_JUMPS_MS)])
            case 11:
                self._wait(amount * _STEP_MS)
            case 12:
                self._leave(is_goodbye=bool(amount & 1))
                self._wait((amount >> 1) * _TICK_MS)
                self._enter(STARTS[amount % len(STARTS)])
            case 13:
                self._holds_back = bool(amount & 1)
                self._send([])
            case 14:
                self._send([publisher.end_video()])
            case _:
                self._send([publisher.message(_KINDS[amount & 1], reader.sized())])

    def close(self) -> None:
        """Let the publisher leave, and end the show."""
        self._leave(is_goodbye=True)
        self._live.end(self._now_ms / 1000)

    def _begin(self) -> tuple[Publication, LiveChannel]:
        publication = self._publication()
        return publication, LiveChannel(publication, self._segmenter(), self._emit)

    def _publication(self) -> Publication:
        clock = ShowClock(UNIX_MS_AT_0, lambda: self._now_ms)
        return Publication("clock", EPOCH, UNIX_MS_AT_0, WindowSettings(), clock)

    def _segmenter(self) -> Segmenter:
        return Segmenter(SegmenterSettings(), self._profile)

    def _enter(self, start: tuple[int, int]) -> None:
        self._publisher = ScriptedPublisher(*start)
        self._media = PublisherMedia()
        self._promises = MediaPromises()
        self._live.start_publisher(self._now_ms / 1000, self._unix_ms)

    def _leave(self, *, is_goodbye: bool) -> None:
        self._holds_back = False
        self._send([])
        self._receive(self._media.flush())
        self._live.leave_publisher(self._now_ms / 1000, stopped=is_goodbye, replaced=False)

    def _publish_for(self, duration_ms: int) -> None:
        for start_ms in range(0, duration_ms, _TICK_MS):
            step_ms = min(_TICK_MS, duration_ms - start_ms)
            self._wait(step_ms)
            self._send(self._publisher.publish(step_ms))

    def _send(self, messages: list[MediaMessage]) -> None:
        self._held += messages
        if self._holds_back:
            return
        for message in self._held:
            try:
                self._receive(self._media.receive(message, self._now_ms / 1000))
            except UnsupportedCodec:
                continue
        self._held = []

    def _receive(self, events: list[MediaEvent]) -> None:
        self._promises.check(events)
        self._live.receive(events, self._now_ms / 1000, self._unix_ms)

    def _wait(self, duration_ms: int) -> None:
        until_ms = self._now_ms + duration_ms
        while self._now_ms < until_ms:
            self._now_ms = min(self._now_ms + _TICK_MS, until_ms)
            self._live.tick(self._now_ms / 1000, self._unix_ms)

    @property
    def _unix_ms(self) -> int:
        return UNIX_MS_AT_0 + self._now_ms

    def _emit(self, event: PackagerEvent) -> None:
        """Take what the packager tells; nobody listens."""

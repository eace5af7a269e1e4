"""A gateway with everything around it in memory, and publishers who take no time."""

from collections.abc import Sequence
from pathlib import Path

from ingest.media import Track
from ingest.ports import EndReason, Grant
from packager.events import PackagerEvent
from packager.gateway import PackagerGateway
from packager.journal import LiveFolder
from packager.live import Publication, Publications, PublicationState
from packager.publisher_sink import PublisherSink
from packager.settings import PackagerSettings
from packager.show_terms import TermsOfChannel
from tests.packager.segmenter.publisher import (
    Arrival,
    Audio,
    Video,
    audio_track,
    interleaved,
    video_track,
)

OPENED_AT = 100.0
_UNIX_MS_AT_0 = 1_795_000_000_000


class Newsroom:
    """Times are seconds of one made-up clock, which only the test moves.

    `wall_ahead_ms` is how far the wall clock was set forward, or back.
    With a `folder` to keep shows in, those that are there go on.
    """

    def __init__(
        self,
        settings: PackagerSettings | None = None,
        *,
        max_publications: int = 10,
        folder: Path | None = None,
        now: float = OPENED_AT,
        wall_ahead_ms: int = 0,
        terms: TermsOfChannel | None = None,
    ) -> None:
        self.now = now
        self.wall_ahead_ms = wall_ahead_ms
        self.events: list[PackagerEvent] = []
        self.deaf_to: type[PackagerEvent] | None = None
        self.publications = Publications(max_publications)
        self.folder = None if folder is None else LiveFolder(folder, self.unix_ms, self._steady_ms)
        self.gateway = PackagerGateway(
            self.publications,
            settings or PackagerSettings(),
            self._emit,
            self.unix_ms,
            steady_ms=self._steady_ms,
            folder=self.folder,
            terms=terms,
        )
        if self.folder is not None:
            self.folder.open()
            self.gateway.recover(self.now)

    def open(self, channel: str = "clock") -> PublisherSink:
        return self.gateway.open_sink(Grant(channel, f"key-of:{channel}"), self.now)

    def play(
        self, *sinks: PublisherSink, seconds: float, tracks: Sequence[Track] | None = None
    ) -> None:
        """Let all of them publish for so long, tick by tick."""
        chosen = (video_track(), audio_track()) if tracks is None else tracks
        sources = [Video(track=track) if track.video else Audio(track=track) for track in chosen]
        self.send(interleaved(*sources, until_s=seconds, at_s=self.now), *sinks)

    def send(self, arrivals: Sequence[Arrival], *sinks: PublisherSink) -> None:
        for arrival in arrivals:
            self.now = max(self.now, arrival.at_s)
            for sink in sinks:
                sink.receive(arrival.events, self.now)

    def wait(self, seconds: float) -> None:
        """Let time pass, tick by tick."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.gateway.tick(self.now)

    def lose(self, sink: PublisherSink, reason: EndReason = EndReason.CONNECTION_LOST) -> None:
        sink.close(reason, self.now)

    def publication(self, channel: str = "clock") -> Publication:
        publication = self.publications.get(channel)
        assert publication is not None
        return publication

    def states(self) -> dict[str, PublicationState]:
        return {publication.channel: publication.state for publication in self.publications}

    def told(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def _emit(self, event: PackagerEvent) -> None:
        if type(event) is self.deaf_to and event.channel == "broken":
            raise RuntimeError("a subscriber's fault")
        self.events.append(event)

    def unix_ms(self) -> int:
        return _UNIX_MS_AT_0 + self._steady_ms() + self.wall_ahead_ms

    def _steady_ms(self) -> int:
        return round(self.now * 1000)

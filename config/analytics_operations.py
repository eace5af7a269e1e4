"""OperationsSide: what an administrator sees of one server, put together with all that there is."""

import asyncio
import resource
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

from analytics.operations.state import (
    ConnectionCount,
    GarbageState,
    Health,
    LivePublisher,
    ProcessState,
    QueueState,
    Totals,
)
from analytics.operations.watch import OperationsWatch
from analytics.preflight.trial import trial_of_channel
from config.event_counters import EventCounters
from config.garbage_meter import GarbageMeter
from config.log_errors import LogErrors
from config.operations_collector import OperationsCollector
from config.operations_probe import DatabaseProbe, ServerProbe
from config.process_figures import core_count, memory_bytes, open_file_count
from config.settings import RillcastSettings
from distribution.application import Application
from ingest.publisher import RtmpServer
from packager.gateway import unix_ms_now
from packager.journal import LiveFolder
from packager.live import Publication, Publications

Queues = Callable[[], Sequence[QueueState]]
Judged = tuple[Health, tuple[str, ...]]
Judge = Callable[[str], Judged | None]
"""Says how good the media of a channel's publisher is; None where nothing is known."""


class OperationsSide:
    """Implements OperationsState. Connect it once all else is made; start and stop it once.

    There without accounts, too: what it watches is also told at /metrics.
    """

    def __init__(
        self,
        settings: RillcastSettings,
        publications: Publications,
        counters: EventCounters,
        garbage: GarbageMeter,
    ) -> None:
        self._publications = publications
        self._counters = counters
        self._garbage = garbage
        self._probe = ServerProbe(settings.data, unix_ms_now)
        self._rtmp: RtmpServer | None = None
        self._application: Application | None = None
        self._folder: LiveFolder | None = None
        self._queues: list[Queues] = []
        self._judge: Judge | None = None
        self._listener_count: Callable[[], int] | None = None
        self._viewers: dict[str, int] = {}  # as counted last, by channel
        self.watch = OperationsWatch(self, self._probe, unix_ms_now)
        self._errors = LogErrors(self.watch.errors, unix_ms_now)
        self.collector = OperationsCollector(self.watch, version("rillcast"))

    def connect(
        self, rtmp: RtmpServer, application: Application, folder: LiveFolder | None
    ) -> None:
        """Say what to look at: it is made later than this."""
        self._rtmp, self._application, self._folder = rtmp, application, folder

    def connect_accounts(
        self,
        database: DatabaseProbe,
        queues: Sequence[Queues],
        listener_count: Callable[[], int],
    ) -> None:
        """Look at what accounts keep, too."""
        self._probe.database = database
        self.collector.counts_viewers = False
        self._queues += queues
        self._listener_count = listener_count

    def connect_judge(self, judge: Judge) -> None:
        """Ask somebody how good what is published is."""
        self._judge = judge

    def note_viewers(self, channel: str, viewers: int) -> None:
        """Take how many watch a channel."""
        self._viewers[channel] = viewers

    def start(self) -> None:
        """Begin to look, and to count what the log says."""
        self._errors.begin(asyncio.get_running_loop())
        self.watch.start()

    async def stop(self) -> None:
        """Look no more."""
        await self.watch.stop()
        self._errors.end()

    def totals(self) -> Totals:
        """Return what grows, and what there is now."""
        application, rtmp = self._application, self._rtmp
        live = self._publications.live()
        self._forget_viewers(live)
        return Totals(
            cpu_s=time.process_time(),
            in_bytes=self._in_bytes(),
            out_bytes=0
            if application is None
            else sum(tally.body_bytes for tally in application.counters.tallies.values()),
            memory_bytes=memory_bytes(),
            publishers=self._counters.publisher_count,
            viewers=sum(map(self._viewers_of, live)),
            shows=len(live),
            connections=(0 if application is None else len(application.connections))
            + (0 if rtmp is None else rtmp.connection_count),
        )

    def process(self) -> tuple[ProcessState, GarbageState]:
        """Return what the process may have, and what garbage has cost it."""
        garbage = self._garbage
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return (
            ProcessState(cores=core_count(), open_files=open_file_count(), open_files_limit=soft),
            GarbageState(
                collections=garbage.collection_count,
                pause_s=garbage.pause_s,
                longest_s=garbage.longest_s,
            ),
        )

    def queues(self) -> Sequence[QueueState]:
        """Return every bounded queue, and what was dropped for want of room."""
        found = []
        if self._application is not None:
            blocked = self._application.blocked
            found.append(
                QueueState(
                    "blocked-requests", len(blocked), blocked.limit, blocked.turned_away_count
                )
            )
        if self._folder is not None:
            folder = self._folder
            found.append(
                QueueState(
                    "journal",
                    folder.queued_bytes,
                    folder.queue_bytes,
                    folder.dropped_count,
                    unit="bytes",
                )
            )
        for queues in self._queues:
            found += queues()
        return found

    def connections(self) -> Sequence[ConnectionCount]:
        """Count open connections by kind; listeners are among those of HTTP."""
        application, rtmp, listeners = self._application, self._rtmp, self._listener_count
        return (
            ConnectionCount("http", 0 if application is None else len(application.connections)),
            ConnectionCount("listeners", 0 if listeners is None else listeners()),
            ConnectionCount("rtmp", 0 if rtmp is None else rtmp.connection_count),
        )

    def publishers(self) -> Sequence[LivePublisher]:
        """Return all who are on air in this process."""
        if self._rtmp is None:
            return ()
        now_s, now_ms = asyncio.get_running_loop().time(), unix_ms_now()
        found = []
        for each in self._rtmp.publishers():
            if trial_of_channel(each.channel) is not None:
                continue  # a private test of a set-up is not on air
            publication = self._publications.get(each.channel)
            renditions = [] if publication is None else list(publication.renditions.values())
            video = next((one.track.video for one in renditions if one.track.video), None)
            frame_rate = None if video is None else video.frame_rate
            judged = None if self._judge is None else self._judge(each.channel)
            found.append(
                LivePublisher(
                    channel=each.channel,
                    publisher_id=each.publisher_id,
                    encoder=each.encoder,
                    since_ms=now_ms - round((now_s - each.started_at) * 1000),
                    in_bytes=each.payload_bytes,
                    out_bytes=0 if publication is None else publication.served_bytes,
                    viewers=0 if publication is None else self._viewers_of(publication),
                    codecs=tuple(dict.fromkeys(one.track.codec.value for one in renditions)),
                    fps=None if frame_rate is None else round(float(frame_rate), 3),
                    width=None if video is None else video.width_px,
                    height=None if video is None else video.height_px,
                    health=None if judged is None else judged[0],
                    findings=() if judged is None else judged[1],
                )
            )
        return found

    def _viewers_of(self, publication: Publication) -> int:
        """Return what was counted; where nobody counts, who waits at this moment."""
        counted = self._viewers.get(publication.channel)
        return publication.waiting_player_count if counted is None else counted

    def _forget_viewers(self, live: Sequence[Publication]) -> None:
        """Keep counts of shows alone."""
        if len(self._viewers) > len(live):
            channels = {each.channel for each in live}
            self._viewers = {
                name: count for name, count in self._viewers.items() if name in channels
            }

    def _in_bytes(self) -> int:
        on_air = [] if self._rtmp is None else self._rtmp.publishers()
        return self._counters.ended_payload_bytes + sum(each.payload_bytes for each in on_air)

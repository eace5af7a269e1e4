"""ViewersSide: counting viewers, put together for one server."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog
from prometheus_client.registry import Collector

from accounts.key_ring import KeyRing
from accounts.storage import Database, StorageError
from analytics.api.live_viewers import LiveViewersResource
from analytics.operations.state import QueueState
from analytics.ports import Clock, FiguresAccess, LiveIds
from analytics.viewers.guest import GuestBook
from analytics.viewers.ledger import Ledger
from analytics.viewers.salts import Salts
from analytics.viewers.scribe import ViewerScribe
from analytics.viewers.seat import Audience
from analytics.viewers.session_id import SessionIds
from analytics.viewers.settings import ViewersSettings
from analytics.viewers.spell_book import SpellBook
from analytics.viewers.witness import Witness
from config.channel_records import ChannelBroadcastRecords, RoomAudience
from config.viewers_collector import ViewersCollector
from packager.live import Publications

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.viewers")

_PURPOSE: Final = "rillcast playback sessions"
_SECRET_BYTES: Final = 32
_BEAT_S: Final = 0.25
_RETELL_MS: Final = 5_000

NoteViewers = Callable[[str, int], None]
"""Takes a channel and how many watch it."""


class ViewersSide:
    """Counts who watches what is on air in this process. Start, run and stop it once.

    `note_viewers` hears of each count that has changed, once a second at most, and of all of them
    every few seconds: a broadcast that has just begun has heard of none. `audience` and
    `witness` are None where nobody is to be counted.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: ViewersSettings,
        access: FiguresAccess,
        *,
        ids: LiveIds,
        key_ring: KeyRing,
        publications: Publications,
        proxies: frozenset[str],
        note_viewers: NoteViewers,
    ) -> None:
        self._note_viewers = note_viewers
        derived = key_ring.derive(_PURPOSE)
        older = [key for key_id, key in derived.by_id.items() if key_id != derived.newest_id]
        session_ids = SessionIds((derived.newest, *reversed(older)), secrets.token_bytes)
        now = steady_ms()
        book = SpellBook(clock() - now)
        salts = Salts(database)
        self.ledger = Ledger(
            settings,
            session_ids,
            _LiveShows(publications),
            book,
            tell=note_viewers,
            hash_viewer=salts.hash_viewer,
            now=now,
        )
        self.scribe = ViewerScribe(
            database,
            self.ledger,
            book,
            salts,
            ids,
            clock=clock,
            steady_ms=steady_ms,
            backlog_rows=settings.backlog_rows,
        )
        guests = GuestBook(secrets.token_bytes(_SECRET_BYTES))
        counting = Audience(self.ledger, session_ids, guests, proxies)
        self.audience = counting if settings.enabled else None
        self.witness = Witness(self.ledger, session_ids) if settings.enabled else None
        self._backlog_rows = settings.backlog_rows
        live = LiveViewersResource(
            self.ledger,
            access,
            clock,
            records=ChannelBroadcastRecords(database),
            audience=RoomAudience(database),
        )
        self.resources: Sequence[object] = (live,)
        self.collectors: Sequence[Collector] = (ViewersCollector(self.ledger, self.scribe),)

    async def start(self) -> None:
        """Close what processes before this have left open."""
        try:
            await self.scribe.prepare()
        except StorageError as error:
            _log.warning("spells of before not closed yet", reason=str(error))

    def queues(self) -> Sequence[QueueState]:
        """Say what waits for the database."""
        scribe = self.scribe
        return (QueueState("viewer-spells", len(scribe), self._backlog_rows, scribe.dropped_count),)

    async def run(self) -> None:
        """Let time go on for the ledger, until cancelled."""
        if self.audience is None:
            return
        told_ms = 0
        while True:
            await asyncio.sleep(_BEAT_S)
            try:
                self.ledger.beat(steady_ms())
                if self.ledger.now - told_ms >= _RETELL_MS:
                    told_ms = self.ledger.now
                    for tally in self.ledger.tallies.values():
                        self._note_viewers(tally.channel, tally.viewers)
            except Exception:  # noqa: BLE001 - nobody else counts
                _log.exception("viewers not counted")

    async def stop(self) -> None:
        """Write down what is known, once nothing of this runs any more."""
        try:
            await self.scribe.finish()
        except StorageError as error:
            _log.warning("viewers not written down at the end", reason=str(error))


def steady_ms() -> int:
    """Read the clock that event loops go by, which nobody sets."""
    return int(time.monotonic() * 1000)


class _LiveShows:
    """What is on air, for the ledger."""

    def __init__(self, publications: Publications) -> None:
        self._publications = publications

    def target_duration_s(self, channel: str) -> int:
        publication = self._publications.get(channel)
        cadence = None if publication is None else publication.cadence
        return 0 if cadence is None else cadence.target_duration_s

    def is_video(self, channel: str, rendition: str) -> bool:
        publication = self._publications.get(channel)
        found = None if publication is None else publication.renditions.get(rendition)
        return found is not None and found.track.video is not None

    def live_channels(self) -> Iterable[str]:
        return (publication.channel for publication in self._publications.live())

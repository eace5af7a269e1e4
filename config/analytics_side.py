"""AnalyticsSide: what is counted and judged, put together for one server.

Each part is put together in a file of its own, `config/analytics_PART.py`; here they are named.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine, Sequence

from prometheus_client.registry import Collector

from accounts.key_ring import KeyRing
from accounts.storage import Database
from analytics.doctor.desk import Tell
from analytics.ports import Clock, FiguresAccess, LiveIds
from analytics.recommendations.ports import Catalogue
from analytics.settings import AnalyticsSettings
from config.analytics_doctor import DoctorSide
from config.analytics_history import HistorySide
from config.analytics_preflight import PreflightSide
from config.analytics_quality import QualitySide
from config.analytics_recommendations import RecommendationsSide
from config.analytics_viewers import NoteViewers, ViewersSide
from ingest.events import IngestEvent
from packager.events import PackagerEvent
from packager.live import Publications


class AnalyticsSide:
    """Resources, collectors and tasks of one server. Start and stop it once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: AnalyticsSettings,
        *,
        access: FiguresAccess,
        catalogue: Catalogue,
        channel_id: Callable[[str], str | None],
        trusted_proxies: Collection[str],
        ids: LiveIds,
        profile_of: Callable[[str], str],
        tell_findings: Tell,
        key_ring: KeyRing,
        publications: Publications,
        note_viewers: NoteViewers,
    ) -> None:
        self.doctor = DoctorSide(
            database,
            clock,
            settings.doctor,
            access=access,
            ids=ids,
            profile_of=profile_of,
            tell=tell_findings,
        )
        self.viewers = ViewersSide(
            database,
            clock,
            settings.viewers,
            access,
            ids=ids,
            key_ring=key_ring,
            publications=publications,
            proxies=frozenset(trusted_proxies),
            note_viewers=note_viewers,
        )
        self.history = HistorySide(database, clock, settings.viewers, access)
        self.preflight = PreflightSide(database, clock, settings.preflight, access)
        self.quality = QualitySide(
            database,
            clock,
            settings.quality,
            access,
            channel_id=channel_id,
            trusted_proxies=trusted_proxies,
            witness=self.viewers.witness,
        )
        self.recommendations = RecommendationsSide(
            database, clock, settings.recommendations, catalogue
        )
        self.resources: Sequence[object] = (
            *self.recommendations.resources,
            self.doctor.resource,
            *self.viewers.resources,
            *self.history.resources,
            self.preflight.resource,
            *self.quality.resources,
        )
        self.collectors: Sequence[Collector] = (
            *self.viewers.collectors,
            *self.doctor.collectors,
            *self.preflight.collectors,
            *self.quality.collectors,
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Go on with what the last process left, and begin."""
        await self.viewers.start()
        runs: dict[str, Coroutine[None, None, None]] = {
            "viewers": self.viewers.run(),
            "viewer-spells": self.viewers.scribe.run(),
            "recommendations": self.recommendations.recommendations.run(),
            "ingest-doctor": self.doctor.desk.run(),
            "trial-desk": self.preflight.desk.run(),
            "playback-quality": self.quality.keeper.run(),
            "viewer-history": self.history.keeper.run(),
        }
        self._tasks = [asyncio.create_task(run, name=name) for name, run in runs.items()]

    async def stop(self) -> None:
        """End the tasks and write what is left to be written."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._tasks:
            await self.doctor.desk.drain()
            await self.preflight.drain()
            await self.quality.keeper.drain()
            await self.viewers.stop()
            await self.history.keeper.close()
        self._tasks = []

    def note_ingest(self, event: IngestEvent) -> None:
        """Take what publishers do; what those of tests do is told to nobody else."""
        if not self.preflight.note_ingest(event):
            self.doctor.note_ingest(event)

    def note_packager(self, event: PackagerEvent) -> None:
        """Take what happens to shows."""
        self.doctor.note_packager(event)

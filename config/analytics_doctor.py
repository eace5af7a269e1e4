"""DoctorSide: the ingest doctor, put together with what tells it of media."""

from collections.abc import Callable, Sequence

from prometheus_client.registry import Collector

from accounts.storage import Database
from analytics.api.ingest import IngestResource
from analytics.doctor.desk import DoctorDesk, Tell
from analytics.doctor.finding import Severity
from analytics.doctor.settings import DoctorSettings
from analytics.doctor.store import ReportStore
from analytics.operations.state import Health, QueueState
from analytics.ports import Clock, FiguresAccess, LiveIds
from config.doctor_collector import DoctorCollector
from ingest.events import IngestEvent
from packager.events import PackagerEvent


class DoctorSide:
    """Measures what is published in this process. Its desk is run, and drained in the end."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: DoctorSettings,
        *,
        access: FiguresAccess,
        ids: LiveIds,
        profile_of: Callable[[str], str],
        tell: Tell,
    ) -> None:
        self._settings = settings
        self.desk = DoctorDesk(
            ReportStore(database), clock, settings, ids, profile_of=profile_of, tell=tell
        )
        self.resource = IngestResource(self.desk, access)
        self.collectors: Sequence[Collector] = (DoctorCollector(self.desk),)

    def note_ingest(self, event: IngestEvent) -> None:
        """Take what publishers do."""
        if self._settings.enabled:
            self.desk.note(event)

    def note_packager(self, event: PackagerEvent) -> None:
        """Take where shows begin and end."""
        if self._settings.enabled:
            self.desk.note_packager(event)

    def judge(self, channel: str) -> tuple[Health, tuple[str, ...]] | None:
        """Say how good a channel's media is, and what is wrong, as codes; None: nobody knows."""
        findings = self.desk.findings(channel)
        if not findings:
            return None
        wrong = tuple(each.code for each in findings if each.severity is not Severity.GOOD)
        return findings[0].severity.value, wrong

    def queues(self) -> Sequence[QueueState]:
        """Return what waits to be looked at."""
        desk = self.desk
        return [QueueState("doctor", desk.waiting_count, desk.capacity, desk.dropped_count)]

"""DoctorSide: the ingest doctor, put together with what tells it of media."""

from analytics.api.ingest import IngestResource
from analytics.doctor.report import IngestReport
from analytics.ports import FiguresAccess


class DoctorSide:
    """Measures what is published in this process. Run and stop it once."""

    def __init__(self, *, access: FiguresAccess) -> None:
        self.resource = IngestResource(self, access)

    def live(self, channel: str) -> tuple[str | None, IngestReport] | None:
        """Return the broadcast's id and the report of who is on air on a channel, if anybody is."""
        del channel
        return None

    async def of_broadcast(self, broadcast_id: str) -> IngestReport | None:
        """Return the report of a broadcast, live or kept."""
        del broadcast_id
        return None

"""ReportStore: reports of broadcasts, in the database."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, PreparedRead
from analytics.doctor.report import IngestReport
from analytics.doctor.tables import ingest_reports

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.doctor")

_OF_BROADCAST: Final = PreparedRead(
    select(ingest_reports.c.report).where(
        ingest_reports.c.broadcast_id == bindparam("broadcast_id")
    )
)


class ReportStore:
    """Keeps one report for each broadcast; without the points, which are for live charts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, broadcast_id: str) -> IngestReport | None:
        """Return the report of a broadcast, if one was kept. Raises StorageError."""
        rows = await self._database.fetch(_OF_BROADCAST, broadcast_id=broadcast_id)
        if not rows:
            return None
        try:
            return _reports().validate_python(rows[0].report)
        except ValidationError:  # of a program that measured something else
            _log.warning("ingest report not understood", broadcast_id=broadcast_id)
            return None

    async def write(self, reports: Mapping[str, IngestReport]) -> None:
        """Write reports, by broadcast, in one transaction. Raises StorageError.

        All broadcasts are there: those that go on, and those that have just ended.
        """
        rows = [
            {
                "broadcast_id": broadcast_id,
                "written_at_ms": report.at_ms,
                "report": _reports().dump_python(report, mode="json", exclude={"points"}),
            }
            for broadcast_id, report in reports.items()
        ]

        async def work(connection: AsyncConnection) -> None:
            insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
            written = insert(ingest_reports)
            await connection.execute(
                written.on_conflict_do_update(
                    index_elements=["broadcast_id"],
                    set_={
                        "written_at_ms": written.excluded.written_at_ms,
                        "report": written.excluded.report,
                    },
                ),
                rows,
            )

        if rows:
            await self._database.write(work)


@cache
def _reports() -> TypeAdapter[IngestReport]:
    return TypeAdapter(IngestReport)

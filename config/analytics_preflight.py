"""PreflightSide: private tests of set-ups, put together with what encoders publish to.

A test key leads to a sink that forgets the media: it comes near no show, no viewer and no event of
a channel.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import select

from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import channels
from accounts.storage import Database, StorageError
from analytics.api.preflight import PreflightResource
from analytics.ports import Clock, FiguresAccess
from analytics.preflight.settings import PreflightSettings
from analytics.preflight.trial import trial_of_channel
from analytics.preflight.trial_desk import TrialDesk
from analytics.preflight.trial_gate import TrialGate
from analytics.preflight.trials import Trials
from config.trial_ingest import TestedChannel, TrialAuthorizer, TrialGateway
from distribution.publishing_api import PublishAddress
from ingest.events import IngestEvent
from ingest.ports import MediaGateway, PublishAuthorizer
from packager.pace import PaceLimits

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.preflight")

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9a-fA-F:]{2,45}")
_USUAL_RTMP_PORT: Final = 1935


class TrialCollector(Collector):
    """Says how many set-ups are tested, when it is scraped."""

    def __init__(self, desk: TrialDesk) -> None:
        self._desk = desk

    def collect(self) -> Iterable[Metric]:
        """Name it."""
        text = "Encoders that are measured in private tests of set-ups."
        yield GaugeMetricFamily("rillcast_set_up_tests", text, value=len(self._desk))


class PreflightSide:
    """Resources, gates and the task of one server. `connect` it before anybody publishes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: PreflightSettings,
        access: FiguresAccess,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gate = TrialGate(database, clock)
        self._cut: Callable[[str, str], bool] | None = None
        self._address: Callable[[], PublishAddress] | None = None
        self._public_host = ""
        self._admitted: dict[str, TestedChannel] = {}
        self.desk = TrialDesk(
            database,
            clock,
            settings,
            self._show_out,
        )
        self.collectors: tuple[Collector, ...] = (TrialCollector(self.desk),)
        self.resource = PreflightResource(
            Trials(database, clock, settings, self.desk.cancel),
            access,
            clock,
            needed_ms=settings.measure_s * 1000,
            servers_for=self._servers_for,
        )

    def connect(
        self,
        cut: Callable[[str, str], bool],
        address: Callable[[], PublishAddress],
        public_url: str,
    ) -> None:
        """Say how publishers are shown out, and where they connect: known after this is made."""
        self._cut, self._address = cut, address
        self._public_host = urlsplit(public_url).hostname or ""

    def authorizer(self, others: PublishAuthorizer) -> PublishAuthorizer:
        """Return who decides on test keys, and leaves every other key to `others`."""
        return TrialAuthorizer(self._gate, self.desk, self._channel_of, self._admitted, others)

    def gateway(self, others: MediaGateway, pace: PaceLimits) -> MediaGateway:
        """Return who takes the media of tests, and leaves all other media to `others`."""
        return TrialGateway(self.desk, self._admitted, pace, self._clock, others)

    async def drain(self) -> None:
        """Write down how the last runs ended."""
        try:
            await self.desk.drain()
        except StorageError as error:
            _log.warning("tests not written down at the end", reason=str(error))

    def note_ingest(self, event: IngestEvent) -> bool:
        """Take what a test's encoder does; whether the event was one of a test."""
        channel = getattr(event, "channel", None)
        trial_id = None if channel is None else trial_of_channel(channel)
        if trial_id is None:
            return False
        run = self.desk.run_of(trial_id)
        if run is not None:
            run.note(event, asyncio.get_running_loop().time(), self._clock())
            if run.outcome is not None:
                self.desk.wake()
        return True

    async def _channel_of(self, channel_id: str) -> TestedChannel | None:
        """Return what a channel's tests go by; None if it is closed."""
        async with self._database.reading() as connection:
            row = (
                await connection.execute(
                    select(
                        channels.c.owner_id,
                        channels.c.latency_profile,
                        channels.c.banned_at_ms,
                        owner_is_closed().label("owner_is_closed"),
                    ).where(channels.c.id == channel_id)
                )
            ).first()
        if row is None or row.banned_at_ms is not None or row.owner_is_closed:
            return None
        return TestedChannel(row.owner_id, row.latency_profile)

    def _show_out(self, channel: str, text: str) -> None:
        if self._cut is not None:
            self._cut(channel, text)

    def _servers_for(self, host: str) -> tuple[str, ...]:
        """Return where encoders connect, plain before encrypted, for who asked this host."""
        if self._address is None:
            return ()
        try:
            name = self._public_host or urlsplit(f"//{host}").hostname or ""
        except ValueError:
            name = ""
        if _HOST.fullmatch(name) is None:
            name = "localhost"
        if ":" in name:
            name = f"[{name}]"
        address = self._address()
        found = []
        if address.rtmp_port is not None:
            port = "" if address.rtmp_port == _USUAL_RTMP_PORT else f":{address.rtmp_port}"
            found.append(f"rtmp://{name}{port}/live")
        if address.rtmps_port is not None:
            found.append(f"rtmps://{name}:{address.rtmps_port}/live")
        return tuple(found)

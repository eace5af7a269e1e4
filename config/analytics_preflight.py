"""PreflightSide: private tests of set-ups, put together with what encoders publish to.

A test key leads to a sink that forgets the media: it comes near no show, no viewer and no event of
a channel.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import channels
from accounts.storage import Database, StorageError
from analytics.api.preflight import PreflightResource
from analytics.ports import Clock, FiguresAccess
from analytics.preflight.examination import Examination
from analytics.preflight.settings import PreflightSettings
from analytics.preflight.trial import channel_of_trial, trial_of_channel
from analytics.preflight.trial_desk import DeskFullError, TrialDesk
from analytics.preflight.trial_gate import TrialAdmitted, TrialGate, TrialRefusal
from analytics.preflight.trial_key import is_meant_as_trial_key
from analytics.preflight.trial_run import TrialRun
from analytics.preflight.trials import Trials
from distribution.publishing_api import PublishAddress
from ingest.events import IngestEvent, MediaMeasured, PublisherStarted, PublisherWarned
from ingest.media import MediaEvent
from ingest.ports import (
    EndReason,
    Grant,
    MediaGateway,
    MediaSink,
    NoRoomError,
    PublishAttempt,
    PublishAuthorizer,
    Refusal,
    RefusalCode,
)
from packager.pace import Pace, PaceLimits

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.preflight")

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9a-fA-F:]{2,45}")
_USUAL_RTMP_PORT: Final = 1935
_REFUSALS: Final = {
    TrialRefusal.UNKNOWN_KEY: Refusal(
        RefusalCode.UNKNOWN_KEY,
        "Unknown test key. Copy it again, without spaces, or begin a new test.",
    ),
    TrialRefusal.EXPIRED: Refusal(
        RefusalCode.UNKNOWN_KEY, "This test key has expired. Begin a new test."
    ),
    TrialRefusal.GRADED: Refusal(
        RefusalCode.UNKNOWN_KEY,
        "This test is finished: its page shows your grade. To go live, use your stream key.",
    ),
}
_CLOSED: Final = Refusal(
    RefusalCode.UNKNOWN_KEY, "This channel has been closed by an administrator."
)
_UNAVAILABLE: Final = Refusal(
    RefusalCode.UNAVAILABLE, "The server cannot check test keys at the moment. Try again soon."
)


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
        self.desk = TrialDesk(
            database,
            clock,
            settings,
            lambda now: Examination(now, clock()),
            self._show_out,
        )
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
        return TrialAuthorizer(self._gate, self._is_closed, others)

    def gateway(self, others: MediaGateway, pace: PaceLimits) -> MediaGateway:
        """Return who takes the media of tests, and leaves all other media to `others`."""
        return TrialGateway(self.desk, pace, others)

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
            self._note(run, event, asyncio.get_running_loop().time())
        return True

    def _note(self, run: TrialRun, event: IngestEvent, now: float) -> None:
        match event:
            case PublisherStarted():
                run.encoder = event.encoder
            case PublisherWarned():
                run.warn(event.warning, now)
            case MediaMeasured():
                run.receive(event.stretches, now)
                if run.outcome is not None:
                    self.desk.wake()
            case _:
                pass  # the sink has been closed before its end is told

    async def _is_closed(self, channel_id: str) -> bool:
        async with self._database.reading() as connection:
            row = (
                await connection.execute(
                    select(
                        channels.c.banned_at_ms, owner_is_closed().label("owner_is_closed")
                    ).where(channels.c.id == channel_id)
                )
            ).first()
        return row is None or row.banned_at_ms is not None or bool(row.owner_is_closed)

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


class TrialAuthorizer:
    """Implements ingest's PublishAuthorizer: by test keys for those who show one."""

    def __init__(
        self,
        gate: TrialGate,
        is_closed: Callable[[str], Awaitable[bool]],
        others: PublishAuthorizer,
    ) -> None:
        self._gate = gate
        self._is_closed = is_closed
        self._others = others

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        """Decide on one attempt."""
        if not is_meant_as_trial_key(attempt.key):
            return await self._others.authorize_publish(attempt)
        try:
            decision = await self._gate.authorize(attempt.key)
            if not isinstance(decision, TrialAdmitted):
                return _REFUSALS[decision]
            if await self._is_closed(decision.trial.channel_id):
                return _CLOSED
        except StorageError as error:
            _log.error("test key not checked", reason=str(error))
            return _UNAVAILABLE
        trial_id = decision.trial.id
        return Grant(channel=channel_of_trial(trial_id), principal=trial_id)


class TrialGateway:
    """Implements ingest's MediaGateway: the media of tests is forgotten, all other goes on."""

    def __init__(self, desk: TrialDesk, pace: PaceLimits, others: MediaGateway) -> None:
        self._desk = desk
        self._pace = pace
        self._others = others

    def open_sink(self, grant: Grant, now: float) -> MediaSink:
        """Take one publisher's media. Raises NoRoomError."""
        trial_id = trial_of_channel(grant.channel)
        if trial_id is None:
            return self._others.open_sink(grant, now)
        try:
            run = self._desk.begin(trial_id, now)
        except DeskFullError as error:
            raise NoRoomError(str(error)) from error
        return TrialSink(self._desk, run, Pace(self._pace))


class TrialSink:
    """Forgets media, at the pace at which shows take it. Implements MediaSink."""

    def __init__(self, desk: TrialDesk, run: TrialRun, pace: Pace) -> None:
        self._desk = desk
        self._run = run
        self._pace = pace
        self._last_now = 0.0

    def receive(self, events: Sequence[MediaEvent], now: float) -> float:
        """Look at how much it is; what comes next is wanted at once, or it would look late."""
        self._last_now = now
        self._pace.note(events, now)
        return now

    @property
    def is_full(self) -> bool:
        """Whether the publisher runs ahead of real time or above the bitrate of shows."""
        return self._pace.rest_until > self._last_now

    async def wait_for_room(self) -> None:
        """Return when the clock has caught up with the publisher."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._pace.rest_s(loop.time()))
        self._last_now = loop.time()

    def close(self, reason: EndReason, now: float) -> None:
        """End the run: with a grade if there was enough, or for the next attempt to begin anew."""
        if reason in {EndReason.TAKEN_OVER, EndReason.SERVER_STOPPING, EndReason.SERVER_ERROR}:
            self._run.interrupt(now)
        else:
            self._run.leave(now)
        self._desk.leave(self._run)

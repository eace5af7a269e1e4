"""DoctorDesk: all broadcasts that are examined in this process, one second at a time.

Told what happens from a loop that must not wait, it queues; once a second it takes what has come
for all publishers in a row, which costs less than each at its own time, when others have taken the
processor's caches.
"""

import asyncio
import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from accounts.storage import StorageError, tell_trouble
from analytics.doctor.examination import Examination
from analytics.doctor.finding import Finding, Severity
from analytics.doctor.report import IngestReport
from analytics.doctor.settings import DoctorSettings
from analytics.ports import Clock, LiveIds
from ingest.events import (
    IngestEvent,
    MediaMeasured,
    PublisherEnded,
    PublisherStarted,
    PublisherWarned,
)
from packager.events import BroadcastEnded, BroadcastStarted, PackagerEvent

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.doctor")

_INTERVAL_S: Final = 1.0
_TURN_S: Final = 0.002  # then the event loop looks at all sockets
_EVENTS_A_STEP: Final = 16
_QUEUE_CAPACITY: Final = 20_000  # several seconds of the most publishers that a server takes
# A publisher who was never on air has no broadcast to end.
_FORGOTTEN_AFTER_S: Final = 60.0
_ENDED_LIMIT: Final = 1_000
_CLOSED_REMEMBERED: Final = 256  # ids of broadcasts that may be named for a moment after their end

Tell = Callable[[str, str, Sequence[Finding]], None]
"""Takes a channel's id, its name, and the findings that hold now."""


def _loop_s() -> float:
    return asyncio.get_running_loop().time()


_Noted = IngestEvent | BroadcastStarted | BroadcastEnded


class Reports(Protocol):
    """Keeps reports. Both raise StorageError."""

    async def read(self, broadcast_id: str) -> IngestReport | None:
        """Return the report of a broadcast, if one was kept."""
        ...

    async def write(self, reports: dict[str, IngestReport]) -> None:
        """Keep reports, by broadcast."""
        ...


@dataclass(slots=True)
class _Case:
    """One channel's show under examination. `on_air`: it has, or had, a broadcast."""

    examination: Examination
    is_on_air: bool = False
    broadcast_id: str | None = None
    idle_since_s: float | None = None


class DoctorDesk:
    """Implements IngestReports. `run` it; `note` and `note_packager` never wait.

    `profile_of` says how a channel wants its shows: "low", "normal" or "steady". `steady_s` is the
    clock that reads of sockets are told in.
    """

    def __init__(
        self,
        store: Reports,
        clock: Clock,
        settings: DoctorSettings,
        ids: LiveIds,
        *,
        profile_of: Callable[[str], str],
        tell: Tell,
        steady_s: Callable[[], float] = _loop_s,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._ids = ids
        self._profile_of = profile_of
        self._tell = tell
        self._steady_s = steady_s
        self._queue: deque[_Noted] = deque()
        self._cases: dict[str, _Case] = {}  # by channel
        self._ended: dict[str, IngestReport] = {}  # by broadcast, not yet written
        self._closed: deque[str] = deque(maxlen=_CLOSED_REMEMBERED)
        self._write_at_s = 0.0
        self.dropped_count = 0
        self.written_count = 0

    @property
    def waiting_count(self) -> int:
        """Count what has been noted and not yet looked at."""
        return len(self._queue)

    @property
    def capacity(self) -> int:
        """How much may wait."""
        return _QUEUE_CAPACITY

    def note(self, event: IngestEvent) -> None:
        """Take what a publisher does, in order. Too much at once is dropped and counted."""
        if isinstance(event, MediaMeasured | PublisherStarted | PublisherEnded | PublisherWarned):
            self._put(event)

    def note_packager(self, event: PackagerEvent) -> None:
        """Take where shows begin and end."""
        if isinstance(event, BroadcastStarted | BroadcastEnded):
            self._put(event)

    def live(self, channel: str) -> tuple[str | None, IngestReport] | None:
        """Return the broadcast's id and the report of who is on air on a channel, if anybody is."""
        case = self._cases.get(channel)
        if case is None or not (case.examination.is_publishing or case.is_on_air):
            return None
        now_s = self._steady_s()
        return case.broadcast_id, case.examination.report(now_s, self._clock())

    def findings(self, channel: str) -> tuple[Finding, ...] | None:
        """Return the findings that hold on a channel; None while nobody publishes."""
        case = self._cases.get(channel)
        if case is None or not case.examination.is_publishing:
            return None
        return case.examination.current_findings(self._clock())

    async def of_broadcast(self, broadcast_id: str) -> IngestReport | None:
        """Return the report of a broadcast, live or kept. Raises StorageError."""
        for case in self._cases.values():
            if case.broadcast_id == broadcast_id:
                now_s = self._steady_s()
                return case.examination.report(now_s, self._clock())
        ended = self._ended.get(broadcast_id)
        return ended if ended is not None else await self._store.read(broadcast_id)

    def counts(self) -> tuple[int, Counter[tuple[str, Severity]]]:
        """Count the publishers that are examined, and what is found, by code and severity."""
        now_ms = self._clock()
        found: Counter[tuple[str, Severity]] = Counter()
        examined = 0
        for case in self._cases.values():
            if case.examination.is_publishing:
                examined += 1
                for finding in case.examination.current_findings(now_ms):
                    found[finding.code, finding.severity] += 1
        return examined, found

    async def run(self) -> None:
        """Examine until cancelled."""
        self._write_at_s = self._steady_s() + self._settings.write_s
        while True:
            await asyncio.sleep(_INTERVAL_S)
            now_s = self._steady_s()
            until_s = time.monotonic() + _TURN_S
            for _ in self._looking(now_s):
                if time.monotonic() >= until_s:
                    await asyncio.sleep(0)
                    until_s = time.monotonic() + _TURN_S
            try:
                await self._learn_ids()
                if self._ended or now_s >= self._write_at_s:
                    await self.write(now_s)
            except StorageError as error:
                tell_trouble(_log, "ingest reports not kept", error)

    def look(self, now_s: float) -> None:
        """Take what has come, check all, and tell what has changed."""
        for _ in self._looking(now_s):
            pass

    def _looking(self, now_s: float) -> Iterator[None]:
        """Do so in steps: what comes between two of them is taken next time."""
        now_ms = self._clock()
        queue = self._queue
        for count in range(len(queue)):
            if count % _EVENTS_A_STEP == 0:
                yield
            event = queue.popleft()
            try:
                self._take(event, now_s, now_ms)
            except Exception:  # noqa: BLE001 - one publisher's fault must not blind us to others
                _log.exception("media not measured")
        for channel, case in list(self._cases.items()):
            yield
            try:
                self._advance(channel, case, now_s, now_ms)
            except Exception:  # noqa: BLE001 - as above
                _log.exception("channel not examined", channel=channel)
                del self._cases[channel]

    async def write(self, now_s: float) -> None:
        """Write down all reports of broadcasts. Raises StorageError: tried again later."""
        now_ms = self._clock()
        ended = dict(self._ended)
        reports = dict(ended)
        if now_s >= self._write_at_s:
            for case in list(self._cases.values()):
                await asyncio.sleep(0)  # others have their turn: a report takes 0.2 ms
                if case.broadcast_id is not None:
                    reports[case.broadcast_id] = case.examination.report(now_s, now_ms)
        await self._store.write(reports)
        self.written_count += len(reports)
        for broadcast_id in ended:
            self._ended.pop(broadcast_id, None)
        if now_s >= self._write_at_s:
            self._write_at_s = now_s + self._settings.write_s

    async def drain(self) -> None:
        """Look at what is left and write it all down, once `run` is no more."""
        now_s = self._steady_s()
        self.look(now_s)
        self._write_at_s = now_s
        with contextlib.suppress(StorageError):
            await self._learn_ids()
        try:
            await self.write(now_s)
        except StorageError as error:
            _log.warning("ingest reports not written down at the end", reason=str(error))

    def _put(self, event: _Noted) -> None:
        if len(self._queue) >= _QUEUE_CAPACITY:
            self.dropped_count += 1
            if self.dropped_count == 1:
                _log.error("media not measured: more comes than can be looked at")
            return
        self._queue.append(event)

    def _take(self, event: _Noted, now_s: float, now_ms: int) -> None:
        match event:
            case PublisherStarted():
                self._case_of(event.channel, now_ms).examination.note(event, now_s, now_ms)
            case BroadcastStarted():
                case = self._cases.get(event.channel)
                if case is not None:
                    case.is_on_air = True
            case BroadcastEnded():
                self._end(event.channel, now_s, now_ms)
            case MediaMeasured() | PublisherEnded() | PublisherWarned():
                case = self._cases.get(event.channel)
                if case is not None:
                    case.examination.note(event, now_s, now_ms)
                    if isinstance(event, PublisherEnded):
                        self._say(event.channel, case, now_ms)
            case _:
                pass

    def _case_of(self, channel: str, now_ms: int) -> _Case:
        """Return the case that a new publisher belongs to."""
        case = self._cases.get(channel)
        if case is None or not (case.is_on_air or case.examination.is_publishing):
            case = self._cases[channel] = _Case(Examination(self._profile_of(channel), now_ms))
        case.examination.profile = self._profile_of(channel)
        case.idle_since_s = None
        return case

    def _advance(self, channel: str, case: _Case, now_s: float, now_ms: int) -> None:
        examination = case.examination
        if examination.advance(now_s, now_ms):
            self._say(channel, case, now_ms)
        if examination.is_publishing or case.is_on_air:
            return
        if case.idle_since_s is None:
            case.idle_since_s = now_s
        elif now_s - case.idle_since_s > _FORGOTTEN_AFTER_S:
            del self._cases[channel]

    def _end(self, channel: str, now_s: float, now_ms: int) -> None:
        case = self._cases.get(channel)
        if case is None:
            return
        if not case.examination.is_publishing:
            del self._cases[channel]
        if case.broadcast_id is None:
            return
        if len(self._ended) < _ENDED_LIMIT:
            self._ended[case.broadcast_id] = case.examination.report(now_s, now_ms)
        self._closed.append(case.broadcast_id)
        case.broadcast_id = None
        case.is_on_air = False

    def _say(self, channel: str, case: _Case, now_ms: int) -> None:
        channel_id = self._ids.channel_id(channel)
        if channel_id is not None:
            self._tell(channel_id, channel, case.examination.current_findings(now_ms))

    async def _learn_ids(self) -> None:
        """Find the broadcasts of new cases, and what was written of them before this process."""
        for channel, case in list(self._cases.items()):
            if case.broadcast_id is not None or not case.examination.is_publishing:
                continue
            broadcast_id = self._ids.broadcast_id(channel)
            if broadcast_id is None or broadcast_id in self._closed:
                continue
            earlier = await self._store.read(broadcast_id)
            if self._cases.get(channel) is not case:
                continue
            case.broadcast_id = broadcast_id
            case.is_on_air = True
            if earlier is not None:
                case.examination.remember(earlier)

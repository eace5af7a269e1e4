"""Adapters of ingest's ports that keep everything in memory for a test to look at."""

import asyncio
from collections.abc import Callable, Sequence

from ingest.events import IngestEvent
from ingest.media import MediaEvent, Sample, TrackStarted
from ingest.ports import (
    EndReason,
    Grant,
    MediaSink,
    NoRoomError,
    OutputEndedError,
    PublishAttempt,
    Refusal,
    RefusalCode,
)


class Journal:
    """Notes what happens and lets a test wait for it."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._notifying: set[asyncio.Task[None]] = set()

    def note(self) -> None:
        task = asyncio.get_running_loop().create_task(self._notify())
        self._notifying.add(task)
        task.add_done_callback(self._notifying.discard)

    async def until(self, is_true: Callable[[], object]) -> None:
        async with asyncio.timeout(180), self._changed:
            await self._changed.wait_for(is_true)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class RecordingSink:
    def __init__(self, grant: Grant, journal: Journal) -> None:
        self.grant = grant
        self.events: list[MediaEvent] = []
        self.end: EndReason | None = None
        self.is_full = False
        self.is_broken = False
        self.has_ended = False
        self.waits = 0
        self.wants_in_s = 0.0  # what comes later; 0: at once
        self._journal = journal
        self._room = asyncio.Event()

    @property
    def samples(self) -> list[Sample]:
        return [event for event in self.events if isinstance(event, Sample)]

    @property
    def codecs(self) -> set[str]:
        return {event.track.codec.value for event in self.events if isinstance(event, TrackStarted)}

    def receive(self, events: Sequence[MediaEvent], now: float) -> float:
        assert self.end is None
        assert now > 0
        if self.is_broken:
            raise RuntimeError("disk full")
        if self.has_ended:
            raise OutputEndedError
        self.events += events
        self._journal.note()
        return now + self.wants_in_s if self.wants_in_s else 0

    async def wait_for_room(self) -> None:
        self.waits += 1
        self._journal.note()
        await self._room.wait()
        self._room.clear()

    def has_waited(self, times: int) -> bool:
        return self.waits >= times

    def make_room(self, *, stays_full: bool = False) -> None:
        """End a wait; if it `stays_full`, what comes next has to wait again."""
        self.is_full = stays_full
        self._room.set()

    def close(self, reason: EndReason, now: float) -> None:
        assert self.end is None
        assert now > 0
        self.end = reason
        self._journal.note()
        if self.is_broken:
            raise RuntimeError("disk still full")


class RecordingGateway:
    """Opens sinks; `opens_full` makes them full from the start."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.sinks: list[RecordingSink] = []
        self.opens_full = False
        self.wants_in_s = 0.0
        self.is_broken = False
        self.has_room = True

    def open_sink(self, grant: Grant, now: float) -> MediaSink:
        assert now > 0
        if self.is_broken:
            raise RuntimeError("segmenter gone")
        if not self.has_room:
            raise NoRoomError
        for sink in self.sinks:
            assert sink.grant.channel != grant.channel or sink.end is not None
        sink = RecordingSink(grant, self.journal)
        sink.is_full = self.opens_full
        sink.wants_in_s = self.wants_in_s
        self.sinks.append(sink)
        self.journal.note()
        return sink

    async def sink(self, number: int = 1) -> RecordingSink:
        """Wait for the first, second... sink."""
        await self.journal.until(lambda: len(self.sinks) >= number)
        return self.sinks[number - 1]


class KeyTable:
    """Grants the channel of each key that it knows; keys of one channel may differ."""

    def __init__(self, channels: dict[str, str], journal: Journal) -> None:
        self.attempts: list[PublishAttempt] = []
        self.is_broken = False
        self.gate: asyncio.Event | None = None
        self._channels = channels
        self._journal = journal

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        self.attempts.append(attempt)
        self._journal.note()
        if self.is_broken:
            raise RuntimeError("database gone")
        if self.gate is not None:
            await self.gate.wait()
        channel = self._channels.get(attempt.key)
        if channel is None:
            return Refusal(RefusalCode.UNKNOWN_KEY, "Unknown stream key.")
        return Grant(channel, principal=attempt.key)


class EventLog:
    """An `Emit` that remembers."""

    def __init__(self, journal: Journal) -> None:
        self.events: list[IngestEvent] = []
        self._journal = journal

    def __call__(self, event: IngestEvent) -> None:
        self.events.append(event)
        self._journal.note()

    def of(self, kind: type) -> list[IngestEvent]:
        return [event for event in self.events if type(event) is kind]

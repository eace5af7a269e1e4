"""DeliveryLoop: sends what is due, much at one time, and little of it to any one receiver."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final, Generic, Protocol, TypeVar

import structlog

from accounts.alarm import Alarm
from accounts.outbound.lanes import Lanes
from accounts.storage import StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.outbound")

LOOK_INTERVAL_S: Final = 1.0
LEASE_MARGIN_S: Final = 30.0
"""How much longer than a request may take it is nobody else's: for writing down how it went."""


class Laned(Protocol):
    """Something to be sent."""

    @property
    def lane(self) -> str:
        """To whom, as far as it matters who waits for whom."""
        ...


Item = TypeVar("Item", bound=Laned)


class Sender(Protocol[Item]):
    """Knows what is due, in rows that several processes share, and sends it."""

    async def claim(self, lanes: Lanes) -> Sequence[Item]:
        """Take what is due and has room, and enter its lanes. Nobody else takes it for a while."""
        ...

    async def deliver(self, item: Item) -> None:
        """Send one, and write down how it went. Raises StorageError."""
        ...


class DeliveryLoop(Generic[Item]):
    """Owned by one event loop. Cancelled, it leaves rows that are sent by who starts next."""

    def __init__(self, sender: Sender[Item], lanes: Lanes, name: str) -> None:
        self._sender = sender
        self._lanes = lanes
        self._name = name
        self._alarm = Alarm()
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Count what is being sent."""
        return len(self._running)

    @property
    def limit(self) -> int:
        """How much is sent at one time, at most."""
        return self._lanes.limit

    def wake(self) -> None:
        """Look soon: something is due."""
        self._alarm.ring()

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            while True:
                self._alarm.clear()
                if not await self._begin_some():
                    await self._alarm.wait(LOOK_INTERVAL_S)
        finally:
            for task in self._running:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*self._running, return_exceptions=True)

    async def settle(self) -> None:
        """Send all that is due now, and wait for it."""
        while await self._begin_some() or self._running:
            await asyncio.gather(*self._running)

    async def _begin_some(self) -> bool:
        if self._lanes.free < 1:
            return False
        try:
            claimed = await self._sender.claim(self._lanes)
        except StorageError as error:
            tell_trouble(_log, "nothing sent yet", error, of=self._name)
            return False
        for item in claimed:
            task = asyncio.create_task(self._deliver(item), name=self._name)
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(claimed)

    async def _deliver(self, item: Item) -> None:
        try:
            await self._sender.deliver(item)
        except StorageError as error:  # it is sent once more when it is free again
            tell_trouble(_log, "not written down what was sent", error, of=self._name)
        except Exception:  # noqa: BLE001 - one receiver must not end all others
            _log.exception("sending failed", what=self._name)
        finally:
            self._lanes.leave(item.lane)
            self._alarm.ring()

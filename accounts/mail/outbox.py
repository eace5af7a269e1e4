"""Outbox: mails that wait for their courier, in memory.

Links in mails are secrets: on disk they would outlive their use. A mail lost with the process can
be asked for again.
"""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from accounts.mail.couriers import Courier, RefusedError, UndeliveredError
from accounts.mail.settings import MailSettings
from accounts.ports import Clock

if TYPE_CHECKING:
    from email.message import EmailMessage

_RETRY_LIMIT_S: Final = 600.0
# What a mail costs must not show in the time of the answer to who caused it: whether an address has
# an account would show, too. By then, the answer has left.
_ANSWER_FIRST_S: Final = 0.1
_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.mail")


@dataclass(slots=True)
class _Waiting:
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    accepted_ms: int
    due_s: float  # of the loop's clock
    message: "EmailMessage | None" = field(default=None, repr=False)
    attempts: int = 0


class Outbox:
    """Sends mails one after the other; those that fail wait and are tried again.

    Holds `queue` mails, the tried and the untried together; more are dropped and counted: who
    waits for one can ask again. Implements MailSender. `run` sends until cancelled.
    """

    def __init__(self, courier: Courier, settings: MailSettings, clock: Clock) -> None:
        self.sent_count = 0
        self.dropped_count = 0
        self._courier = courier
        self._settings = settings
        self._clock = clock
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._held = 0  # in the queue, with the courier, or pausing
        self._pauses: set[asyncio.TimerHandle] = set()
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    @property
    def capacity(self) -> int:
        """How many mails it holds, at most."""
        return self._settings.queue

    def __len__(self) -> int:
        """Count what waits, and what is being delivered."""
        return self._held

    async def send(self, to: str, subject: str, text: str) -> None:
        """Accept one mail; returns before it is delivered."""
        if self._held >= self._settings.queue:
            self.dropped_count += 1
            _log.error("mail dropped, too many wait", waiting=self._held)
            return
        self._held += 1
        self._is_empty.clear()
        due_s = asyncio.get_running_loop().time() + _ANSWER_FIRST_S
        self._queue.put_nowait(_Waiting(to, subject, text, self._clock(), due_s))

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                waiting = await self._queue.get()
                await asyncio.sleep(waiting.due_s - asyncio.get_running_loop().time())
                await self._deliver(waiting)
        finally:
            for pause in self._pauses:
                pause.cancel()

    async def drain(self, limit_s: float) -> None:
        """Wait until nothing waits, but not longer than this. For the end of the process."""
        try:
            async with asyncio.timeout(limit_s):
                await self._is_empty.wait()
        except TimeoutError:
            _log.warning("mails not sent before the end", waiting=self._held)

    async def _deliver(self, waiting: _Waiting) -> None:
        waiting.attempts += 1
        try:
            if waiting.message is None:  # once, so that all attempts have the same Message-ID
                waiting.message = self._message_of(waiting)
            await self._courier.deliver(waiting.message)
        except UndeliveredError as error:
            if waiting.attempts < self._settings.attempts:
                self._pause(waiting)
                return
            self._give_up(str(error), waiting.attempts)
        except RefusedError as error:
            self._give_up(str(error), waiting.attempts)
        except Exception:  # noqa: BLE001 - one mail must not end all others
            _log.exception("mail failed")
            self.dropped_count += 1
        else:
            self.sent_count += 1
        self._held -= 1
        if not self._held:
            self._is_empty.set()

    def _message_of(self, waiting: _Waiting) -> "EmailMessage":
        from accounts.mail.message import build_message  # noqa: PLC0415 - see accounts/later.py

        return build_message(
            self._settings.sender,
            waiting.to,
            waiting.subject,
            waiting.text,
            waiting.accepted_ms,
        )

    def _give_up(self, reason: str, attempts: int) -> None:
        self.dropped_count += 1
        _log.error("mail not sent", reason=reason, attempts=attempts)

    def _pause(self, waiting: _Waiting) -> None:
        loop = asyncio.get_running_loop()
        delay_s = min(self._settings.retry_s * 2 ** (waiting.attempts - 1), _RETRY_LIMIT_S)

        def go_on() -> None:
            self._pauses.discard(pause)
            self._queue.put_nowait(waiting)

        pause = loop.call_later(delay_s, go_on)
        self._pauses.add(pause)

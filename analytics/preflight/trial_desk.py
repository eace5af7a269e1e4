"""TrialDesk: the trials whose encoders publish to this process, and what of them is written down.

Every second all that is measured goes into the trials' rows: so pages of any server show it, and a
process that is killed leaves a trial that goes on with the encoder's next attempt.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, StorageError, tell_trouble
from analytics.doctor.examination import Examination
from analytics.ports import Clock
from analytics.preflight.settings import PreflightSettings
from analytics.preflight.trial import (
    TrialOutcome,
    TrialState,
    channel_of_trial,
    too_many_at_once,
)
from analytics.preflight.trial_rows import claim_trial, delete_old_trials, save_run
from analytics.preflight.trial_run import TrialRun

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.preflight")

FINISHED: Final = "This test is finished: its page shows your grade. Nothing went live."
TOO_LITTLE: Final = "No media that could be measured came for this test."
CANCELLED: Final = "This test was cancelled, or goes on over a newer connection."
_SAVE_INTERVAL_S: Final = 1.0
_TIDY_INTERVAL_MS: Final = 3_600_000
_DAY_MS: Final = 86_400_000


class DeskFullError(Exception):
    """This server measures as many encoders as it may; the text is for who publishes."""


class AccountBusyError(DeskFullError):
    """It measures as many of one account as it may."""


class TrialDesk:
    """Begins, watches and ends runs; `at_once` bounds those that are not yet written down, too.

    `show_out` cuts the publisher of a channel, with a text for its encoder. It is called by tasks,
    never while media is delivered.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: PreflightSettings,
        show_out: Callable[[str, str], object],
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._show_out = show_out
        self._runs: dict[str, TrialRun] = {}  # by trial: who is measured now
        self._unsaved: list[TrialRun] = []  # those that have ended
        self._claimed: set[str] = set()  # runs that their rows know of
        self._news = asyncio.Event()
        self._tidied_at_ms = 0

    def __len__(self) -> int:
        return len(self._runs)

    def require_room(self, trial_id: str, account_id: str) -> None:
        """Raise DeskFullError if no publisher of an account's trial can be measured now.

        An older publisher of the same trial takes no place: the newer one follows it.
        """
        settings = self._settings
        going = [run for run in self._runs.values() if run.trial_id != trial_id]
        own = sum(1 for run in going if run.account_id == account_id)
        if own >= settings.at_once_per_account:
            raise AccountBusyError(too_many_at_once(settings.at_once_per_account))
        ended = sum(1 for run in self._unsaved if run.trial_id != trial_id)
        if len(going) + ended >= settings.at_once or len(self._unsaved) >= settings.at_once:
            raise DeskFullError(
                "This server tests as many set-ups as it may at one time. Try again in a minute."
            )

    def begin(self, trial_id: str, account_id: str, profile: str, now: float) -> TrialRun:
        """Measure a publisher from now on, for a latency profile. Raises DeskFullError.

        An older publisher of the same trial has been closed before.
        """
        self.require_room(trial_id, account_id)
        run = self._runs[trial_id] = TrialRun(
            trial_id,
            secrets.token_hex(8),
            Examination(profile, self._clock()),
            account_id=account_id,
            measure_s=self._settings.measure_s,
            now=now,
        )
        self._news.set()
        return run

    def run_of(self, trial_id: str) -> TrialRun | None:
        """Return who is measured for a trial here, if anybody is."""
        return self._runs.get(trial_id)

    def wake(self) -> None:
        """Write down soon: a run has come to an end by itself, and its publisher is to go."""
        self._news.set()

    def leave(self, run: TrialRun) -> None:
        """Take that a publisher is gone; its run has an outcome."""
        if self._runs.get(run.trial_id) is run:
            del self._runs[run.trial_id]
            self._unsaved.append(run)
            self._news.set()

    def cancel(self, trial_id: str) -> None:
        """Forget a trial whose row is gone, and show its publisher out."""
        run = self._runs.pop(trial_id, None)
        if run is not None:
            self._claimed.discard(run.run)
            self._show_out(channel_of_trial(trial_id), CANCELLED)

    async def run(self) -> None:
        """Write down what is measured, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            if not self._runs and not self._unsaved:
                self._news.clear()
                await self._wait_for_news(60.0)
            self._news.clear()
            try:
                await self.save(loop.time())
                await self.tidy()
            except StorageError as error:
                tell_trouble(_log, "trials not written down", error)
            await self._wait_for_news(_SAVE_INTERVAL_S)

    async def drain(self) -> None:
        """Write down how the last runs ended. Raises StorageError."""
        await self.save(asyncio.get_running_loop().time())

    async def save(self, now: float) -> None:
        """Write down all runs in one transaction. Raises StorageError: tried again later."""
        now_ms = self._clock()
        for run in self._runs.values():
            run.tick(now, now_ms)
        over = [run for run in self._runs.values() if run.outcome is not None]
        for run in over:
            self.leave(run)
        ended, going = list(self._unsaved), list(self._runs.values())
        if not ended and not going:
            return
        known = frozenset(self._claimed)

        async def work(connection: AsyncConnection) -> list[TrialRun]:
            return [
                run
                for run in (*ended, *going)
                if not await _write(connection, run, now_ms, is_known=run.run in known)
            ]

        lost: list[TrialRun] = []
        try:
            lost = await self._database.write(work)
            self._unsaved = [run for run in self._unsaved if run not in ended]
            here = {run.run for run in (*self._runs.values(), *self._unsaved)}
            self._claimed = (self._claimed | {run.run for run in going}) & here
        finally:
            # The encoder need not wait for the database.
            for run in over:
                text = TOO_LITTLE if run.outcome is TrialOutcome.TOO_SHORT else FINISHED
                self._show_out(channel_of_trial(run.trial_id), text)
        for run in lost:
            if self._runs.get(run.trial_id) is run:
                self.cancel(run.trial_id)

    async def tidy(self) -> None:
        """Forget old trials, now and then. Raises StorageError."""
        now_ms = self._clock()
        if now_ms - self._tidied_at_ms < _TIDY_INTERVAL_MS:
            return
        self._tidied_at_ms = now_ms
        before_ms = now_ms - self._settings.kept_days * _DAY_MS

        async def work(connection: AsyncConnection) -> None:
            await delete_old_trials(connection, before_ms)

        await self._database.write(work)

    async def _wait_for_news(self, limit_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._news.wait()


async def _write(
    connection: AsyncConnection, run: TrialRun, now_ms: int, *, is_known: bool
) -> bool:
    """Write one run down; whether it is still the trial's own."""
    if not is_known and not await claim_trial(
        connection, run.trial_id, run.run, run.encoder, now_ms
    ):
        return False
    report = run.report
    changes: dict[str, object] = {"seen_at_ms": now_ms}
    match run.outcome:
        case None:
            pass
        case TrialOutcome.GRADED:
            changes |= {"state": TrialState.GRADED.value, "ended_at_ms": now_ms}
        case TrialOutcome.TOO_SHORT:
            changes |= {"state": TrialState.WAITING.value, "run": None}
        case TrialOutcome.INTERRUPTED:
            changes |= {"state": TrialState.WAITING.value, "run": None}
            report = None
    return await save_run(connection, run.trial_id, run.run, report, changes)

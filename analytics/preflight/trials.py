"""Trials: makes, shows and cancels the private tests of a channel's set-up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, new_id
from analytics.ports import Clock
from analytics.preflight.settings import PreflightSettings
from analytics.preflight.trial import STALE_MS, Trial, too_many_at_once
from analytics.preflight.trial_key import NewTrialKey, make_trial_key
from analytics.preflight.trial_rows import (
    count_measured,
    delete_trials,
    insert_trial,
    read_trial,
    read_trials,
)

KEPT_PER_CHANNEL: Final = 20


class TooManyTrialsError(Exception):
    """There are as many as there may be; the text says what to do."""


class NoSuchTrialError(Exception):
    """The channel has no such trial."""


@dataclass(frozen=True, slots=True)
class NewTrial:
    """A trial and its key, which is shown once."""

    trial: Trial
    key: NewTrialKey


class Trials:
    """For whoever may change the channel: see FiguresAccess, which has been asked before.

    `cut` shows the publisher of a trial out, if it publishes to this process; another process
    finds within a second that the trial is gone.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: PreflightSettings,
        cut: Callable[[str], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._cut = cut

    async def of_channel(self, channel_id: str) -> tuple[Trial, ...]:
        """Return the channel's trials, the newest first: `KEPT_PER_CHANNEL` at most."""
        async with self._database.reading() as connection:
            return tuple(await read_trials(connection, channel_id))

    async def get(self, channel_id: str, trial_id: str) -> Trial:
        """Return one. Raises NoSuchTrialError."""
        async with self._database.reading() as connection:
            return await _found(connection, channel_id, trial_id)

    async def create(self, channel_id: str) -> NewTrial:
        """Make a trial and its key; the oldest ended one makes room. Raises TooManyTrialsError."""
        key, now_ms, settings = make_trial_key(), self._clock(), self._settings
        trial_id = new_id("tst")
        expires_at_ms = now_ms + settings.key_minutes * 60_000

        async def work(connection: AsyncConnection) -> Trial:
            going = await count_measured(connection, channel_id, now_ms - STALE_MS)
            if going >= settings.at_once_per_account:
                raise TooManyTrialsError(too_many_at_once(settings.at_once_per_account))
            trials = await read_trials(connection, channel_id)
            ended = [trial.id for trial in trials if not trial.is_open(now_ms)]
            open_count = len(trials) - len(ended)
            if open_count >= settings.open_per_channel:
                raise TooManyTrialsError(
                    f"A channel has {settings.open_per_channel} open tests at most. "
                    "Cancel one, or wait until it expires."
                )
            surplus = ended[max(KEPT_PER_CHANNEL - 1 - open_count, 0) :]
            if surplus:
                await delete_trials(connection, surplus)
            await insert_trial(
                connection,
                trial_id=trial_id,
                channel_id=channel_id,
                key=key,
                now_ms=now_ms,
                expires_at_ms=expires_at_ms,
            )
            return await _found(connection, channel_id, trial_id)

        return NewTrial(await self._database.write(work), key)

    async def cancel(self, channel_id: str, trial_id: str) -> None:
        """Forget a trial and show its publisher out. Raises NoSuchTrialError."""

        async def work(connection: AsyncConnection) -> None:
            await _found(connection, channel_id, trial_id)
            await delete_trials(connection, [trial_id])

        await self._database.write(work)
        self._cut(trial_id)


async def _found(connection: AsyncConnection, channel_id: str, trial_id: str) -> Trial:
    trial = await read_trial(connection, channel_id, trial_id)
    if trial is None:
        raise NoSuchTrialError("This channel has no such test.")
    return trial

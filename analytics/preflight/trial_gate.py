"""TrialGate: whether a test key lets its bearer publish to a trial."""

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select

from accounts.storage import Database
from analytics.ports import Clock
from analytics.preflight.tables import test_keys
from analytics.preflight.trial import Trial, TrialState
from analytics.preflight.trial_key import is_trial_key_of, trial_lookup
from analytics.preflight.trial_rows import trial_of


class TrialRefusal(Enum):
    """Why a test key admits nobody, as far as its bearer may know."""

    UNKNOWN_KEY = "unknown-key"
    EXPIRED = "expired"
    GRADED = "graded"


@dataclass(frozen=True, slots=True)
class TrialAdmitted:
    """The key is good, and waits for an encoder or is measuring an older connection of one."""

    trial: Trial


class TrialGate:
    """Looks test keys up and compares their digests in constant time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def authorize(self, key: str) -> TrialAdmitted | TrialRefusal:
        """Decide on one attempt. Raises StorageError: nobody can say now."""
        lookup = trial_lookup(key)
        if lookup is None:
            return TrialRefusal.UNKNOWN_KEY
        async with self._database.reading() as connection:
            row = (
                await connection.execute(select(test_keys).where(test_keys.c.lookup == lookup))
            ).first()
        if not is_trial_key_of(key, None if row is None else row.digest) or row is None:
            return TrialRefusal.UNKNOWN_KEY
        trial = trial_of(row)
        match trial.state(self._clock()):
            case TrialState.GRADED:
                return TrialRefusal.GRADED
            case TrialState.EXPIRED:
                return TrialRefusal.EXPIRED
            case _:
                return TrialAdmitted(trial)

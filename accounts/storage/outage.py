"""Outage: a database that is away is told of once, now and then while it lasts, and at its end.

Everything that works with it fails many times a second then. None of that is worth a line of its
own: see `tell_trouble`.
"""

from typing import Final

import structlog

from accounts.storage.errors import AwayError, StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.storage")

INTERVAL_S: Final = 30.0


class Outage:
    """What is known of one database. Times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._told_s: float | None = None
        self._failures = 0  # since it was last told of
        self._is_told = False
        self.count = 0  # of outages that have begun

    @property
    def is_on(self) -> bool:
        """Whether the database was away when it was last tried."""
        return self._began_s is not None

    def note(self, error: AwayError, now_s: float) -> None:
        """Count one failure, and tell of it if nothing was told lately."""
        if self._began_s is None:
            self._began_s = now_s
            self.count += 1
        self._failures += 1
        if self._told_s is not None and now_s - self._told_s < INTERVAL_S:
            return
        self._told_s, self._is_told = now_s, True
        _log.warning(
            "database away",
            reason=str(error),
            for_s=round(now_s - self._began_s),
            failures=self._failures,
        )
        self._failures = 0

    def end(self, now_s: float) -> None:
        """Tell that the database is back, to whom it was told that it was away."""
        if self._began_s is None:
            return
        away_s, self._began_s = now_s - self._began_s, None
        if self._is_told:
            _log.info("database back", away_s=round(away_s, 1), failures=self._failures)
            self._failures, self._is_told = 0, False


def tell_trouble(
    log: structlog.stdlib.BoundLogger, what: str, error: StorageError, **facts: object
) -> None:
    """Say what could not be done, as a warning; if the database is away, which is told, quietly."""
    tell = log.debug if isinstance(error, AwayError) else log.warning
    tell(what, reason=str(error), **facts)

"""TrialRun: one encoder that publishes to a trial, from its first byte to what came of it. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from analytics.doctor.report import IngestReport
from analytics.preflight.media_length import MediaLength
from analytics.preflight.trial import LEAST_MEDIA_MS, TrialOutcome, TrialReport
from ingest.events import MediaStretch
from ingest.media import PublisherWarning

# Media that does not go on by its own clock must not keep a place for ever.
_LONGEST_FACTOR = 2


class Examiner(Protocol):
    """Measures one publisher's media and says what is good and what is not."""

    def receive(self, stretches: Sequence[MediaStretch]) -> None:
        """Take what samples were like, in their order."""
        ...

    def warn(self, warning: PublisherWarning, now: float) -> None:
        """Take what ingest had to mend."""
        ...

    def report(self, now: float) -> IngestReport:
        """Return all that is known now."""
        ...


class TrialRun:
    """Measures until there is enough media, or the publisher goes, or it takes too long.

    `outcome` is None while it goes on. Times are monotonic seconds.
    """

    def __init__(
        self, trial_id: str, run: str, examiner: Examiner, *, measure_s: int, now: float
    ) -> None:
        self.trial_id = trial_id
        self.run = run
        self.encoder = ""
        self.outcome: TrialOutcome | None = None
        self.report: TrialReport | None = None
        self._examiner = examiner
        self._length = MediaLength()
        self._measure_ms = measure_s * 1000
        self._over_at = now + measure_s * _LONGEST_FACTOR

    def receive(self, stretches: Sequence[MediaStretch], now: float) -> None:
        """Take what samples were like; what comes after the end is not looked at."""
        if self.outcome is not None:
            return
        self._examiner.receive(stretches)
        self._length.note(stretches)
        if self._length.ms >= self._measure_ms:
            self._finish(TrialOutcome.GRADED, now)

    def warn(self, warning: PublisherWarning, now: float) -> None:
        """Take what ingest had to mend."""
        if self.outcome is None:
            self._examiner.warn(warning, now)

    def tick(self, now: float) -> None:
        """Let time pass, and bring `report` up to date."""
        if self.outcome is not None:
            return
        if now >= self._over_at:
            self.leave(now)
        else:
            self.report = self._reported(now)

    def leave(self, now: float) -> None:
        """End with what has come: the publisher went, or it took too long."""
        if self.outcome is None:
            is_enough = self._length.ms >= LEAST_MEDIA_MS
            self._finish(TrialOutcome.GRADED if is_enough else TrialOutcome.TOO_SHORT, now)

    def interrupt(self, now: float) -> None:
        """End because this server does."""
        if self.outcome is None:
            self._finish(TrialOutcome.INTERRUPTED, now)

    def _finish(self, outcome: TrialOutcome, now: float) -> None:
        self.outcome = outcome
        self.report = self._reported(now)

    def _reported(self, now: float) -> TrialReport:
        # Points are for charts of hours; a trial has none.
        ingest = replace(self._examiner.report(now), points=())
        return TrialReport(self._length.ms, ingest)

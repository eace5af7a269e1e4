"""TrialRun: one encoder that publishes to a trial, from its first byte to what came of it. Pure."""

from dataclasses import replace

from analytics.doctor.examination import Examination
from analytics.preflight.media_length import MediaLength
from analytics.preflight.trial import LEAST_MEDIA_MS, TrialOutcome, TrialReport
from ingest.events import IngestEvent, MediaMeasured, PublisherStarted

# Media that does not go on by its own clock must not keep a place for ever.
_LONGEST_FACTOR = 2


class TrialRun:
    """Measures until there is enough media, or the publisher goes, or it takes too long.

    `outcome` is None while it goes on. `now` is monotonic seconds, `now_ms` the wall clock.
    `account_id` owns the channel that is tested.
    """

    def __init__(
        self,
        trial_id: str,
        run: str,
        examination: Examination,
        *,
        account_id: str,
        measure_s: int,
        now: float,
    ) -> None:
        self.trial_id = trial_id
        self.account_id = account_id
        self.run = run
        self.encoder = ""
        self.outcome: TrialOutcome | None = None
        self.report: TrialReport | None = None
        self._examination = examination
        self._length = MediaLength()
        self._measure_ms = measure_s * 1000
        self._over_at = now + measure_s * _LONGEST_FACTOR

    def note(self, event: IngestEvent, now: float, now_ms: int) -> None:
        """Take what ingest tells of the publisher; what comes after the end is not looked at."""
        if self.outcome is not None:
            return
        self._examination.note(event, now, now_ms)
        if isinstance(event, PublisherStarted):
            self.encoder = event.encoder
        elif isinstance(event, MediaMeasured):
            self._length.note(event.stretches)
            # However long what it found takes to be written down: what it finds must hold a while.
            self._examination.advance(now, now_ms)
            if self._length.ms >= self._measure_ms:
                self._finish(TrialOutcome.GRADED, now, now_ms)

    def tick(self, now: float, now_ms: int) -> None:
        """Let time pass, about once a second, and bring `report` up to date."""
        if self.outcome is not None:
            return
        if now >= self._over_at:
            self.leave(now, now_ms)
        else:
            self.report = self._reported(now, now_ms)

    def leave(self, now: float, now_ms: int) -> None:
        """End with what has come: the publisher went, or it took too long."""
        if self.outcome is None:
            is_enough = self._length.ms >= LEAST_MEDIA_MS
            outcome = TrialOutcome.GRADED if is_enough else TrialOutcome.TOO_SHORT
            self._finish(outcome, now, now_ms)

    def interrupt(self, now: float, now_ms: int) -> None:
        """End because this server does, or a newer connection takes over."""
        if self.outcome is None:
            self._finish(TrialOutcome.INTERRUPTED, now, now_ms)

    def _finish(self, outcome: TrialOutcome, now: float, now_ms: int) -> None:
        self.outcome = outcome
        self.report = self._reported(now, now_ms)

    def _reported(self, now: float, now_ms: int) -> TrialReport:
        self._examination.advance(now, now_ms)
        # Points are for charts of hours; a trial has none.
        ingest = replace(self._examination.report(now, now_ms), points=())
        return TrialReport(self._length.ms, ingest)

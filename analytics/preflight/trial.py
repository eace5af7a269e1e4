"""Trial: one private test of a set-up, from its key to its grade. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from analytics.doctor.report import IngestReport
from analytics.preflight.trial_key import TRIAL_KEY_PREFIX

# A server that measures writes down every second that it does. Whose server has been silent for
# so long is not measured any more: its process has been killed, and the encoder may come again.
STALE_MS: Final = 10_000
# Less media says nothing about keyframes or the evenness of arrival: the trial waits on.
LEAST_MEDIA_MS: Final = 5_000
_CHANNEL_PREFIX: Final = "test:"


class TrialState(Enum):
    """What a trial is doing; the first three are also what its row says."""

    WAITING = "waiting"  # for its encoder
    RECEIVING = "receiving"  # and measuring
    GRADED = "graded"
    EXPIRED = "expired"  # before there was a grade


class TrialOutcome(Enum):
    """What became of one encoder's attempt."""

    GRADED = "graded"
    TOO_SHORT = "too-short"  # the trial waits for another attempt
    INTERRUPTED = "interrupted"  # this server stopped; the encoder may come again


@dataclass(frozen=True, slots=True)
class TrialReport:
    """What was measured of a trial's encoder; `media_ms` is how much media came of it."""

    media_ms: int
    ingest: IngestReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is known of a trial: all but its key. Times in milliseconds since 1970.

    `report` is what was measured last: while it is received, and for good with the grade.
    """

    id: str
    channel_id: str
    lookup: str
    row_state: TrialState
    created_at_ms: int
    expires_at_ms: int
    encoder: str | None
    started_at_ms: int | None
    seen_at_ms: int | None
    ended_at_ms: int | None
    report: TrialReport | None

    @property
    def start(self) -> str:
        """How the key begins."""
        return f"{TRIAL_KEY_PREFIX}{self.lookup}"

    @property
    def was_too_short(self) -> bool:
        """Whether the last attempt brought too little to be graded."""
        return self.row_state is TrialState.WAITING and self.report is not None

    def state(self, now_ms: int) -> TrialState:
        """Return what the trial is doing now."""
        if self.row_state is TrialState.GRADED:
            return TrialState.GRADED
        if self.row_state is TrialState.RECEIVING and now_ms - (self.seen_at_ms or 0) < STALE_MS:
            return TrialState.RECEIVING
        return TrialState.WAITING if now_ms < self.expires_at_ms else TrialState.EXPIRED

    def is_open(self, now_ms: int) -> bool:
        """Whether a grade may still come of it."""
        return self.state(now_ms) in {TrialState.WAITING, TrialState.RECEIVING}


def channel_of_trial(trial_id: str) -> str:
    """Name a trial among publishers. No channel has such a name: theirs have no colon."""
    return f"{_CHANNEL_PREFIX}{trial_id}"


def trial_of_channel(channel: str) -> str | None:
    """Return the id of the trial that a publisher is in; None for one of a channel."""
    return channel.removeprefix(_CHANNEL_PREFIX) if channel.startswith(_CHANNEL_PREFIX) else None


def too_many_at_once(limit: int) -> str:
    """Say to an account's owner that as many of its trials are measured as may be."""
    return (
        f"As many of your set-ups are tested as may be at one time: {limit}. "
        "Wait until one has its grade, or cancel it."
    )

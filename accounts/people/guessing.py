"""Guessing: how long somebody who guesses secrets has to wait. Pure arithmetic.

An attempt counts as a failure from its beginning and is taken back when it succeeds: many that
begin at once find each other counted.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessLimit:
    """How many failures are forgiven, and how the delay grows after that.

    After `free` failures the next attempt waits `first_delay_ms`, and each further one twice as
    long, up to `longest_delay_ms`. All is forgotten `forget_after_ms` after the last failure.
    """

    free: int
    first_delay_ms: int
    longest_delay_ms: int
    forget_after_ms: int

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if self.free < 1 or not 0 < self.first_delay_ms <= self.longest_delay_ms:
            raise ValueError("expected free >= 1 and 0 < first_delay_ms <= longest_delay_ms")
        if self.forget_after_ms < self.longest_delay_ms:
            raise ValueError("forget_after_ms: expected longest_delay_ms or more")


@dataclass(frozen=True, slots=True)
class GuessRecord:
    """The failures of one party, and when the last one was."""

    failures: int
    last_ms: int


NO_FAILURES = GuessRecord(0, 0)


def remembered(record: GuessRecord, limit: GuessLimit, now_ms: int) -> GuessRecord:
    """Return what still counts."""
    if now_ms - record.last_ms >= limit.forget_after_ms:
        return NO_FAILURES
    return record


def opens_at_ms(record: GuessRecord, limit: GuessLimit) -> int:
    """Return when the next attempt may be made; a time in the past means now."""
    excess = record.failures - limit.free
    if excess < 0:
        return 0
    # The shift is capped before it is made: failures may be any number.
    doublings = min(excess, limit.longest_delay_ms.bit_length())
    return record.last_ms + min(limit.longest_delay_ms, limit.first_delay_ms << doublings)


def after_failure(record: GuessRecord, limit: GuessLimit, now_ms: int) -> GuessRecord:
    """Count one more failure."""
    return GuessRecord(remembered(record, limit, now_ms).failures + 1, now_ms)

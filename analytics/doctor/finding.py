"""Finding: one thing that is good, or could be better, about what a publisher sends."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding matters to viewers."""

    GOOD = "good"  # looked at, and as it should be
    ADVICE = "advice"  # works, and could be better
    WARNING = "warning"  # some viewers notice, or soon will
    PROBLEM = "problem"  # viewers cannot watch it as it should be


class Area(Enum):
    """What a finding is about; a page groups by it."""

    KEYFRAMES = "keyframes"
    PICTURE = "picture"
    SOUND = "sound"
    TIMING = "timing"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Symptom:
    """What a check sees at one moment. `measured` and `expected` are short texts with units.

    `held_s`: for how long it is known to have been so already, if the check is about that.
    """

    code: str
    severity: Severity
    measured: str | None = None
    expected: str | None = None
    held_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A symptom that has held for a while, in words.

    `text` says what it does to viewers, `to_change` what to change in the encoder (None where
    nothing has to be). `since_ms` and `until_ms` are on the wall clock; `until_ms` is None while it
    holds. `held_ms` sums up how long it has held, `count` how often it came.
    """

    code: str
    area: Area
    severity: Severity
    title: str
    text: str
    to_change: str | None
    measured: str | None
    expected: str | None
    since_ms: int
    until_ms: int | None = None
    held_ms: int = 0
    count: int = 1

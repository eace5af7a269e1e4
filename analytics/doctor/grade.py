"""Grade: how ready a stream is for viewers, from what was found in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from analytics.doctor.finding import Finding, Severity


class Verdict(Enum):
    """What to tell the streamer first."""

    READY = "ready"
    READY_WITH_ADVICE = "ready-with-advice"
    NOT_READY = "not-ready"


@dataclass(frozen=True, slots=True)
class Grade:
    """A letter from A (nothing to change) to F, and the findings that made it, the worst first."""

    letter: str
    verdict: Verdict
    reasons: tuple[Finding, ...]


_WORST_FIRST = (Severity.PROBLEM, Severity.WARNING, Severity.ADVICE)


def grade(findings: Iterable[Finding]) -> Grade:
    """Grade what was found, whether it still holds or not; each code counts once, at its worst.

    A: nothing but what is good. B: advice alone. C: one warning. D: more warnings. E: one
    problem. F: more problems. Problems mean "not ready".
    """
    worst: dict[str, Finding] = {}
    for finding in findings:
        if finding.severity is Severity.GOOD:
            continue
        known = worst.get(finding.code)
        if known is None or _rank(finding) < _rank(known):
            worst[finding.code] = finding
    reasons = tuple(sorted(worst.values(), key=lambda each: (_rank(each), each.code)))
    counts = [sum(each.severity is severity for each in reasons) for severity in _WORST_FIRST]
    problems, warnings, advice = counts
    if problems:
        return Grade("F" if problems > 1 else "E", Verdict.NOT_READY, reasons)
    if warnings:
        return Grade("D" if warnings > 1 else "C", Verdict.READY_WITH_ADVICE, reasons)
    if advice:
        return Grade("B", Verdict.READY_WITH_ADVICE, reasons)
    return Grade("A", Verdict.READY, reasons)


def _rank(finding: Finding) -> int:
    return _WORST_FIRST.index(finding.severity)

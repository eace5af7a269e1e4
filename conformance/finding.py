"""Finding: one broken rule, said so that whoever runs the server can mend it."""

from dataclasses import dataclass, field
from enum import Enum

from conformance.check import Check

TEXTS_KEPT_PER_CHECK = 3  # a fault that repeats with every part must not bury the others


class Severity(Enum):
    """ERROR breaks a MUST or a known player; WARNING a SHOULD, or depends on timing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule, the address at which it is broken, and what was expected and came."""

    check: Check
    severity: Severity
    url: str
    text: str


def error(check: Check, url: str, text: str) -> Finding:
    """Find a broken MUST."""
    return Finding(check, Severity.ERROR, url, text)


def warning(check: Check, url: str, text: str) -> Finding:
    """Find a broken SHOULD, or something that timing may excuse."""
    return Finding(check, Severity.WARNING, url, text)


@dataclass(slots=True)
class FindingTally:
    """How often one rule was broken in one rendition, and the first few texts."""

    check: Check
    severity: Severity
    place: str
    count: int = 0
    findings: list[Finding] = field(default_factory=list)


class FindingLog:
    """All findings of a run, in bounded memory: tallies per rule, severity and place.

    `place` is the name of a rendition or of the playlist as a whole; one task owns a log.
    """

    def __init__(self) -> None:
        self._tallies: dict[tuple[Check, Severity, str], FindingTally] = {}

    def add(self, place: str, finding: Finding) -> None:
        """Count a finding, and keep its text if the rule has few so far."""
        key = (finding.check, finding.severity, place)
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = FindingTally(finding.check, finding.severity, place)
        tally.count += 1
        if len(tally.findings) < TEXTS_KEPT_PER_CHECK and all(
            kept.text != finding.text for kept in tally.findings
        ):
            tally.findings.append(finding)

    def tallies(self) -> list[FindingTally]:
        """List the tallies, errors first, then by number and place."""
        return sorted(
            self._tallies.values(),
            key=lambda tally: (
                tally.severity is not Severity.ERROR,
                tally.check.number,
                tally.place,
            ),
        )

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity, repeated ones included."""
        return sum(t.count for t in self._tallies.values() if t.severity is severity)

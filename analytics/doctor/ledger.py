"""FindingLedger: symptoms in, findings out: none for a flicker, none lost. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from analytics.doctor.finding import Area, Finding, Severity, Symptom
from analytics.doctor.texts import GOOD_CODES, SAYS_MORE_THAN, TEXTS

# What is seen for so long is told, and taken back when it was not seen for so long.
_APPEARS_MS: Final = 3_000
_CLEARS_MS: Final = 6_000
_GOOD_AFTER_MS: Final = 8_000
_ORDER: Final = {each: place for place, each in enumerate(reversed(Severity))}


@dataclass(slots=True)
class _Watched:
    """A code that was seen lately, told or not."""

    symptom: Symptom
    seen_from_ms: int  # without a break, in this severity
    seen_ms: int
    told: Finding | None = None


class FindingLedger:
    """Keeps what holds and what held. At most one finding for each code.

    `earlier` are findings of the same broadcast by a process before this one.
    """

    def __init__(self, earlier: Iterable[Finding] = ()) -> None:
        self._watched: dict[str, _Watched] = {}
        self._past: dict[str, Finding] = {}
        self._good_since_ms: dict[Area, int] = {}
        self._good: frozenset[Area] = frozenset()  # as told
        self.remember(earlier)

    def remember(self, earlier: Iterable[Finding]) -> None:
        """Take findings that held before all that is known here."""
        for finding in earlier:
            if finding.severity is not Severity.GOOD and finding.code in TEXTS:
                known = self._past.get(finding.code)
                self._past[finding.code] = finding if known is None else _joined(finding, known)

    def update(self, symptoms: Iterable[Symptom], areas: Iterable[Area], now_ms: int) -> bool:
        """Take what is seen now, in areas that could be looked at; return whether findings change.

        Only appearing, changing its severity and going are changes; numbers are none. What says
        less than another that holds is neither told nor remembered: it was a part of that.
        """
        changed = False
        covered = self._covered()
        for symptom in symptoms:
            if symptom.code not in covered:
                changed |= self._see(symptom, now_ms)
        for code in self._covered() & self._watched.keys():
            changed |= self._watched.pop(code).told is not None
        for code, watched in list(self._watched.items()):
            if now_ms - watched.seen_ms < _CLEARS_MS:
                continue
            del self._watched[code]
            if watched.told is not None:
                changed = True
                self._put_by(watched.told, watched.seen_ms)
        return self._update_good(set(areas), now_ms) or changed

    def close(self, now_ms: int) -> None:
        """Let all that holds be past: nothing comes any more."""
        for watched in self._watched.values():
            if watched.told is not None:
                self._put_by(watched.told, min(watched.seen_ms, now_ms))
        self._watched.clear()
        self._good_since_ms.clear()
        self._good = frozenset()

    def current(self, now_ms: int) -> tuple[Finding, ...]:
        """Return what holds: the worst first, what is good last."""
        found = []
        for watched in self._watched.values():
            told = watched.told
            if told is not None:
                held_ms = told.held_ms + max(now_ms - told.since_ms, 0)
                found.append(replace(told, held_ms=held_ms))
        for area in self._told_good(now_ms):
            good = Symptom(GOOD_CODES[area], Severity.GOOD)
            found.append(_finding(good, self._good_since_ms[area]))
        return tuple(sorted(found, key=_place))

    def past(self) -> tuple[Finding, ...]:
        """Return what held before and does not now, the worst first."""
        holds = {code for code, watched in self._watched.items() if watched.told is not None}
        gone = [each for code, each in self._past.items() if code not in holds]
        return tuple(sorted(gone, key=_place))

    def _see(self, symptom: Symptom, now_ms: int) -> bool:
        watched = self._watched.get(symptom.code)
        from_ms = now_ms - round(symptom.held_s * 1000)
        if watched is None:
            watched = self._watched[symptom.code] = _Watched(symptom, from_ms, now_ms)
        elif watched.symptom.severity is not symptom.severity:
            watched.seen_from_ms = from_ms
        watched.symptom, watched.seen_ms = symptom, now_ms
        told = watched.told
        if told is not None and told.severity is symptom.severity:
            watched.told = replace(told, measured=symptom.measured, expected=symptom.expected)
            return False
        if now_ms - watched.seen_from_ms < _APPEARS_MS:
            return False
        if told is None:
            watched.told = _finding(symptom, watched.seen_from_ms, self._past.get(symptom.code))
        else:
            watched.told = replace(
                told,
                severity=symptom.severity,
                measured=symptom.measured,
                expected=symptom.expected,
            )
        return True

    def _covered(self) -> set[str]:
        """Return the codes that say less than what is told."""
        return {
            lesser
            for code, watched in self._watched.items()
            if watched.told is not None
            for lesser in SAYS_MORE_THAN.get(code, ())
        }

    def _put_by(self, told: Finding, until_ms: int) -> None:
        until_ms = max(until_ms, told.since_ms)
        held_ms = told.held_ms + until_ms - told.since_ms
        worst = told.severity
        known = self._past.get(told.code)
        if known is not None and _ORDER[known.severity] < _ORDER[worst]:
            worst = known.severity
        self._past[told.code] = replace(told, until_ms=until_ms, held_ms=held_ms, severity=worst)

    def _update_good(self, areas: set[Area], now_ms: int) -> bool:
        bad = {
            TEXTS[code].area for code, watched in self._watched.items() if watched.told is not None
        }
        before = self._good
        for area in list(self._good_since_ms):
            if area in bad or area not in areas:
                del self._good_since_ms[area]
        for area in areas - bad:
            self._good_since_ms.setdefault(area, now_ms)
        self._good = self._told_good(now_ms)
        return self._good != before

    def _told_good(self, now_ms: int) -> frozenset[Area]:
        return frozenset(
            area for area, since in self._good_since_ms.items() if now_ms - since >= _GOOD_AFTER_MS
        )


def _finding(symptom: Symptom, since_ms: int, before: Finding | None = None) -> Finding:
    words = TEXTS[symptom.code]
    return Finding(
        code=symptom.code,
        area=words.area,
        severity=symptom.severity,
        title=words.title,
        text=words.text,
        to_change=words.to_change,
        measured=symptom.measured,
        expected=symptom.expected,
        since_ms=since_ms,
        held_ms=0 if before is None else before.held_ms,
        count=1 if before is None else before.count + 1,
    )


def _joined(earlier: Finding, later: Finding) -> Finding:
    """Make one of two stretches of the same finding."""
    worse = min(earlier, later, key=_place)
    return replace(
        later,
        severity=worse.severity,
        since_ms=min(earlier.since_ms, later.since_ms),
        held_ms=earlier.held_ms + later.held_ms,
        count=earlier.count + later.count,
    )


def _place(finding: Finding) -> tuple[int, int, str]:
    return _ORDER[finding.severity], finding.since_ms, finding.code

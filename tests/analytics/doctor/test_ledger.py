"""Findings appear when they have held, go when they were gone, and are never lost."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.doctor.finding import Area, Severity, Symptom
from analytics.doctor.grade import Verdict, grade
from analytics.doctor.ledger import FindingLedger

MONO = Symptom("audio-mono", Severity.ADVICE, "1 channel", "2 channels")
LONG = Symptom("keyframe-interval-long", Severity.WARNING, "4.0 s", "2 s")
LONGER = Symptom("keyframe-interval-long", Severity.PROBLEM, "8.0 s", "2 s")
NO_AREA: tuple[Area, ...] = ()


def _codes(ledger: FindingLedger, now_ms: int) -> list[tuple[str, Severity]]:
    return [(each.code, each.severity) for each in ledger.current(now_ms)]


def test_what_flickers_is_not_told() -> None:
    ledger = FindingLedger()
    assert not ledger.update([MONO], NO_AREA, 0)
    assert not ledger.update([], NO_AREA, 1000)
    assert not ledger.update([], NO_AREA, 7000)
    assert not ledger.update([MONO], NO_AREA, 8000)
    assert not ledger.update([MONO], NO_AREA, 10_000)
    assert ledger.update([MONO], NO_AREA, 11_000)
    (found,) = ledger.current(12_000)
    assert (found.since_ms, found.held_ms, found.count) == (8000, 4000, 1)


def test_numbers_change_without_a_word_and_severities_do_not() -> None:
    ledger = FindingLedger()
    for at_ms in (0, 3000):
        changed = ledger.update([LONG], NO_AREA, at_ms)
    assert changed
    other = Symptom(LONG.code, LONG.severity, "4.1 s", "2 s")
    assert not ledger.update([other], NO_AREA, 4000)
    assert ledger.current(4000)[0].measured == "4.1 s"
    assert not ledger.update([LONGER], NO_AREA, 5000)
    assert _codes(ledger, 5000) == [(LONG.code, Severity.WARNING)]
    assert ledger.update([LONGER], NO_AREA, 8000)
    assert _codes(ledger, 8000) == [(LONG.code, Severity.PROBLEM)]


def test_what_is_gone_is_past_and_counts_again_when_it_comes_back() -> None:
    ledger = FindingLedger()
    for at_ms in range(0, 10_001, 1000):
        ledger.update([MONO], NO_AREA, at_ms)
    assert not ledger.update([], NO_AREA, 15_000)
    assert ledger.update([], NO_AREA, 16_000)
    (past,) = ledger.past()
    assert (past.since_ms, past.until_ms, past.held_ms) == (0, 10_000, 10_000)
    for at_ms in range(20_000, 25_001, 1000):
        ledger.update([MONO], NO_AREA, at_ms)
    (found,) = ledger.current(25_000)
    assert (found.since_ms, found.held_ms, found.count) == (20_000, 15_000, 2)
    assert ledger.past() == ()
    ledger.close(26_000)
    assert ledger.current(26_000) == ()
    assert ledger.past()[0].held_ms == 15_000


def test_what_is_known_to_have_held_is_told_at_once() -> None:
    ledger = FindingLedger()
    stopped = Symptom("media-stopped", Severity.PROBLEM, "for 5 s", held_s=5)
    assert ledger.update([stopped], NO_AREA, 20_000)
    (found,) = ledger.current(21_000)
    assert (found.since_ms, found.held_ms) == (15_000, 6_000)


def test_what_says_less_of_the_same_cause_gives_way_and_comes_back_without_it() -> None:
    ledger = FindingLedger()
    uneven = Symptom("arrival-uneven", Severity.ADVICE)
    stalls = Symptom("upload-stalls", Severity.WARNING)
    for at_ms in (0, 3000):
        ledger.update([uneven], NO_AREA, at_ms)
    ledger.update([uneven, stalls], NO_AREA, 4000)
    assert ledger.update([stalls, uneven], NO_AREA, 7000)
    assert _codes(ledger, 7000) == [("upload-stalls", Severity.WARNING)]
    assert ledger.past() == ()
    for at_ms in range(8000, 18_000, 1000):
        ledger.update([uneven], NO_AREA, at_ms)
    assert _codes(ledger, 17_000) == [("arrival-uneven", Severity.ADVICE)]
    assert [each.code for each in ledger.past()] == ["upload-stalls"]


def test_an_area_without_faults_is_good_after_a_while() -> None:
    ledger = FindingLedger()
    changes = [
        at_ms
        for at_ms in range(0, 20_001, 1000)
        if ledger.update([MONO], [Area.SOUND, Area.KEYFRAMES], at_ms)
    ]
    assert changes == [3000, 8000]
    assert _codes(ledger, 20_000) == [
        ("audio-mono", Severity.ADVICE),
        ("keyframes-good", Severity.GOOD),
    ]


@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from([MONO, LONG, LONGER]), max_size=2),
            st.sets(st.sampled_from(Area)),
            st.integers(0, 5000),
        ),
        max_size=40,
    )
)
def test_a_finding_never_vanishes_without_becoming_past(
    steps: list[tuple[set[Symptom], set[Area], int]],
) -> None:
    ledger = FindingLedger()
    now_ms, told = 0, set()
    for symptoms, areas, pause_ms in steps:
        now_ms += pause_ms
        before = {each.code: each.severity for each in ledger.current(now_ms)}
        by_code = {each.code: each for each in symptoms}
        changed = ledger.update(by_code.values(), areas, now_ms)
        current = ledger.current(now_ms)
        after = {each.code: each.severity for each in current}
        good = {code for code in (*before, *after) if code.endswith("-good")}
        if {c: s for c, s in before.items() if c not in good} != {
            c: s for c, s in after.items() if c not in good
        }:
            assert changed
        told |= {each.code for each in current if each.severity is not Severity.GOOD}
        known = {each.code for each in (*current, *ledger.past())}
        assert told <= known


def test_grades_go_from_nothing_to_change_to_not_ready() -> None:
    def graded(*symptoms: Symptom) -> tuple[str, Verdict, list[str]]:
        ledger = FindingLedger()
        for at_ms in (0, 3000):
            ledger.update(symptoms, NO_AREA, at_ms)
        found = grade((*ledger.current(3000), *ledger.past()))
        return found.letter, found.verdict, [each.code for each in found.reasons]

    quiet = Symptom("audio-bitrate-low", Severity.WARNING)
    stalled = Symptom("audio-stalled", Severity.PROBLEM)
    assert graded() == ("A", Verdict.READY, [])
    assert graded(MONO) == ("B", Verdict.READY_WITH_ADVICE, ["audio-mono"])
    assert graded(MONO, LONG)[:2] == ("C", Verdict.READY_WITH_ADVICE)
    assert graded(quiet, LONG)[:2] == ("D", Verdict.READY_WITH_ADVICE)
    assert graded(MONO, LONGER) == (
        "E", Verdict.NOT_READY, ["keyframe-interval-long", "audio-mono"],
    )  # fmt: skip
    assert graded(stalled, LONGER)[:2] == ("F", Verdict.NOT_READY)

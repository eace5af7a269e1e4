"""One encoder's attempt: when it ends, and what comes of it."""

import pytest

from analytics.doctor.examination import Examination
from analytics.preflight.trial import (
    STALE_MS,
    Trial,
    TrialOutcome,
    TrialState,
    channel_of_trial,
    trial_of_channel,
)
from analytics.preflight.trial_run import TrialRun
from ingest.events import MediaMeasured, PublisherStarted, PublisherWarned
from ingest.media import PublisherWarning, WarningCode
from tests.analytics.doctor.made_media import START_MS, Made, wall_ms

NOW_S = 1000.0


def run_of(measure_s: int = 60) -> TrialRun:
    examination = Examination("normal", START_MS)
    run = TrialRun(
        "tst_1", "r", examination, account_id="acc_OWNER", measure_s=measure_s, now=NOW_S
    )
    run.note(PublisherStarted(1, "test:tst_1", "OBS", "192.0.2.1"), NOW_S, START_MS)
    return run


def publish(run: TrialRun, made: Made) -> float:
    """Let a stream come until the run has an outcome; return when it was over."""
    now_s = NOW_S
    for stretch in made.stretches():
        now_s = stretch.read_at_s
        run.note(MediaMeasured(1, "test:tst_1", [stretch]), now_s, wall_ms(now_s))
        run.tick(now_s, wall_ms(now_s))
        if run.outcome is not None:
            break
    return now_s


def test_a_run_ends_with_a_grade_when_there_is_enough_media() -> None:
    run = run_of()
    over_s = publish(run, Made(length_s=90.0))
    assert run.outcome is TrialOutcome.GRADED
    assert 59 <= over_s - NOW_S <= 62
    assert run.encoder == "OBS"
    assert run.report is not None
    assert 60_000 <= run.report.media_ms <= 61_000
    assert run.report.ingest.video is not None
    assert run.report.ingest.points == ()


def test_what_comes_after_the_end_changes_nothing() -> None:
    run = run_of(10)
    over_s = publish(run, Made(length_s=30.0))
    report = run.report
    stretch = next(iter(Made().stretches()))
    run.note(MediaMeasured(1, "test:tst_1", [stretch]), over_s + 1, wall_ms(over_s + 1))
    run.leave(over_s + 2, wall_ms(over_s + 2))
    run.interrupt(over_s + 3, wall_ms(over_s + 3))
    run.tick(over_s + 4, wall_ms(over_s + 4))
    assert run.report is report
    assert run.outcome is TrialOutcome.GRADED


@pytest.mark.parametrize(
    ("length_s", "outcome"),
    [(0.0, TrialOutcome.TOO_SHORT), (4.0, TrialOutcome.TOO_SHORT), (8.0, TrialOutcome.GRADED)],
    ids=["nothing", "4 s", "8 s"],
)
def test_a_publisher_that_goes_early_is_graded_if_there_was_enough(
    length_s: float, outcome: TrialOutcome
) -> None:
    run = run_of()
    now_s = publish(run, Made(length_s=length_s)) if length_s else NOW_S
    run.leave(now_s, wall_ms(now_s))
    assert run.outcome is outcome


def test_media_that_does_not_go_on_ends_the_run_after_twice_the_time() -> None:
    run = run_of(10)
    run.tick(NOW_S + 19, wall_ms(NOW_S + 19))
    assert run.outcome is None
    run.tick(NOW_S + 20, wall_ms(NOW_S + 20))
    assert run.outcome is TrialOutcome.TOO_SHORT


def test_what_ingest_mended_is_in_the_report() -> None:
    run = run_of()
    warning = PublisherWarning(WarningCode.TIMESTAMPS_REPAIRED, "made", 3)
    run.note(PublisherWarned(1, "test:tst_1", warning), NOW_S, START_MS)
    run.tick(NOW_S + 1, wall_ms(NOW_S + 1))
    assert run.report is not None
    assert run.report.ingest.timing.repair_count == 3


def trial(row_state: TrialState, *, seen_ms: int | None = None) -> Trial:
    return Trial(
        id="tst_1",
        channel_id="chn_1",
        lookup="abcdefghij",
        row_state=row_state,
        created_at_ms=0,
        expires_at_ms=1_800_000,
        encoder=None,
        started_at_ms=None,
        seen_at_ms=seen_ms,
        ended_at_ms=None,
        report=None,
    )


@pytest.mark.parametrize(
    ("row_state", "seen_ms", "now_ms", "expected"),
    [
        (TrialState.WAITING, None, 0, TrialState.WAITING),
        (TrialState.WAITING, None, 1_800_000, TrialState.EXPIRED),
        (TrialState.RECEIVING, 1_799_000, 1_800_500, TrialState.RECEIVING),
        (TrialState.RECEIVING, 5_000, 5_000 + STALE_MS, TrialState.WAITING),
        (TrialState.RECEIVING, 1_799_000, 1_799_000 + STALE_MS, TrialState.EXPIRED),
        (TrialState.GRADED, 5_000, 9_000_000, TrialState.GRADED),
    ],
    ids=["new", "expired", "late but there", "killed", "killed and expired", "graded"],
)
def test_a_trial_is_what_its_row_and_the_time_say(
    row_state: TrialState, seen_ms: int | None, now_ms: int, expected: TrialState
) -> None:
    assert trial(row_state, seen_ms=seen_ms).state(now_ms) is expected


def test_no_channel_is_named_as_a_trial_is() -> None:
    assert trial_of_channel(channel_of_trial("tst_1")) == "tst_1"
    assert trial_of_channel("studio") is None
    assert ":" in channel_of_trial("tst_1")  # which names of channels have not

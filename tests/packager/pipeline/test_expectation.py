"""When a publisher's samples are wanted: made-up samples, and a reader who does as asked."""

from collections.abc import Callable, Iterator

import pytest

from packager.expectation import Expectation
from packager.segmenter import DueCut

_STEP_S = 0.1
_STEPS_A_PART = 3


def part_cuts(index: int, arrived: float) -> DueCut:
    """Where a track stands with this sample, when every third one ends a part."""
    due = index + _STEPS_A_PART - index % _STEPS_A_PART
    return DueCut("video", index * 9000, due * 9000, 90_000, arrived)


def asked_and_late_s(
    lag_s: Callable[[int], float], samples: int, round_s: float = 0.001
) -> Iterator[tuple[int, float]]:
    """Read when it is asked for; give how often each sample that ends a part was looked for in
    vain, and how long it lay there before it was read.
    """
    expectation = Expectation()
    wanted_at, index, vain = 0.0, 1, 0
    while index < samples:
        arrives = 1000 + index * _STEP_S + lag_s(index)
        if arrives > wanted_at:  # the reader waits for it
            vain += wanted_at > 0
            now = arrives + round_s
        else:
            now = wanted_at
        while index < samples and 1000 + index * _STEP_S + lag_s(index) <= now:
            arrives = 1000 + index * _STEP_S + lag_s(index)
            if index % _STEPS_A_PART == 0:
                yield vain, now - arrives
                vain = 0
            index += 1
        wanted_at = expectation.wanted_at([part_cuts(index - 1, now)], now)


def test_nothing_is_left_alone_before_anything_is_cut() -> None:
    assert Expectation().wanted_at([], 100.0) <= 100


def test_steady_publisher_is_mostly_read_once_for_each_part_and_in_time() -> None:
    parts = list(asked_and_late_s(lambda _index: 0.05, 3000))[20:]
    assert sum(vain for vain, _ in parts) < len(parts) / 8
    assert max(late_s for _, late_s in parts) < 0.0025


def test_jitter_costs_attempts_but_no_time() -> None:
    parts = list(asked_and_late_s(lambda index: 0.05 + index * 7 % 11 * 0.002, 3000))[50:]
    assert max(late_s for _, late_s in parts) < 0.003


@pytest.mark.parametrize("drift_ppm", [-100, 100])
def test_clock_that_drifts_is_followed(drift_ppm: int) -> None:
    parts = list(asked_and_late_s(lambda i: 0.05 + i * _STEP_S * drift_ppm / 1e6, 20_000))[20:]
    late = sorted(late_s for _, late_s in parts)
    assert late[len(late) * 99 // 100] < 0.0025
    assert late[-1] < 0.01


def test_shorter_way_through_the_net_is_noticed() -> None:
    parts = list(asked_and_late_s(lambda index: 0.05 if index < 900 else 0.02, 3000))
    assert max(late_s for _, late_s in parts[340:]) < 0.0025


def test_longer_way_through_the_net_is_believed_after_a_while() -> None:
    parts = list(asked_and_late_s(lambda index: 0.02 if index < 900 else 0.08, 3000))
    assert max(late_s for _, late_s in parts[20:]) < 0.0025
    assert sum(vain for vain, _ in parts[500:]) < len(parts[500:]) / 8


def test_rest_is_bounded() -> None:
    expectation = Expectation()
    far_away = DueCut("audio", 0, 48_000 * 60, 48_000, 100.0)
    assert 100.2 < expectation.wanted_at([far_away], 100.0) < 100.5


def test_track_that_comes_first_decides() -> None:
    expectation = Expectation()
    video = DueCut("video", 0, 9000, 90_000, 100.0)
    audio = DueCut("audio", 0, 48_000 // 20, 48_000, 100.0)
    assert expectation.wanted_at([video, audio], 100.0) == pytest.approx(100.05, abs=0.006)

"""Claimed and measured frame rates."""

from fractions import Fraction

import pytest

from packager.segmenter.frame_rate import DEFAULT_FRAME_RATE, settle_frame_rate


def stamps(fps: Fraction | float, count: int = 60) -> list[int]:
    """Decode times of whole milliseconds, in 90 kHz ticks."""
    return [round(index * 1000 / fps) * 90 for index in range(count)]


@pytest.mark.parametrize(
    ("fps", "claim", "settled"),
    [
        (Fraction(30), Fraction(30), Fraction(30)),
        (Fraction(30_000, 1001), Fraction(30_000, 1001), Fraction(30_000, 1001)),
        (Fraction(30), Fraction(60), Fraction(30)),
        (Fraction(30), None, Fraction(30)),
        (Fraction(25), None, Fraction(25)),
        (Fraction(60), Fraction(1000), Fraction(60)),
        (Fraction(50), Fraction(0), Fraction(50)),
        (Fraction(15), Fraction(30), Fraction(15)),
    ],
)
def test_a_claim_is_believed_only_if_the_times_bear_it_out(
    fps: Fraction, claim: Fraction | None, settled: Fraction
) -> None:
    assert settle_frame_rate(stamps(fps), claim) == settled


def test_an_unusual_rate_is_taken_as_measured() -> None:
    rate = settle_frame_rate(stamps(Fraction(7)), None)
    assert float(rate) == pytest.approx(7, rel=0.01)


def test_holes_do_not_slow_the_measured_rate() -> None:
    times = stamps(Fraction(30))
    del times[20:35]
    assert settle_frame_rate(times, None) == 30


@pytest.mark.parametrize("times", [[], [5], [5, 5], [0, 3000]])
def test_too_few_times_leave_the_claim_or_the_default(times: list[int]) -> None:
    assert settle_frame_rate(times, Fraction(24)) == 24
    assert settle_frame_rate(times, None) == DEFAULT_FRAME_RATE


@pytest.mark.parametrize(("fps", "settled"), [(Fraction(1, 10), Fraction(1, 2)), (999, 240)])
def test_absurd_rates_are_bounded(fps: Fraction | int, settled: Fraction | int) -> None:
    times = [round(index * 90_000 / fps) for index in range(30)]
    assert settle_frame_rate(times, None) == settled

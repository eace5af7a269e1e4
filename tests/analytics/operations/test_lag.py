"""How late the loop is: the last minute, and all of it since the start."""

import asyncio
import time

from hypothesis import given
from hypothesis import strategies as st

from analytics.operations.lag import BUCKETS_S, LoopLag
from analytics.operations.watch import LAG_INTERVAL_S
from tests.analytics.operations.still_server import still_watch

LAGS = st.lists(st.floats(0, 5), min_size=1, max_size=200)


def test_nothing_measured_is_no_lag() -> None:
    summary = LoopLag().summary(0.0)
    assert (summary.p50_s, summary.p99_s, summary.max_s, summary.count) == (0, 0, 0, 0)


def test_the_last_minute_counts_and_no_more() -> None:
    lag = LoopLag()
    lag.note(0.0, 2.0)
    for second in range(1, 101):
        lag.note(second, 0.001 * second)
    summary = lag.summary(100.0)
    assert summary.count == 61
    assert summary.max_s == 0.1
    assert summary.p50_s == 0.07
    assert lag.buckets()[-1] == (float("inf"), 101)


def test_what_is_early_is_not_late() -> None:
    lag = LoopLag()
    lag.note(0.0, -0.5)
    assert lag.summary(0.0).max_s == 0
    assert lag.sum_s == 0


@given(LAGS)
def test_buckets_rise_and_hold_all(lags: list[float]) -> None:
    lag = LoopLag()
    for late_s in lags:
        lag.note(0.0, late_s)
    counts = [count for _, count in lag.buckets()]
    assert counts == sorted(counts)
    assert counts[-1] == len(lags)
    for bound_s, count in lag.buckets()[: len(BUCKETS_S)]:
        assert count == sum(late_s <= bound_s for late_s in lags)


@given(LAGS)
def test_percentiles_are_values_that_were_seen(lags: list[float]) -> None:
    lag = LoopLag()
    for late_s in lags:
        lag.note(0.0, late_s)
    summary = lag.summary(0.0)
    assert {summary.p50_s, summary.p99_s, summary.max_s} <= set(lags)
    assert summary.p50_s <= summary.p99_s <= summary.max_s == max(lags)


@given(st.integers(1, 50))
def test_the_window_is_bounded(count: int) -> None:
    lag = LoopLag(capacity=10)
    for _ in range(count):
        lag.note(0.0, 0.0)
    assert lag.summary(0.0).count == min(count, 10)


async def test_a_blocked_loop_is_seen() -> None:
    watch = still_watch()
    watch.start()
    try:
        await asyncio.sleep(2 * LAG_INTERVAL_S)
        time.sleep(0.3)  # noqa: ASYNC251 - what it is about
        await asyncio.sleep(2 * LAG_INTERVAL_S)
        # What was due within these 0.3 s was late by all of it but one interval.
        assert watch.lag_now().max_s > 0.2
    finally:
        await watch.stop()

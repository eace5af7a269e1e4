"""Samples: rates of what grows, an hour of them, and rates of each publisher."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.operations.lag import LagSummary
from analytics.operations.publisher_page import Key, Sort, key_of, page_after
from analytics.operations.publisher_rates import PublisherFigures, PublisherRates
from analytics.operations.samples import INTERVAL_S, Samples, rate_bps
from analytics.operations.state import QueueState
from analytics.operations.watch import fullness
from tests.analytics.operations.still_server import (
    AT_MS,
    TOTALS,
    StillServer,
    publisher,
    watch_of,
)

NO_LAG = LagSummary(0, 0, 0, 0)


def test_rates_are_of_the_time_between_two_samples() -> None:
    server = StillServer()
    watch = watch_of(server)
    watch.samples.begin(server.now_s, server.totals())
    server.waiting = [QueueState("chat", 5, 10, 0), QueueState("mail", 1, 10, 0)]
    server.pass_time(10, in_bytes=5_000_000, out_bytes=10_000_000)
    watch.sample()
    sample = watch.samples.newest
    assert sample is not None
    assert (sample.in_bps, sample.out_bps) == (4_000_000, 8_000_000)
    assert sample.cpu_cores == 0.5
    assert sample.fullest_queue == 0.5


def test_a_sample_needs_something_to_count_from_and_time() -> None:
    samples = Samples()
    for now_s in (5.0, 5.0):
        taken = samples.take(now_s, AT_MS, TOTALS, lag=NO_LAG, fullest_queue=0, database_s=None)
        assert taken is None
    assert samples.newest is None


def test_an_hour_is_kept_and_no_more() -> None:
    server = StillServer()
    watch = watch_of(server)
    watch.samples.begin(server.now_s, server.totals())
    for _ in range(500):
        server.pass_time(INTERVAL_S)
        watch.sample()
    kept = watch.samples.all()
    assert len(kept) == 360
    assert kept[-1].at_ms - kept[0].at_ms == 3_590_000


async def test_the_disk_is_measured_seldom() -> None:
    server = StillServer()
    watch = watch_of(server)
    for _ in range(7):
        await watch.look()
    assert server.looks == 2


@given(
    st.integers(-(10**15), 10**15), st.floats(-10, 1e6).filter(lambda took_s: not 0 < took_s < 1e-9)
)
def test_rates_are_never_below_zero(size_bytes: int, took_s: float) -> None:
    assert rate_bps(size_bytes, took_s) >= 0


def test_a_queue_without_room_is_not_full() -> None:
    assert fullness(QueueState("none", 0, 0, 0)) == 0


def test_rates_of_publishers_are_of_the_last_seconds() -> None:
    rates = PublisherRates()
    first = publisher("ada", in_bytes=1_000_000, out_bytes=9_000_000)
    rates.take([first], AT_MS + 10_000)
    assert rates.of(first, AT_MS + 10_000) == PublisherFigures(first, 800_000, 0)
    later = publisher("ada", in_bytes=2_000_000, out_bytes=10_000_000)
    rates.take([later], AT_MS + 20_000)
    assert rates.of(later, AT_MS + 25_000) == PublisherFigures(later, 800_000, 800_000)


def test_who_takes_a_show_over_begins_to_count_and_its_viewers_go_on() -> None:
    rates = PublisherRates()
    rates.take([publisher("ada", in_bytes=9_000_000, out_bytes=1_000)], AT_MS + 10_000)
    newer = publisher("ada", 2, since_ms=AT_MS + 10_000, in_bytes=125_000, out_bytes=2_000)
    assert rates.of(newer, AT_MS + 11_000) == PublisherFigures(newer, 1_000_000, 8_000)


def test_who_has_left_is_forgotten() -> None:
    rates = PublisherRates()
    rates.take([publisher("ada"), publisher("bob", 2)], AT_MS)
    rates.take([publisher("ada")], AT_MS + 10_000)
    assert len(rates) == 1


SORTS: tuple[Sort, ...] = ("viewers", "out", "in", "since", "channel")


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 3), max_size=20),
    st.sampled_from(SORTS),
    st.integers(1, 5),
)
def test_pages_hold_everybody_once_in_order(
    viewers: dict[str, int], sort: Sort, limit: int
) -> None:
    found = [
        PublisherFigures(publisher(name, viewers=count, since_ms=count), count, count)
        for name, count in viewers.items()
    ]
    seen: list[Key] = []
    after: Key | None = None
    while True:
        page = page_after(found, sort, after, limit)
        shown = page[:limit]
        seen += [key_of(each, sort) for each in shown]
        if len(page) <= limit:
            break
        after = seen[-1]
    assert seen == sorted(key_of(each, sort) for each in found)

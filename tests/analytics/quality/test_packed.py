"""Packed figures: what is read back is what was kept, and sums are those of plain figures."""

import json

from hypothesis import given
from hypothesis import strategies as st

from analytics.quality.beacon import ERROR_CODES
from analytics.quality.figures import COUNTS, HISTOGRAMS, Figures
from analytics.quality.histogram import MAX_BUCKETS, Histogram
from analytics.quality.packed import PackedSum, pack, unpack

HISTOGRAM = st.builds(
    Histogram,
    st.dictionaries(st.integers(0, MAX_BUCKETS - 1), st.integers(1, 2**40), max_size=20),
)
FIGURES = st.builds(
    Figures,
    **dict.fromkeys(COUNTS, st.integers(0, 2**56 - 1) | st.integers(0, 300)),
    **dict.fromkeys(HISTOGRAMS, HISTOGRAM),
    errors=st.dictionaries(st.sampled_from(ERROR_CODES), st.integers(1, 2**40)),
)


@given(FIGURES)
def test_what_is_kept_is_read_back(figures: Figures) -> None:
    assert unpack(pack(figures)) == figures


@given(st.lists(FIGURES, max_size=6), st.integers(0, 6))
def test_a_sum_is_that_of_plain_figures(all_figures: list[Figures], cut: int) -> None:
    plain = Figures()
    for figures in all_figures:
        plain.merge(figures)
    some, others = PackedSum(), PackedSum()
    for number, figures in enumerate(all_figures):
        (some if number < cut else others).add(pack(figures))
    some.merge(others)
    assert some.figures() == plain


def test_nothing_takes_next_to_no_room() -> None:
    assert pack(Figures()) == bytes(15)
    assert PackedSum().figures() == unpack(bytes(15)) == Figures()


def test_the_form_is_the_documented_one() -> None:
    figures = Figures(sessions=2, stalls=0x0304)
    figures.latency_ms.counts = {70: 5, 72: 1}
    assert pack(figures) == bytes(
        (
            *(0, 3, 2, 2, 0, 0x04, 0, 0, 0x03),  # sessions, watched_ms, stalls
            *(0, 0, 0),
            *(70, 3, 1, 5, 0, 1),
            *(0, 0, 0, 0, 0, 0),
        )
    )


def test_what_nobody_can_have_counted_is_cut() -> None:
    figures = unpack(pack(Figures(watched_ms=2**80, stalls=7)))
    assert (figures.watched_ms, figures.stalls) == (2**56 - 1, 7)


def test_a_bucket_takes_a_byte() -> None:
    figures = Figures(sessions=40, watched_ms=10**8, stalls=12, requests=9_000)
    for value_ms in range(300, 6_000, 10):
        figures.latency_ms.add(value_ms)
    as_text = json.dumps(sorted(figures.latency_ms.counts.items()))
    assert len(pack(figures)) < len(as_text) / 2

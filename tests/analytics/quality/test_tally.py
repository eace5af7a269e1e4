"""Tallies: split by one label at a time, bounded, written until all of it is."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS, Step
from analytics.quality.figures import Figures
from analytics.quality.labels import Dimension, LabelBounds, Labels
from analytics.quality.merging import Merged, Piece, pieces
from analytics.quality.packed import pack
from analytics.quality.tally import WHOLE, MinuteName, QualityTally

LABELS = Labels("firefox", "hls.js", "de", "de")
FIGURES = st.builds(
    Figures,
    sessions=st.integers(0, 5),
    watched_ms=st.integers(0, 10**9),
    stalls=st.integers(0, 5),
    errors=st.dictionaries(st.sampled_from(["network", "media"]), st.integers(1, 5)),
)


def test_a_minute_is_split_by_each_label() -> None:
    tally = QualityTally(30, 10)
    tally.figures("chn", 61_000, LABELS).watched_ms += 5
    tally.figures("chn", 61_000, LABELS._replace(language="en")).watched_ms += 7
    rows = {
        (row.dimension, row.value): row.figures.watched_ms
        for row in tally.rows(MinuteName("chn", 60_000))
    }
    assert rows == {
        (WHOLE, WHOLE): 12,
        ("browser", "firefox"): 12,
        ("player", "hls.js"): 12,
        ("country", "de"): 12,
        ("language", "de"): 5,
        ("language", "en"): 7,
    }


def test_a_minute_is_kept_until_all_of_it_is_written() -> None:
    tally = QualityTally(30, 10)
    name = MinuteName("chn", 0)
    tally.figures("chn", 0, LABELS)
    ((_, version),) = tally.changed()
    tally.figures("chn", 59_999, LABELS)
    tally.note_written(name, version)
    tally.forget_over(MINUTE_MS)
    assert len(tally) == 1
    ((_, version),) = tally.changed()
    tally.note_written(name, version)
    assert tally.changed() == []
    tally.forget_over(MINUTE_MS - 1)
    assert len(tally) == 1
    tally.forget_over(MINUTE_MS)
    assert len(tally) == 0


def test_minutes_that_nobody_can_write_are_bounded() -> None:
    tally = QualityTally(30, 10)
    for minute in range(25):
        tally.figures("chn", minute * MINUTE_MS, LABELS)
    assert len(tally) == 10
    assert tally.dropped_count == 15
    assert list(tally.rows(MinuteName("chn", 0))) == []


def test_label_values_are_bounded_for_each_day() -> None:
    bounds = LabelBounds(3)
    for number in range(100):
        labels = LABELS._replace(country=f"c{number}", language=f"l{number}")
        found = bounds.bounded("chn", 1, labels)
        assert (found.country, found.language) == (
            (f"c{number}", f"l{number}") if number < 3 else ("other", "other")
        )
    assert bounds.bounded("chn", 1, LABELS._replace(country="c1")).country == "c1"
    assert bounds.bounded("chn", 1, LABELS._replace(country="unknown")).country == "unknown"
    assert bounds.bounded("chn", 2, LABELS._replace(country="c77")).country == "c77"


def test_sets_of_labels_are_bounded() -> None:
    tally = QualityTally(1_000, 10)
    for number in range(2_000):
        labels = Labels(f"b{number % 10}", f"p{number // 10 % 10}", f"c{number // 100}", "de")
        tally.figures("chn", 0, labels).sessions += 1
    rows = list(tally.rows(MinuteName("chn", 0)))
    assert sum(row.figures.sessions for row in rows if row.dimension == WHOLE) == 2_000
    assert sum(row.figures.sessions for row in rows if row.dimension == Dimension.BROWSER) == 2_000
    assert len(rows) < 2 + 4 * 40


@given(st.lists(FIGURES, max_size=8), st.randoms(use_true_random=False))
def test_rows_add_up_in_any_order(all_figures: list[Figures], chance: object) -> None:
    plain = Figures()
    rows = [(f"v{number % 3}", figures) for number, figures in enumerate(all_figures)]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    merged = Merged()
    for value, figures in rows:
        merged.add("language", value, pack(figures))
    for figures in all_figures:
        plain.merge(figures)
    total = Figures()
    for figures in merged.of("language", 1).values():
        total.merge(figures)
    assert total == plain
    assert len(merged.of("language", 1)) <= 2


@given(
    st.integers(0, 5 * 24 * 60),
    st.integers(0, 5 * 24 * 60),
    st.integers(0, 5 * 24),
    st.sampled_from(list(Step)),
)
def test_pieces_make_the_range_and_use_only_what_is_made(
    from_min: int, to_min: int, rolled_h: int, coarsest: Step
) -> None:
    from_ms, to_ms, rolled_ms = from_min * MINUTE_MS, to_min * MINUTE_MS, rolled_h * HOUR_MS
    found = list(pieces(from_ms, to_ms, rolled_ms, coarsest))
    at_ms = from_ms
    for piece in found:
        assert piece.from_ms == at_ms
        assert piece.from_ms % piece.step.ms == piece.to_ms % piece.step.ms == 0
        assert piece.step is Step.MINUTE or piece.to_ms <= rolled_ms
        assert piece.step.ms <= coarsest.ms
        at_ms = piece.to_ms
    assert at_ms == max(from_ms, to_ms)
    assert len(found) <= 5


def test_whole_days_are_read_as_days() -> None:
    assert list(pieces(0, 3 * DAY_MS, 2 * DAY_MS + HOUR_MS, Step.DAY)) == [
        Piece(Step.DAY, 0, 2 * DAY_MS),
        Piece(Step.HOUR, 2 * DAY_MS, 2 * DAY_MS + HOUR_MS),
        Piece(Step.MINUTE, 2 * DAY_MS + HOUR_MS, 3 * DAY_MS),
    ]

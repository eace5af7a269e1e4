"""Tables for spreadsheets: whole whatever a title holds, and never run."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.history.csv_text import COLUMNS, csv_lines, guarded
from analytics.history.figures import Bucket, ChannelViewers, Following, Point, TitleAt
from analytics.history.step import MINUTE_MS

NOON = 1_800_000_000_000
BUCKET = Bucket(
    at_ms=NOON, viewer_ms=90_000, peak=3, started=2, unique=2, messages=4, renditions={"video": 1}
)
VIEWERS = ChannelViewers(
    points=[Point(BUCKET, 1.5, Following(1, 2))],
    totals=BUCKET,
    mean=1.5,
    followers=5,
    following=Following(1, 2),
    titles=[],
    broadcasts=[],
    computed_until_ms=NOON,
)


def read(viewers: ChannelViewers) -> list[dict[str, str]]:
    text = "".join(csv_lines(viewers, MINUTE_MS))
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_line_holds_what_the_point_does() -> None:
    (line,) = read(VIEWERS)
    assert tuple(line) == COLUMNS
    assert line == {
        "at": "2027-01-15T08:00:00.000Z",
        "mean_viewers": "1.5",
        "peak_viewers": "3",
        "sessions_started": "2",
        "unique_viewers": "2",
        "watch_seconds": "90",
        "messages": "4",
        "followers_gained": "1",
        "followers_lost": "2",
        "title": "",
        "category": "",
    }


def test_lines_end_as_rfc_4180_says() -> None:
    lines = list(csv_lines(VIEWERS, MINUTE_MS))
    assert len(lines) == 2
    assert all(line.endswith("\r\n") for line in lines)


def test_each_line_has_the_title_that_it_ended_with() -> None:
    points = [
        Point(replace(BUCKET, at_ms=NOON + minute * MINUTE_MS), 1.0, Following())
        for minute in range(4)
    ]
    titles = [
        TitleAt(NOON - 1, "b", "before", None),
        TitleAt(NOON + 2 * MINUTE_MS + 1, "b", "after", "music"),
    ]
    lines = read(replace(VIEWERS, points=points, titles=titles))
    assert [line["title"] for line in lines] == ["before", "before", "after", "after"]
    assert [line["category"] for line in lines] == ["", "", "music", "music"]


@given(st.text())
def test_any_title_comes_back_and_is_no_formula(title: str) -> None:
    titles = [TitleAt(NOON, "b", title, None)]
    text = "".join(csv_lines(replace(VIEWERS, titles=titles), MINUTE_MS))
    _, line = csv.reader(io.StringIO(text, newline=""), strict=True)
    shown = line[COLUMNS.index("title")]
    assert shown in {title, f"'{title}"}
    assert not shown.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", '=cmd|" /C calc"!A0'],
    ids=["equals", "plus", "minus", "at", "tab", "return", "blank", "wide", "command"],
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded("jazz - night") == "jazz - night"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; @SUM(A1)", "a;' @SUM(A1)"),
        ("a\t-1;+2", "a\t'-1;'+2"),
        ("day; night - and day", "day; night - and day"),
    ],
    ids=range(4),
)
def test_a_formula_behind_another_separator_is_text(text: str, expected: str) -> None:
    assert guarded(text) == expected

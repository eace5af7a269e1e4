"""Lists that commands print."""

import pytest

from config.cli.columns import print_columns


def test_cells_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    print_columns([("a", "followers", "One"), ("a-long-name", "public", "")])
    assert capsys.readouterr().out.splitlines() == [
        "a            followers  One",
        "a-long-name  public",
    ]


def test_no_rows_are_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_columns([])
    assert capsys.readouterr().out == ""

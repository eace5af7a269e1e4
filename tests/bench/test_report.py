from pathlib import Path

from bench.plot import Line, Plot
from bench.report import Goal, Section, Table, goal_table, write_report


def test_numbers_stand_to_the_right_and_are_readable() -> None:
    table = Table(("what", "much", "little"), [("one", 12345, 0.1234), ("two", None, 4321.9)])
    assert table.to_markdown().splitlines() == [
        "| what | much | little |",
        "| --- | ---: | ---: |",
        "| one | 12,345 | 0.12 |",
        "| two |  | 4,322 |",
    ]


def test_each_goal_is_met_or_not_or_was_not_measured() -> None:
    goals = [Goal("a", "1", "1", True), Goal("b", "1", "2", False), Goal("c", "1", "", None)]
    lines = goal_table(goals).to_markdown().splitlines()
    assert [line.split("|")[-2].strip() for line in lines[2:]] == [
        "met",
        "**not met**",
        "not measured",
    ]


def test_a_report_has_goals_first_and_names_the_plots_it_drew(tmp_path: Path) -> None:
    plot = Plot("age.svg", "Age", "s", "ms", [Line("age", [1, 2], [3, 4])])
    section = Section("Latency", "How soon.", plots=[plot], goals=[Goal("g", "1", "1", True)])
    drawn: list[Path] = []
    path = write_report(
        tmp_path / "new",
        Table(("", "value"), [("processor", "one")]),
        [section],
        lambda plot, folder: drawn.append(folder / plot.file_name),
    )
    text = path.read_text("utf-8")
    assert drawn == [tmp_path / "new" / "age.svg"]
    assert text.index("| g |") < text.index("## Latency") < text.index("![Age](age.svg)")
    assert text.index("![Age](age.svg)") < text.index("## The machine")

"""Report: what was measured, as Markdown with plots beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.plot import Plot

Cell = str | int | float | None

_PREFACE = """\
Written by `make bench`; `docs/performance.md` says how to read it, and [the end](#the-machine) on
what it was measured. *Found / wanted* is best below 1 where little is wanted, and above 1 where
much is."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal with what was found. `is_met` None: it was not measured in this run.

    `of_wanted` is what was found divided by what was wanted, where both are numbers.
    """

    subject: str
    wanted: str
    found: str
    is_met: bool | None
    of_wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""

    def to_markdown(self) -> str:
        """Write it; text to the left, numbers to the right."""
        is_number = [
            all(not isinstance(row[place], str) for row in self.rows)
            for place in range(len(self.columns))
        ]
        lines = [f"**{self.title}**", ""] if self.title else []
        lines.append(_row(self.columns))
        lines.append(_row(["---:" if number else "---" for number in is_number]))
        lines += [_row([_text(cell) for cell in row]) for row in self.rows]
        return "\n".join(lines)


@dataclass(slots=True)
class Section:
    """One subject: what was done in words, tables, plots, goals."""

    title: str
    text: str
    tables: list[Table] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def write_report(
    folder: Path,
    machine: Table,
    sections: Sequence[Section],
    draw: Callable[[Plot, Path], None],
) -> Path:
    """Write `report.md` and its plots into a folder; return the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    goals = [goal for section in sections for goal in section.goals]
    pieces = ["# Rillcast measured", _PREFACE, goal_table(goals).to_markdown()]
    for section in sections:
        pieces += [f"## {section.title}", section.text]
        pieces += [table.to_markdown() for table in section.tables]
        for plot in section.plots:
            draw(plot, folder)
            pieces.append(f"![{plot.title}]({plot.file_name})")
    pieces += ["## The machine", machine.to_markdown()]
    path = folder / "report.md"
    path.write_text("\n\n".join(pieces) + "\n", "utf-8")
    return path


def goal_table(goals: Sequence[Goal]) -> Table:
    """Put all goals into one table."""
    verdicts = {True: "met", False: "**not met**", None: "not measured"}
    return Table(
        ("goal", "wanted", "found", "found / wanted", ""),
        [
            (goal.subject, goal.wanted, goal.found, goal.of_wanted, verdicts[goal.is_met])
            for goal in goals
        ],
    )


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case float() if abs(cell) >= 100:
            return f"{cell:,.0f}"
        case float():
            return f"{cell:.2f}"
        case int():
            return f"{cell:,}"
        case str():
            return cell

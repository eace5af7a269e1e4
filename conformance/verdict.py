"""Verdict: a validation's report drawn for a terminal, a paragraph for each broken rule."""

from rich.console import Group, RenderableType
from rich.text import Text

from conformance.finding import FindingTally, Severity
from conformance.report import Report
from conformance.table import draw_renditions

_LEVELS = {Severity.ERROR: ("MUST", "bold red"), Severity.WARNING: ("SHOULD", "yellow")}


def draw_verdict(report: Report) -> RenderableType:
    """Draw the renditions, every broken rule with its examples, and one line that sums up."""
    rows: list[RenderableType] = [draw_renditions(report), Text("")]
    for tally in report.findings:
        rows += [*_paragraph(tally), Text("")]
    rows.append(_sum(report))
    return Group(*rows)


def _paragraph(tally: FindingTally) -> list[Text]:
    level, style = _LEVELS[tally.severity]
    title = Text()
    title.append(f"{level:>6} {tally.check.number:>2}", style=style)
    title.append(f"  {tally.check.title}")
    title.append(f"  ({tally.check.source})", style="dim")
    times = "once" if tally.count == 1 else f"{tally.count} times"
    rows = [title, Text(f"           {tally.place}, {times}")]
    for finding in tally.findings:
        rows.append(Text(f"           {finding.text}"))
        rows.append(Text(f"           at {finding.url}", style="dim"))
    return rows


def _sum(report: Report) -> Text:
    must = {each.check for each in report.findings if each.severity is Severity.ERROR}
    should = {each.check for each in report.findings} - must
    what = "ended" if report.has_ended else "followed"
    text = f"{report.url}: {what} after {report.elapsed_s:.1f} s: "
    if not must and not should:
        return Text(text + "no rule broken", style="bold green")
    text += f"{_rules(len(must), 'MUST')}, {_rules(len(should), 'SHOULD')} broken"
    return Text(text, style="bold red" if must else "bold yellow")


def _rules(count: int, level: str) -> str:
    return f"{count or 'no'} {level}"

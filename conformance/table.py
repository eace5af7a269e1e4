"""Table: a report drawn for a terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from conformance.finding import FindingTally, Severity
from conformance.report import RenditionMeasures, RenditionState, Report

FINDINGS_SHOWN = 12  # while it runs; the summary shows all
_STATE_STYLES = {
    RenditionState.LIVE: "green",
    RenditionState.WAITING: "yellow",
    RenditionState.ENDED: "dim",
    RenditionState.REPLACED: "dim",
    RenditionState.STARTING: "",
}
_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def draw_report(report: Report) -> RenderableType:
    """Draw the table of a running report, with the worst findings below it."""
    shown = report.findings[:FINDINGS_SHOWN]
    more = len(report.findings) - len(shown)
    rows: list[RenderableType] = [
        draw_renditions(report),
        Text(""),
        *(_finding(tally) for tally in shown),
    ]
    if more:
        rows.append(Text(f"… and {more} more rules broken", style="dim"))
    return Group(*rows)


def draw_summary(report: Report) -> RenderableType:
    """Draw the final table, every broken rule with its examples, and one line that sums up."""
    rows: list[RenderableType] = [draw_renditions(report), Text("")]
    for tally in report.findings:
        rows.append(_finding(tally))
        rows += [Text(f"      {finding.url}", style="dim") for finding in tally.findings[:1]]
        rows += [Text(f"      {finding.text}") for finding in tally.findings[1:]]
    rows.append(_verdict(report))
    return Group(*rows)


def draw_renditions(report: Report) -> Table:
    """Draw a row of measures for each rendition."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("rendition", no_wrap=True)
    table.add_column("codec", no_wrap=True)
    for name in ("msn.part", "jitter/p95", "latency", "kbit/s", "stalls", "failures"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in report.renditions:
        title = Text(each.name, style=_STATE_STYLES[each.state])
        if each.state is not RenditionState.LIVE:
            title.append(f" ({each.state.value})")
        table.add_row(
            title,
            each.codec,
            _position(each),
            f"{_number(each.jitter_mean_ms, 0)}/{_number(each.jitter_p95_ms, 0)} ms",
            f"{_number(each.latency_s, 2)} s",
            "-" if each.bitrate_bps is None else f"{each.bitrate_bps / 1000:.0f}",
            str(each.stalls),
            str(each.failures),
        )
    return table


def _position(measures: RenditionMeasures) -> str:
    if measures.msn is None:
        return "-"
    if measures.part is None or measures.part < 0:
        return str(measures.msn)
    return f"{measures.msn}.{measures.part}"


def _number(value: float | None, decimals: int) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"


def _finding(tally: FindingTally) -> Text:
    example = tally.findings[0].text if tally.findings else ""
    text = Text()
    text.append(f"{tally.severity.value:>7}", style=_SEVERITY_STYLES[tally.severity])
    text.append(f" [{tally.check.number}] {tally.place}: {tally.check.title}: ")
    text.append(example)
    if tally.count > 1:
        text.append(f" (x{tally.count})", style="dim")
    return text


def _verdict(report: Report) -> Text:
    what = "ended" if report.has_ended else "followed"
    if not report.errors and not report.warnings:
        return Text(f"{what} for {report.elapsed_s:.1f} s: no rule broken", style="bold green")
    return Text(
        f"{what} for {report.elapsed_s:.1f} s: {report.errors} errors, {report.warnings} warnings",
        style="bold red" if report.errors else "bold yellow",
    )

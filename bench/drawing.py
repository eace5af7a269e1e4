"""Drawing: a Plot as an SVG file. The only place that knows matplotlib."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.plot import Plot

# Text stays text, and the same figures give the same file.
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "rillcast"
_COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#57606a")


def draw(plot: Plot, folder: Path) -> None:
    """Draw into a folder."""
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.add_subplot()
    for place, line in enumerate(plot.lines):
        style = "o" if line.is_dots else "o-"
        colour = _COLOURS[place % len(_COLOURS)]
        axes.plot(line.x, line.y, style, markersize=3, color=colour, label=line.name)
    if plot.goal is not None:
        axes.axhline(plot.goal, color="#57606a", linestyle="--", linewidth=1, label="goal")
    axes.set(title=plot.title, xlabel=plot.x_label, ylabel=plot.y_label)
    axes.set_xlim(left=0)  # a straight line through zero is what costs should be
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    if len(plot.lines) + (plot.goal is not None) > 1:
        axes.legend(frameon=False)
    figure.savefig(folder / plot.file_name, metadata={"Date": None, "Creator": None})

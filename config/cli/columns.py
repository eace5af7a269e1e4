"""Lists as commands print them: one line each, in columns that stand below each other."""

from collections.abc import Sequence
from typing import Final

import typer

_GAP: Final = "  "


def print_columns(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of equally many cells; the last column is as wide as it comes."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        typer.echo(_GAP.join(cells).rstrip())

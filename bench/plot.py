"""Plot: what is to be drawn, without the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One named line; with `is_dots` only its points."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    is_dots: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over one pair of axes, in a file of this name; `goal` is a dashed level."""

    file_name: str
    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    goal: float | None = None

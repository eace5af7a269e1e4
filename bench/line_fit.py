"""LineFit: whether a cost grows as a straight line, or how much faster."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import linear_regression

# Measured points scatter; a cost that truly grows with the square has 2.
STRAIGHT_EXPONENT = 1.1


@dataclass(frozen=True, slots=True)
class LineFit:
    """cost = base + slope * size, by least squares; and the power of size that fits best.

    `exponent` is the slope of log(cost) against log(size): 1 is a straight line through zero, less
    is better than that (a fixed cost is shared), 2 is a square.
    """

    base: float
    slope: float
    exponent: float

    @property
    def is_straight_or_better(self) -> bool:
        """Say whether doubling the size no more than doubles the cost, but for scatter."""
        return self.exponent <= STRAIGHT_EXPONENT


def fit_line(sizes: Sequence[float], costs: Sequence[float]) -> LineFit:
    """Fit. Needs two different sizes; sizes and costs are above 0."""
    line = linear_regression(sizes, costs)
    power = linear_regression([log(size) for size in sizes], [log(cost) for cost in costs])
    return LineFit(line.intercept, line.slope, power.slope)

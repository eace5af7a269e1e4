"""Steal: processor time that the host of a virtual machine gave to others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

_STEAL: Final = 7  # the column; 8 and 9, for guests, are counted in the first two, too (proc(5))
_COLUMNS: Final = 8


def processor_ticks() -> tuple[int, ...]:
    """Return what all processors did since the start of the machine, by kind, in ticks."""
    first = Path("/proc/stat").read_text().partition("\n")[0]
    return tuple(int(ticks) for ticks in first.split()[1 : 1 + _COLUMNS])


def stolen_share(before: Sequence[int], after: Sequence[int]) -> float:
    """Return what share of the time between two looks was stolen; 0 on a machine of one's own."""
    spent = [late - early for early, late in zip(before, after, strict=True)]
    return spent[_STEAL] / max(sum(spent), 1)

"""Cores: the measured server has one to itself, everything else shares the others."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cores:
    """`server` for what is measured; `load` for what loads it: the same if there is no other."""

    server: int
    load: tuple[int, ...]

    @property
    def is_shared(self) -> bool:
        """Say whether load makers take processor time from the server."""
        return self.server in self.load


def choose_cores() -> Cores:
    """Give the last core to the server: the first one serves most interrupts."""
    *others, last = sorted(os.sched_getaffinity(0))
    return Cores(last, tuple(others) or (last,))


def on_cores(*cores: int) -> list[str]:
    """Return what stands before a command that is to run on these cores only."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores))]

"""ProcessTree: a server process with all its descendants, and what they used of the machine."""

import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class ProcessTree:
    """Reads /proc on each call, as workers and transcoders come and go."""

    root_pid: int

    def pids(self) -> list[int]:
        """Return the root and its descendants, as far as they run."""
        found, unvisited = [], [self.root_pid]
        while unvisited:
            pid = unvisited.pop()
            try:
                tasks = list((_PROC / str(pid) / "task").iterdir())
                children = [(task / "children").read_text().split() for task in tasks]
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.append(pid)
            unvisited += [int(child) for of_task in children for child in of_task]
        return found

    def cpu_s(self) -> float:
        """Return user and system time used so far, of children that have ended, too.

        Source: proc(5), /proc/PID/stat, fields 14 to 17. The kernel derives the sum from
        nanoseconds on a processor; only its print is in ticks.
        """
        ticks = 0
        for pid in self.pids():
            try:
                stat = (_PROC / str(pid) / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            # The second field, in parentheses, is a name that may hold anything.
            ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
        return ticks / _TICKS_PER_S

    def waited_s(self) -> float:
        """Return how long its threads were ready so far while others had the processor.

        Source: Linux, Documentation/scheduler/sched-stats.rst, schedstat's second field. It is 0
        where the kernel does not count. What the host of a virtual machine takes is not in it.
        """
        waited_ns = 0
        for pid in self.pids():
            for statistics in (_PROC / str(pid) / "task").glob("*/schedstat"):
                try:
                    waited_ns += int(statistics.read_text().split()[1])
                except (FileNotFoundError, ProcessLookupError):
                    continue
        return waited_ns / 1e9

    def loop_waited_s(self) -> float:
        """Return the same of the root's first thread alone, which runs the event loop.

        Threads that are meant to wait for it, as those of passwords, are not in it.
        """
        try:
            return int((_PROC / str(self.root_pid) / "schedstat").read_text().split()[1]) / 1e9
        except (FileNotFoundError, ProcessLookupError):
            return 0

    def resident_bytes(self) -> int:
        """Return the memory that is there because of this tree: shared pages count once (Pss)."""
        return sum(map(_proportional_bytes, self.pids()))


def _proportional_bytes(pid: int) -> int:
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
        resident_pages = (_PROC / str(pid) / "statm").read_text().split()[1]
        return int(resident_pages) * _PAGE_BYTES
    except (FileNotFoundError, ProcessLookupError):
        return 0

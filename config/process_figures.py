"""What the system says of this process."""

import os
import resource
import sys
from pathlib import Path
from typing import Final

_PAGE_BYTES: Final = resource.getpagesize()
_STATM: Final = Path("/proc/self/statm")
_OPEN_FILES: Final = Path("/proc/self/fd")


def memory_bytes() -> int:
    """Return what is in memory now; elsewhere than on Linux, the most that ever was."""
    try:
        return int(_STATM.read_text("ascii").split()[1]) * _PAGE_BYTES
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def open_file_count() -> int | None:
    """Count open files; None where the system does not say."""
    try:
        return sum(1 for _ in _OPEN_FILES.iterdir())
    except OSError:
        return None


def core_count() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

"""A wall clock that a test sets: what an interpreter loads first whose PYTHONPATH has this folder.

WALL_CLOCK_STEP_FILE names a file with the seconds by which the clock was set forward.
"""

import os
import time
from pathlib import Path

_step_file = Path(os.environ["WALL_CLOCK_STEP_FILE"])
_true_ns = time.time_ns


def _set_ns() -> int:
    return _true_ns() + int(_step_file.read_text("utf-8")) * 1_000_000_000


time.time_ns = _set_ns
time.time = lambda: _set_ns() / 1e9

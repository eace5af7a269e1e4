"""The clock: media is dated by it, sessions and tokens end by it."""

import ctypes
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from config.checkup.result import Result, advice, fine, problem

_SUBJECT: Final = "clock"
_PROGRAM_S: Final = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
_AHEAD_S: Final = 60.0
_TIME_ERROR: Final = 5  # adjtimex(2): "The system clock is not synchronized to a reliable server."
_TIMEX_BYTES: Final = 512  # struct timex has 208


def check_clock(data: Path, now_s: float | None = None) -> list[Result]:
    """Compare the clock with what it cannot be before, and ask the system whether it is set."""
    now_s = time.time() if now_s is None else now_s
    text = datetime.fromtimestamp(now_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if now_s < _PROGRAM_S:
        return [problem(_SUBJECT, f"says {text}, before this program", "set it: timedatectl")]
    newest_s = _newest_s(data)
    if newest_s > now_s + _AHEAD_S:
        return [
            problem(
                _SUBJECT,
                f"says {text}, but files of {data} are newer",
                "set it before the server starts: what it writes down would be out of order",
            )
        ]
    if _is_synchronised() is False:
        return [
            advice(
                _SUBJECT,
                f"says {text}, and nobody sets it",
                "timedatectl set-ntp true, or install chrony",
            )
        ]
    return [fine(_SUBJECT, text)]


def _newest_s(data: Path) -> float:
    try:
        with os.scandir(data) as entries:
            return max((entry.stat().st_mtime for entry in entries), default=0.0)
    except OSError:
        return 0.0


def _is_synchronised() -> bool | None:
    """Ask the kernel; None where it does not say."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL(None, use_errno=True)
        # All zeros: nothing is to be set.
        state = int(library.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR

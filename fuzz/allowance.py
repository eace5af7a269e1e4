"""How much one entry may cost: what is beyond it would let a peer stall everybody else."""

import resource
import time
from collections.abc import Callable

# An ordinary entry takes a millisecond; entries are at most some kilobytes long, so that seconds
# are a loop that grows faster than what feeds it. Counted in the process's own time.
_LIMIT_S = 2.0
_LIMIT_BYTES = 96 * 2**20


class TooExpensiveError(Exception):
    """An entry was read without a fault, but took too much time or memory."""


def run_within_allowance(harness: Callable[[bytes], None], entry: bytes) -> None:
    """Run a harness; raise TooExpensiveError when it is beyond its allowance."""
    before_bytes = _peak_bytes()
    before_s = time.process_time()
    harness(entry)
    taken_s = time.process_time() - before_s
    if taken_s > _LIMIT_S:
        raise TooExpensiveError(
            f"expected at most {_LIMIT_S:g} s of processor time, got {taken_s:.1f}"
        )
    grown_bytes = _peak_bytes() - before_bytes
    if grown_bytes > _LIMIT_BYTES:
        raise TooExpensiveError(f"expected at most {_LIMIT_BYTES} more bytes, got {grown_bytes}")


def _peak_bytes() -> int:
    """Give the most memory that this process ever had: an entry that adds nothing is free."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

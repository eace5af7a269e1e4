"""LoadWatch: whether a machine was too busy for what comes late to be the server's fault."""

import asyncio
from pathlib import Path

_SAMPLE_S = 0.05
# That one process waited for a core, or our loop for its turn, at a stretch: a little less than
# what the cadence checks themselves forgive.
BUSY_S = 0.2


class LoadWatch:
    """Watches the own event loop and one other process while `run` runs, as a task."""

    def __init__(self, pid: int) -> None:
        self.longest_wait_s = 0.0
        self._schedstat = Path(f"/proc/{pid}/schedstat")

    @property
    def was_busy(self) -> bool:
        """Whether somebody had to wait for long."""
        return self.longest_wait_s > BUSY_S

    async def run(self) -> None:
        """Sample until cancelled."""
        loop = asyncio.get_running_loop()
        due_s, waited_s = loop.time(), self._waited_s()
        while True:
            due_s += _SAMPLE_S
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            late_s = loop.time() - due_s
            now_waited_s = self._waited_s()
            self.longest_wait_s = max(self.longest_wait_s, late_s, now_waited_s - waited_s)
            due_s, waited_s = max(due_s, loop.time()), now_waited_s

    def _waited_s(self) -> float:
        """How long the process has waited for a core so far (Linux, proc_schedstat)."""
        try:
            return int(self._schedstat.read_text().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0

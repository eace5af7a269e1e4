"""Publishing: the RTMP load maker as a process of its own, steered by the benchmark."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.cores import Cores, on_cores
from bench.load.coded_show import Quality, coded_show

_START_LIMIT_S = 60.0


class Publishing:
    """A running load maker. Its reports, one a second, are read by a thread."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.reports: list[dict[str, Any]] = []
        self._process = process
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def set_publishers(self, count: int) -> None:
        """Have so many publish, and return when they do. Raises RuntimeError if they cannot."""
        self._say(count)
        deadline_s = time.monotonic() + _START_LIMIT_S + count / 10
        while time.monotonic() < deadline_s:
            if self.reports and self.reports[-1]["publishing"] == count:
                return
            if self._process.poll() is not None:
                raise RuntimeError("the load maker ended")
            time.sleep(0.1)
        raise RuntimeError(f"{count} publishers wanted: {self.reports[-1:]}")

    def stop(self) -> None:
        """Let the publishers say goodbye."""
        if self._process.poll() is None:
            self._say(0)
        self._process.wait(60)

    def since(self, at_s: float) -> list[dict[str, Any]]:
        """Return the reports made after a time of CLOCK_MONOTONIC."""
        return [report for report in self.reports if report["at_s"] > at_s]

    def _say(self, count: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.reports.append(json.loads(line))


@contextmanager
def publishing(
    url: str,
    quality: Quality,
    cores: Cores,
    *,
    log: Path | None = None,
    options: tuple[str, ...] = (),
) -> Iterator[Publishing]:
    """Start a load maker with nobody publishing yet. `log` gets the times of all messages."""
    coded_show(quality)  # encoded here, once, rather than while somebody waits
    command = [*on_cores(*cores.load), sys.executable, "-m", "bench.load.rtmp_publishers", url]
    command += ["--steered", "--publishers", "0", "--quality", quality.name, *options]
    if log is not None:
        command += ["--log", str(log), "--log-publishers", "1000000"]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        running = Publishing(process)
        yield running
        running.stop()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

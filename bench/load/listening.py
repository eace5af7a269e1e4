"""Listening: the listeners' load maker as a process of its own, told when to end."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.cores import Cores, on_cores


class Listening:
    """A running load maker, all of whose listeners listen."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def result(self) -> dict[str, Any]:
        """End it, and return what was heard."""
        assert self._process.stdin is not None
        self._process.stdin.write("end\n")
        self._process.stdin.flush()
        return self._read()

    def await_listeners(self) -> None:
        """Return when all listen. Raises RuntimeError if some do not."""
        lost = self._read()["lost"]
        if lost:
            raise RuntimeError(f"not all listen: {lost}")

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the listeners' load maker ended")
        read: dict[str, Any] = json.loads(line)
        return read


@contextmanager
def listening(
    url: str, cookies: Sequence[str], topics: str, cores: Cores, *, every: int = 1
) -> Iterator[Listening]:
    """Have one listener for each cookie, and wait until they listen."""
    with tempfile.NamedTemporaryFile("w", suffix=".cookies") as file:
        file.write("\n".join(cookies))
        file.flush()
        command = [*on_cores(*cores.load), sys.executable, "-m", "bench.load.listeners", url]
        command += ["--cookies", file.name, "--topics", topics, "--every", str(every)]
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            made = Listening(process)
            made.await_listeners()
            yield made
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

"""Rillcast itself, as its users start it."""

import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cores import Cores, on_cores
from bench.peers.memory_folder import memory_folder
from bench.peers.running import running
from bench.peers.server import Server
from bench.process_tree import ProcessTree

HERE = Path(__file__).parents[2]


@contextmanager
def rillcast(
    cores: Cores, *settings: str, checkout: Path = HERE, data: Path | None = None
) -> Iterator[Server]:
    """Run `rillcast serve` with NAME=VALUE settings, from this or another checkout.

    With `--open` and in a new folder, unless `data` names one, whose server it then is. As `make
    setup` leaves it: compiled, even where this process is told to keep nothing of that kind.
    """
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        log = Path(folder) / "server.log"
        command = [*on_cores(cores.server), sys.executable, "-m", "config", "serve"]
        command += ["--data", str(data) if data else f"{folder}/data"]
        command += ["--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0"]
        command += [] if data else ["--open"]
        for setting in settings:
            command += ["--set", setting]
        with log.open("w") as log_file:
            process = subprocess.Popen(
                command,
                cwd=checkout,
                env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
                stdout=subprocess.PIPE,
                stderr=log_file,
                text=True,
            )
        with running(process):
            greeting = _greeting(process, log)
            rtmp = re.search(r"rtmp://\S+?/live", greeting)
            http = re.search(r"Home\s+(http://\S+?)/", greeting)
            assert rtmp and http, greeting  # noqa: PT018 # one cause, one message
            tree = ProcessTree(process.pid)
            yield Server("Rillcast", rtmp[0], http[1] + "/live/{}/index.m3u8", tree)


def window_bytes(server: Server) -> int:
    """Return the bytes of media that the server says it holds."""
    return _gauge(server, "rillcast_live_window_bytes")


def counted_viewers(server: Server) -> int | None:
    """Return how many viewers the server says it has, or None if it is too busy to say.

    It needs accounts.
    """
    try:
        return _gauge(server, "rillcast_viewers")
    except OSError:
        return None


def counted_beacons(server: Server) -> int:
    """Return how many beacons the server has counted."""
    found = re.search(
        r'^rillcast_beacons_total\{outcome="counted"\} (\S+)', _metrics(server), re.MULTILINE
    )
    return 0 if found is None else round(float(found[1]))


def _gauge(server: Server, name: str) -> int:
    metrics = _metrics(server)
    found = re.search(rf"^{name} (\S+)", metrics, re.MULTILINE)
    assert found is not None, metrics
    return round(float(found[1]))


def _metrics(server: Server) -> str:
    home = server.hls_url.partition("/live/")[0]
    with urllib.request.urlopen(f"{home}/metrics", timeout=10) as answer:
        content: bytes = answer.read()
        return content.decode()


def _greeting(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C stops" in line:
            return "".join(lines)
    raise RuntimeError(f"Rillcast did not start:\n{log.read_text('utf-8')}")

"""A real `rillcast serve` in a process of its own, on free ports of 127.0.0.1."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_LIMIT_S = 180
# Whom a machine that is held up keeps from sending and reading is not taken for lost. Tests that
# are about silence say how long it may be, and come after these.
PATIENT = (
    *("--set", "rtmp.idle_timeout_s=60"),
    *("--set", "rtmp.limits.handshake_timeout_s=60"),
    *("--set", "rtmp.limits.publish_timeout_s=60"),
    *("--set", "http.header_timeout_s=60"),
    *("--set", "http.write_stall_s=60"),
)


@dataclass
class RillcastServer:
    """A running server. `greeting` is what it printed when it was ready."""

    process: subprocess.Popen[str]
    data: Path
    log: Path
    greeting: str
    http_url: str
    rtmp_url: str
    key: str | None = field(default=None, repr=False)

    def live_url(self, channel: str) -> str:
        """Return the address of the channel's multivariant playlist."""
        return f"{self.http_url}/live/{channel}/index.m3u8"

    def log_text(self) -> str:
        """Return what the server logged up to now."""
        return self.log.read_text("utf-8")

    def interrupt(self, limit_s: float) -> int:
        """Press Ctrl-C and return the exit status. Raises TimeoutExpired after the limit."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(limit_s)


@contextmanager
def rillcast_server(
    folder: Path, *flags: str, as_it_comes: bool = False
) -> Iterator[RillcastServer]:
    """Run a server; kill it in the end if it still runs. An error in its log fails the test.

    Without accounts, which take longer to start, unless flags ask for them, or for the server
    `as_it_comes`.
    """
    if not as_it_comes and not any("accounts.enabled" in flag for flag in flags):
        flags = (*flags, "--set", "accounts.enabled=false")
    data, log = folder / "data", folder / "server.log"
    command = [sys.executable, "-m", "config", "serve", "--data", str(data)]
    command += ["--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0"]
    with log.open("a") as log_file:
        process = subprocess.Popen(
            [*command, *PATIENT, *flags],
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "default"},
        )
    try:
        greeting = _read_greeting(process, log)
        rtmp = re.search(r"rtmp://\S+?/live", greeting)
        # With a public address, that one is Home; requests are taken where it listens.
        http = re.search(r"Listens\s+(http://\S+)", greeting) or re.search(
            r"Home\s+(http://\S+?)/", greeting
        )
        assert rtmp, greeting
        assert http, greeting
        key = re.search(r"Key\s+(\S+)\s+\(secret", greeting)
        yield RillcastServer(
            process, data, log, greeting, http[1], rtmp[0], key[1] if key else None
        )
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    text = log.read_text("utf-8")
    assert "Traceback" not in text, text
    assert "[error" not in text, text


def _read_greeting(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        lines.append(line)
        if not line:
            break
        if "Ctrl-C stops" in line:
            return "".join(lines)
    raise AssertionError(f"the server did not start: {''.join(lines)}{log.read_text('utf-8')}")

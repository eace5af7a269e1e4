"""Keeps a started server for as long as it is measured."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 20.0


@contextmanager
def running(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Stop a process in the end; kill it if it does not stop."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_for_port(process: subprocess.Popen[Any], port: int) -> None:
    """Return when somebody listens on the port. Raises RuntimeError if the process ended first."""
    deadline_s = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen on port {port}")

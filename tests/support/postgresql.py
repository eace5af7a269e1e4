"""A real PostgreSQL server of its own, for as long as a test run lasts."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_LIMIT_S = 60
_OWNER = "rillcast"
_INITDB_FLAGS = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
_DEBIAN = Path("/usr/lib/postgresql")  # its programs are not on PATH


def program(name: str) -> Path:
    """Find a program of PostgreSQL, the newest version's."""
    versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: _version(path.parts[4]))
    if versions:
        return versions[-1]
    found = shutil.which(name)
    assert found, f"{name} is not installed: `make system-packages`"
    return Path(found)


def _version(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


@dataclass(frozen=True)
class PostgresServer:
    """A running server that listens on a socket in its folder, and nowhere else."""

    folder: Path

    def url(self, database: str) -> str:
        """Return what to open that database by."""
        return f"postgresql://{_OWNER}@/{database}?host={self.folder}"


@contextmanager
def postgresql_server() -> Iterator[PostgresServer]:
    """Run a server that need not survive a power cut."""
    # The path of a Unix socket has to be short, which pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="rillcast-pg-") as made:
        folder = Path(made)
        user = _another_user(folder)
        rows = folder / "rows"
        subprocess.run(
            [program("initdb"), "-D", rows, "-U", _OWNER, *_INITDB_FLAGS],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": "120",
        }
        log = folder / "log"
        with log.open("w") as log_file:
            flags = [f"--{name}={value}" for name, value in settings.items()]
            process = subprocess.Popen(
                [str(program("postgres")), "-D", str(rows), *flags],
                stdout=log_file,
                stderr=log_file,
                user=user,
                cwd=folder,
            )
        try:
            _wait_ready(process, log)
            yield PostgresServer(folder)
        finally:
            process.send_signal(signal.SIGQUIT)  # at once
            process.wait(30)


def _wait_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while "ready to accept connections" not in log.read_text("utf-8", "replace"):
        assert process.poll() is None, log.read_text("utf-8", "replace")
        assert time.monotonic() < deadline, "expected PostgreSQL to start"
        time.sleep(0.02)


def _another_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: give the folder to somebody else then."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    folder.chmod(0o755)
    return "nobody"

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
from pathlib import Path

_START_LIMIT_S = 180
_STOP_LIMIT_S = 120
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


class PostgresServer:
    """A server that listens on a socket in its folder, and nowhere else."""

    def __init__(self, folder: Path, user: str | None) -> None:
        self.folder = folder
        self._user = user
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Return what to open that database by."""
        return f"postgresql://{_OWNER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Run it; return when it takes connections."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": "120",
        }
        flags = [f"--{name}={value}" for name, value in settings.items()]
        with self._log.open("w") as log_file:
            self._process = subprocess.Popen(
                [str(program("postgres")), "-D", str(self.folder / "rows"), *flags],
                stdout=log_file,
                stderr=log_file,
                user=self._user,
                cwd=self.folder,
            )
        _wait_ready(self._process, self._log)

    def stop(self) -> None:
        """End it at once, whatever it is doing; what was committed is there when it starts."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_STOP_LIMIT_S)
            self._process = None


@contextmanager
def postgresql_server() -> Iterator[PostgresServer]:
    """Run a server that need not survive a power cut."""
    # The path of a Unix socket has to be short, which pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="rillcast-pg-") as made:
        folder = Path(made)
        user = _another_user(folder)
        subprocess.run(
            [program("initdb"), "-D", folder / "rows", "-U", _OWNER, *_INITDB_FLAGS],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        server = PostgresServer(folder, user)
        try:
            server.start()
            yield server
        finally:
            server.stop()


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

"""Machine: what the figures were measured on."""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.report import Table
from bench.run import BenchRun


def describe_machine(run: BenchRun) -> Table:
    """Describe hardware, system and the versions of all that was measured."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    shared = " (shared with the load makers)" if run.cores.is_shared else ""
    rows = [
        ("measured", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("arguments", " ".join(sys.argv[1:]) or "none"),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"),
        ("system", f"{platform.system()} {platform.release()}, {_distribution()}"),
        ("server's core", f"{run.cores.server}{shared}"),
        ("load at the start (1, 5, 15 min)", load),
        ("Rillcast", _output("git", "-C", str(run.checkout), "describe", "--always", "--dirty")),
        ("Python", f"{sys.version.split()[0]}, uvloop {version('uvloop')}"),
        ("nginx", _output("nginx", "-v").removeprefix("nginx version: ")),
        ("nginx-rtmp", _output("dpkg-query", "-W", "-f", "${Version}", "libnginx-mod-rtmp")),
        ("node-media-server", _node_media_server()),
        ("peers measured", ", ".join(run.peers) or "none"),
    ]
    return Table(("", "value"), rows)


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _distribution() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "")


def _node_media_server() -> str:
    manifest = Path(__file__).parent / "peers" / "node" / "package.json"
    found = re.search(r'"node-media-server": "([^"]+)"', manifest.read_text())
    return found[1] if found else ""


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "not installed"
    return (done.stdout or done.stderr).strip()

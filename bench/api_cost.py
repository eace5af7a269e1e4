"""What the API costs beside publishers on one core, on both databases, and how soon it starts."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.cores import on_cores
from bench.furnished_accounts import furnish
from bench.load.coded_show import QUALITIES
from bench.load.publishing import publishing
from bench.peers.memory_folder import memory_folder
from bench.peers.rillcast import HERE, rillcast
from bench.peers.server import Server
from bench.percentile import percentile
from bench.report import Goal, Section, Table
from bench.run import BenchRun
from tests.support.postgresql import postgresql_server

_RATE = 200
_LIMIT_MS = 50.0
_START_LIMIT_S = 2.0
_PEOPLE = 50
_KINDS = ("read", "write", "sign-in")

TEXT = f"""\
{_RATE} requests a second at set times, each from an address of its own: 89 % reads (lists, search,
channels, one's own account), 10 % in name with POST, PUT, PATCH or DELETE (leave to watch, follows,
edits), 1 % sign-ins with argon2id at its usual cost. Beside them publishers send 360p30 with stream
keys of the same database. The server has one core; PostgreSQL and the clients have the others. The
delay of a request counts from the moment at which it was due. *Waited*: for so much of the time the
server's event loop was ready, but something else had its core, its own passwords among that; more
than a few percent of it is in the figures, as are clients that were late."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: delays in ms by kind and by path; `server_core` and `waited` as shares."""

    database: str
    publishers: int
    delays_ms: dict[str, list[float]]
    by_path_ms: dict[str, list[float]]
    unexpected: dict[str, int]
    late_p99_ms: float
    server_core: float
    idle_core: float
    waited: float

    @property
    def all_ms(self) -> list[float]:
        """All delays."""
        return [delay for kind in self.delays_ms.values() for delay in kind]

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server for a request, beyond what publishers cost alone."""
        return (self.server_core - self.idle_core) * 1000 / _RATE


def measure_api_cost(run: BenchRun) -> Section:
    """Measure with and without publishers on SQLite, with them on PostgreSQL, and the start."""
    measured = []
    for database in ("SQLite", "PostgreSQL"):
        for publishers in (0, run.extent.publisher_counts[-1]):
            print(f"api: {database}, {publishers} publishers", flush=True)
            measured.append(_measure(run, database, publishers))
    return _section(measured, [_start(run, is_first) for is_first in (True, False)])


def _measure(run: BenchRun, database: str, publishers: int) -> Measured:
    with (
        tempfile.TemporaryDirectory(dir=memory_folder()) as folder,
        _database_url(run, database) as url,
    ):
        data = Path(folder) / "data"
        made = furnish(data, url, _PEOPLE, max(publishers, _PEOPLE))
        keys, names = made.write_to(Path(folder))
        settings = ["accounts.enabled=true", "rtmp.address_connection_limit=1000"]
        settings += [f"accounts.database.url={url}"] if url else []
        options = ("--key-file", str(keys))
        with (
            rillcast(run.cores, *settings, checkout=run.checkout, data=data) as server,
            publishing(server.rtmp_url, QUALITIES["360p30"], run.cores, options=options) as load,
        ):
            if publishers:
                load.set_publishers(publishers)
            return _under_load(run, server, names, database, publishers)


def _under_load(
    run: BenchRun, server: Server, names: Path, database: str, publishers: int
) -> Measured:
    assert server.tree is not None
    seconds = run.extent.latency_s * 2
    url = server.hls_url.partition("/live/")[0]
    command = [*on_cores(*run.cores.load), sys.executable, "-m", "bench.load.api_clients", url]
    command += [str(names), "--rate", str(_RATE), "--seconds", str(seconds)]
    with subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as clients:
        assert clients.stdin is not None and clients.stdout is not None  # noqa: PT018 # pipes both
        assert clients.stdout.readline() == "signed in\n"
        time.sleep(run.extent.warm_up_s)
        idle_core = _core_of(server, run.extent.measure_s)
        clients.stdin.write("go\n")
        clients.stdin.flush()
        waited_s = server.tree.loop_waited_s()
        server_core = _core_of(server, seconds)
        waited = (server.tree.loop_waited_s() - waited_s) / seconds
        report: dict[str, Any] = json.loads(clients.stdout.readline())
    return Measured(
        database=database,
        publishers=publishers,
        delays_ms=report["by_kind"],
        by_path_ms=report["by_path"],
        unexpected=report["unexpected"],
        late_p99_ms=percentile(report["late_ms"], 99),
        server_core=server_core,
        idle_core=idle_core,
        waited=waited,
    )


def _core_of(server: Server, seconds: float) -> float:
    """Return how much of a core the server uses, over a time."""
    assert server.tree is not None
    began_s, used_s = time.monotonic(), server.tree.cpu_s()
    time.sleep(seconds)
    return (server.tree.cpu_s() - used_s) / (time.monotonic() - began_s)


@contextmanager
def _database_url(run: BenchRun, database: str) -> Iterator[str]:
    if database == "SQLite":
        yield ""
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, run.cores.load)  # what is started now inherits it
    try:
        with postgresql_server() as server:
            os.sched_setaffinity(0, own)
            yield server.url("postgres")
    finally:
        os.sched_setaffinity(0, own)


def _start(run: BenchRun, is_first: bool) -> tuple[float, float]:
    """Return wall-clock and processor seconds until the server with accounts is ready."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        data = Path(folder) / "data"
        for _ in range(1 if is_first else 2):
            began_s = time.monotonic()
            with rillcast(
                run.cores, "accounts.enabled=true", checkout=run.checkout, data=data
            ) as server:
                assert server.tree is not None
                taken = time.monotonic() - began_s, server.tree.cpu_s()
    return taken


def _section(measured: Sequence[Measured], starts: Sequence[tuple[float, float]]) -> Section:
    section = Section("People and channels: the API", TEXT)
    section.tables.append(
        Table(
            (
                *("database", "publishers", "p50 ms", "p99 ms"),
                *(f"{kind} p99" for kind in _KINDS),
                *("CPU ms a request", "% of a core", "waited, %"),
                *("unexpected", "clients late, p99 ms"),
            ),
            [
                (
                    each.database,
                    each.publishers,
                    percentile(each.all_ms, 50),
                    percentile(each.all_ms, 99),
                    *(percentile(each.delays_ms.get(kind) or [0.0], 99) for kind in _KINDS),
                    each.cpu_ms,
                    round(each.server_core * 100),
                    round(each.waited * 100),
                    ", ".join(f"{count} {what}" for what, count in each.unexpected.items()) or None,
                    each.late_p99_ms,
                )
                for each in measured
            ],
        )
    )
    section.tables.append(_by_path(measured[-1]))
    section.tables.append(
        Table(
            ("start", "seconds", "processor seconds"),
            [
                (name, *taken)
                for name, taken in zip(("first, makes the tables", "again"), starts, strict=True)
            ],
            title="Until the server with accounts says that it is ready",
        )
    )
    for each in measured:
        if each.publishers:
            found_ms = percentile(each.all_ms, 99)
            section.goals.append(
                Goal(
                    f"API p99 beside {each.publishers} publishers, {each.database}",
                    f"under {_LIMIT_MS:g} ms at {_RATE} requests/s",
                    f"{found_ms:.1f} ms (waited {each.waited * 100:.0f} %)",
                    found_ms < _LIMIT_MS and not each.unexpected,
                )
            )
    slowest_s = max(wall_s for wall_s, _ in starts)
    section.goals.append(
        Goal(
            "start with accounts",
            f"under {_START_LIMIT_S:g} s",
            f"{slowest_s:.2f} s",
            slowest_s < _START_LIMIT_S,
        )
    )
    return section


def _by_path(measured: Measured) -> Table:
    return Table(
        ("request", "count", "p50 ms", "p99 ms"),
        [
            (path, len(delays), percentile(delays, 50), percentile(delays, 99))
            for path, delays in sorted(measured.by_path_ms.items())
        ],
        title=f"By operation, {measured.database}, {measured.publishers} publishers",
    )

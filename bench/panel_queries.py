"""How long the dashboard's panels take with a year of many channels' history, on both databases."""

import json
import os
import random
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from accounts.api.model import utc_text
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS
from bench.cores import Cores
from bench.furnished_accounts import PASSWORD, furnish
from bench.furnished_history import DAYS, FOLLOWERS, MINUTE_DAYS, ON_AIR_HOURS, furnish_history
from bench.peers.memory_folder import memory_folder
from bench.peers.rillcast import rillcast
from bench.percentile import percentile
from bench.process_tree import ProcessTree
from bench.report import Goal, Section, Table
from bench.run import BenchRun
from tests.support.postgresql import postgresql_server

LIMIT_MS: Final = 200.0
_CHANNELS_OF_A_PERSON: Final = 5
_CHANCE: Final = random.Random(3)

TEXT: Final = f"""\
The channels were live for {ON_AIR_HOURS} hours each day for {DAYS} days: minutes of viewers for the
last {MINUTE_DAYS} days, hours and days for all of them, a broadcast of each every day with its
curve, playback quality by browser, {FOLLOWERS:,} followers each. A channel's owner asks for one
panel after the other, each time of another channel, over HTTP: what is measured is the time until
the answer's last byte. *Waited*: for so much of the time the server was ready, but something else
had its core, which is in the figures."""

_VIEWERS: Final = "/channels/{channel}/analytics/viewers"
_QUALITY: Final = "/channels/{channel}/analytics/quality"


@dataclass(frozen=True, slots=True)
class Panel:
    """What a page asks for: of `span_ms` before a moment, in steps, if it has them."""

    name: str
    path: str
    step: str = ""
    span_ms: int = 0
    more: str = ""

    def url(self, channel: str, broadcast: str, end_ms: int) -> str:
        """Return what to ask for."""
        path = self.path.format(channel=channel, broadcast=broadcast)
        if not self.step:
            return path
        begin = utc_text(end_ms - self.span_ms)
        return f"{path}?step={self.step}&from={begin}&to={utc_text(end_ms)}{self.more}"


PANELS: Final = (
    Panel("viewers, 3 hours by minute", _VIEWERS, "minute", 3 * HOUR_MS),
    Panel("viewers, 2 days by minute", _VIEWERS, "minute", 2 * DAY_MS),
    Panel("viewers, 7 days by hour", _VIEWERS, "hour", 7 * DAY_MS),
    Panel("viewers, 62 days by hour", _VIEWERS, "hour", 62 * DAY_MS),
    Panel("viewers, a year by day", _VIEWERS, "day", 365 * DAY_MS),
    Panel("table, 2 days by minute", f"{_VIEWERS}.csv", "minute", 2 * DAY_MS),
    Panel("25 broadcasts compared", "/channels/{channel}/analytics/broadcasts"),
    Panel("100 broadcasts compared", "/channels/{channel}/analytics/broadcasts?limit=100"),
    Panel("one broadcast", "/broadcasts/{broadcast}/analytics"),
    Panel("quality, a day by minute", _QUALITY, "minute", DAY_MS),
    Panel("quality, 7 days by hour", _QUALITY, "hour", 7 * DAY_MS),
    Panel("quality, 30 days by hour and browser", _QUALITY, "hour", 30 * DAY_MS, "&by=browser"),
    Panel("quality, a year by day and browser", _QUALITY, "day", 365 * DAY_MS, "&by=browser"),
    Panel("live", "/channels/{channel}/analytics/live"),
)


@dataclass(slots=True)
class Timed:
    """What panels took on one database, in ms, by name; `answer_bytes` is the longest answer's.

    `cpu_s` is the server's processor time for all of a panel's answers; `waited_percent` is for how
    much of the time the server was ready, and something else had its core.
    """

    database: str
    rows: int
    waited_percent: float = 0
    taken_ms: dict[str, list[float]] = field(default_factory=dict)
    answer_bytes: dict[str, int] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)


def measure_panel_queries(run: BenchRun) -> Section:
    """Furnish both databases, and ask each server."""
    measured = [_measure(run, name) for name in ("SQLite", "PostgreSQL")]
    return _section(run.extent.history_channels, measured)


def _measure(run: BenchRun, database: str) -> Timed:
    channels = run.extent.history_channels
    with (
        tempfile.TemporaryDirectory(dir=memory_folder()) as folder,
        _database_url(run.cores, database) as url,
    ):
        data = Path(folder) / "data"
        print(f"panels: {database}, furnishing", flush=True)
        made = furnish(data, url, channels // _CHANNELS_OF_A_PERSON, channels)
        rows, broadcasts = furnish_history(data, url, made.channels)
        print(f"panels: {database}, {rows:,} rows", flush=True)
        settings = ["accounts.enabled=true", "accounts.api.burst=1000000"]
        settings += ["accounts.api.per_minute=1000000000"]
        settings += [f"accounts.database.url={url}"] if url else []
        with rillcast(run.cores, *settings, checkout=run.checkout, data=data) as server:
            home = server.hls_url.partition("/live/")[0]
            owners = _Owners(home, made.people)
            assert server.tree is not None
            timed = Timed(database, rows)
            waited_s, began_s = server.tree.waited_s(), time.monotonic()
            for _ in range(run.extent.panel_rounds + 1):
                _ask_all(owners, server.tree, made.channels, broadcasts, timed)
            waited_s = server.tree.waited_s() - waited_s
            timed.waited_percent = 100 * waited_s / (time.monotonic() - began_s)
            return timed


class _Owners:
    """Those whose channels they are, signed in."""

    def __init__(self, home: str, people: Sequence[str]) -> None:
        self._api = f"{home}/api/v1"
        self._tokens = [self._sign_in(email) for email in people]

    def ask(self, owner: int, path: str) -> bytes:
        """Return an answer's body; anything else than 200 is raised."""
        headers = {"Authorization": f"Bearer {self._tokens[owner]}"}
        request = urllib.request.Request(self._api + path, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            body: bytes = answer.read()
            return body

    def _sign_in(self, email: str) -> str:
        body = json.dumps({"email": email, "password": PASSWORD, "kind": "client"}).encode()
        request = urllib.request.Request(
            f"{self._api}/sessions", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            token: str = json.load(answer)["accessToken"]
            return token


def _ask_all(
    owners: _Owners,
    tree: ProcessTree,
    channels: Sequence[str],
    broadcasts: Sequence[str],
    timed: Timed,
) -> None:
    """Ask for each panel once; the first round, which makes statements and models, is not kept."""
    now_ms = int(time.time() * 1000)
    # The end of yesterday: the last day of which there is something, whatever the hour.
    end_ms = now_ms - now_ms % DAY_MS
    for panel in PANELS:
        place = _CHANCE.randrange(len(channels))
        which = _CHANCE.randrange(len(broadcasts) // len(channels)) * len(channels) + place
        end = end_ms - _CHANCE.randrange(3) * MINUTE_MS
        path = panel.url(channels[place], broadcasts[which], end)
        used_s, began_s = tree.cpu_s(), time.perf_counter()
        body = owners.ask(place // _CHANNELS_OF_A_PERSON, path)
        taken_ms = (time.perf_counter() - began_s) * 1000
        if panel.name not in timed.taken_ms:
            timed.taken_ms[panel.name], timed.cpu_s[panel.name] = [], 0.0
        else:
            timed.taken_ms[panel.name].append(taken_ms)
            timed.cpu_s[panel.name] += tree.cpu_s() - used_s
        timed.answer_bytes[panel.name] = max(timed.answer_bytes.get(panel.name, 0), len(body))


@contextmanager
def _database_url(cores: Cores, database: str) -> Iterator[str]:
    if database == "SQLite":
        yield ""
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores.load)  # what is started now inherits it
    try:
        with postgresql_server() as server:
            os.sched_setaffinity(0, own)
            yield server.url("postgres")
    finally:
        os.sched_setaffinity(0, own)


def _section(channels: int, measured: Sequence[Timed]) -> Section:
    section = Section(f"Dashboards: a year of {channels} channels", TEXT)
    for each in measured:
        section.tables.append(
            Table(
                ("panel", "p50 ms", "p99 ms", "server's CPU ms", "answer kB"),
                [
                    (
                        name,
                        percentile(taken, 50),
                        percentile(taken, 99),
                        each.cpu_s[name] * 1000 / len(taken),
                        round(each.answer_bytes[name] / 1000),
                    )
                    for name, taken in each.taken_ms.items()
                ],
                title=f"{each.database}, {each.rows:,} rows, waited {each.waited_percent:.0f} %",
            )
        )
        slowest, taken = max(each.taken_ms.items(), key=lambda item: percentile(item[1], 99))
        found_ms = percentile(taken, 99)
        section.goals.append(
            Goal(
                f"slowest panel's p99, {each.database}",
                f"under {LIMIT_MS:g} ms",
                f"{found_ms:.0f} ms ({slowest}; waited {each.waited_percent:.0f} %)",
                found_ms < LIMIT_MS,
                found_ms / LIMIT_MS,
            )
        )
    return section

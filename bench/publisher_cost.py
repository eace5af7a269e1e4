"""What publishers cost: processor time and memory, beside the peers under the same load."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median

from bench.backlog import unread_bytes
from bench.cores import Cores
from bench.line_fit import fit_line
from bench.load.coded_show import QUALITIES, Quality
from bench.load.hls_viewers import Line as ViewerLine
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import viewer_lines
from bench.load.publishing import Publishing, publishing
from bench.peers.rillcast import window_bytes
from bench.peers.server import Server, StartServer
from bench.percentile import percentile
from bench.plot import Line, Plot
from bench.report import Goal, Section, Table
from bench.run import BenchRun

GOAL_OF_NGINX = 0.6
GOAL_OF_WINDOW = 1.5
REFERENCE = "nginx-rtmp"
# A keyframe may lie unread for a moment; so much media says that the server is not keeping up.
_BEHIND_S = 0.5
# Shares of the publishers that one core should hold by what few of them cost.
_STEPS = (0.7, 0.85, 1.0, 1.2, 1.45)
_SETTLE_S = 5.0
_MAKER_LAG_MS = 100

TEXT = """\
One publisher is a recorded show of moving noise, sent message by message in real time over RTMP
with OBS's chunk size. The server has one core to itself. CPU is user and system time of all its
processes, divided by publishers and seconds. Memory is what it holds more than idle (Pss), and
media that it keeps in files in memory instead. Rillcast makes low-latency HLS and DASH, the peers
plain HLS; nobody watches, unless a row says so. *Steady* is Rillcast's profile with parts of 1 s,
nearer to what the peers do; goals are for the usual one, with parts of a third of that. Servers
take turns, and the figure is the median of the rounds; how far those lie apart says how much the
machine was disturbed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One measured point. `window_bytes`: the media a server says it holds; None if it does not."""

    server: str
    quality: Quality
    publishers: int
    has_viewers: bool
    cpu_ms: float
    memory_bytes: int
    file_bytes: int
    window_bytes: int | None
    keeps_up: bool
    rounds_ms: tuple[float, ...] = ()

    @property
    def core_percent(self) -> float:
        """Return how much of its core the server used."""
        return self.cpu_ms * self.publishers / 10


def measure_publisher_cost(run: BenchRun) -> Section:
    """Measure all qualities and counts of publishers, with all peers that have a process."""
    costs: list[Cost] = []

    @contextmanager
    def steady(_cores: Cores) -> Iterator[Server]:
        with run.rillcast("packager.profile=steady") as server:
            yield replace(server, name="Rillcast, steady")

    servers: dict[str, StartServer] = {
        "Rillcast": lambda _cores: run.rillcast(),
        "Rillcast, steady": steady,
        **run.peers,
    }
    for place, name in enumerate(run.extent.qualities):
        for turn in range(run.extent.rounds):
            names = list(servers) if turn % 2 == 0 else list(reversed(servers))
            for server_name in names:
                is_main = server_name in {"Rillcast", REFERENCE}
                if not is_main and (place or turn):
                    continue
                print(f"publishers: {server_name}, {name}, round {turn + 1}", flush=True)
                with servers[server_name](run.cores) as server:
                    costs += _measure_server(
                        run,
                        server,
                        QUALITIES[name],
                        with_viewers=turn == 0 and place == 0 and is_main,
                        finds_most=turn == 0 and is_main and run.extent.finds_most_publishers,
                    )
    return _section(run, list(_merged(costs)))


def _measure_server(
    run: BenchRun, server: Server, quality: Quality, *, with_viewers: bool, finds_most: bool
) -> Iterator[Cost]:
    if server.tree is None:
        return
    idle_bytes = server.tree.resident_bytes()
    extent = run.extent
    with publishing(server.rtmp_url, quality, run.cores) as load:
        cost = None
        for count in extent.publisher_counts:
            load.set_publishers(count)
            time.sleep(extent.warm_up_s)
            cost = _measure_point(
                server, load, quality, count, seconds=extent.measure_s, idle_bytes=idle_bytes
            )
            yield cost
            if with_viewers and count == extent.publisher_counts[0]:
                seconds = extent.measure_s + 4
                viewers = RunningViewers(
                    server.hls_url, _one_each(server, count), seconds, run.cores
                )
                time.sleep(3)
                yield _measure_point(
                    server,
                    load,
                    quality,
                    count,
                    seconds=extent.measure_s,
                    idle_bytes=idle_bytes,
                    has_viewers=True,
                )
                viewers.result()
        if cost is not None and finds_most:
            yield from _most_publishers(run, server, load, cost, idle_bytes)


def _one_each(server: Server, channels: int) -> list[ViewerLine]:
    return [
        line
        for channel in range(channels)
        for line in viewer_lines("follow", 1, server.hls_url.format(f"bench{channel}"))
    ]


def _most_publishers(
    run: BenchRun, server: Server, load: Publishing, known: Cost, idle_bytes: int
) -> Iterator[Cost]:
    """Add publishers until the server no longer keeps up, or memory would run out."""
    holds = 1000 / known.cpu_ms
    room = _available_bytes() // (known.quality.bitrate_bps // 8 * 40)
    for step in _STEPS:
        count = round(holds * step / 10) * 10
        if count <= known.publishers:
            continue
        if count > room:
            print(f"publishers: no memory for {count}", flush=True)
            return
        try:
            load.set_publishers(count)
        except RuntimeError as error:
            print(error, flush=True)
            return
        time.sleep(_SETTLE_S)
        cost = _measure_point(
            server, load, known.quality, count, seconds=run.extent.measure_s, idle_bytes=idle_bytes
        )
        yield cost
        if not cost.keeps_up:
            return


def _measure_point(
    server: Server,
    load: Publishing,
    quality: Quality,
    publishers: int,
    *,
    seconds: float,
    idle_bytes: int,
    has_viewers: bool = False,
) -> Cost:
    assert server.tree is not None
    began_s, before_s = time.monotonic(), server.tree.cpu_s()
    backlogs_s: list[float] = []
    while (left_s := began_s + seconds - time.monotonic()) > 0:
        time.sleep(min(1.0, left_s))
        backlogs_s += [
            waiting * 8 / quality.bitrate_bps for waiting in unread_bytes(server.rtmp_port)
        ]
    used_s, took_s = server.tree.cpu_s() - before_s, time.monotonic() - began_s
    reports = load.since(began_s)
    lag_ms = max(report["own_lag_p99_ms"] for report in reports)
    if lag_ms > _MAKER_LAG_MS:
        print(f"publishers: the load maker was {lag_ms:.0f} ms behind at {publishers}", flush=True)
    lost = reports[-1]["lost"] - reports[0]["lost"]
    return Cost(
        server=server.name,
        quality=quality,
        publishers=publishers,
        has_viewers=has_viewers,
        cpu_ms=used_s * 1000 / took_s / publishers,
        memory_bytes=server.tree.resident_bytes() - idle_bytes,
        file_bytes=server.media_file_bytes(),
        window_bytes=window_bytes(server) if server.name.startswith("Rillcast") else None,
        keeps_up=percentile(backlogs_s or [0], 95) < _BEHIND_S and lost == 0,
    )


def _merged(costs: Iterable[Cost]) -> Iterator[Cost]:
    """Take the median processor time of the rounds; the rest is as in the first one."""
    rounds: dict[tuple[str, str, int, bool], list[Cost]] = {}
    for cost in costs:
        key = (cost.server, cost.quality.name, cost.publishers, cost.has_viewers)
        rounds.setdefault(key, []).append(cost)
    for same in rounds.values():
        first = same[0]
        yield Cost(
            server=first.server,
            quality=first.quality,
            publishers=first.publishers,
            has_viewers=first.has_viewers,
            cpu_ms=median(cost.cpu_ms for cost in same),
            memory_bytes=first.memory_bytes,
            file_bytes=first.file_bytes,
            window_bytes=first.window_bytes,
            keeps_up=all(cost.keeps_up for cost in same),
            rounds_ms=tuple(sorted(cost.cpu_ms for cost in same)),
        )


def _section(run: BenchRun, costs: Sequence[Cost]) -> Section:
    section = Section("Publishers", TEXT)
    for name in run.extent.qualities:
        own = [cost for cost in costs if cost.quality.name == name]
        section.tables.append(_table(name, own))
        section.plots.append(_plot(name, own))
        section.goals += _goals(run, name, own)
    return section


def _table(name: str, costs: Sequence[Cost]) -> Table:
    reference = {
        (cost.publishers, cost.has_viewers): cost.cpu_ms
        for cost in costs
        if cost.server == REFERENCE
    }
    rows = []
    for cost in sorted(costs, key=lambda cost: (cost.publishers, cost.has_viewers)):
        of_reference = reference.get((cost.publishers, cost.has_viewers))
        rows.append(
            (
                cost.publishers,
                cost.server + (", a viewer on each" if cost.has_viewers else ""),
                cost.cpu_ms,
                f"{cost.rounds_ms[0]:.2f} to {cost.rounds_ms[-1]:.2f}"
                if cost.rounds_ms[1:]
                else None,
                round(cost.core_percent),
                cost.cpu_ms / of_reference if of_reference else None,
                round(cost.memory_bytes / 1e6),
                round(cost.file_bytes / 1e6) or None,
                cost.window_bytes and round(cost.window_bytes / 1e6),
                "yes" if cost.keeps_up else "**no**",
            )
        )
    return Table(
        (
            "publishers",
            "server",
            "CPU ms a stream-second",
            "in the rounds",
            "% of a core",
            f"of {REFERENCE}",
            "memory, MB",
            "files, MB",
            "window, MB",
            "keeps up",
        ),
        rows,
        title=f"{name} at {QUALITIES[name].bitrate_bps // 1_000_000} Mbit/s",
    )


def _plot(name: str, costs: Sequence[Cost]) -> Plot:
    alone = sorted(
        (cost for cost in costs if not cost.has_viewers), key=lambda cost: cost.publishers
    )
    lines = []
    for server in dict.fromkeys(cost.server for cost in alone):
        own = [cost for cost in alone if cost.server == server]
        lines.append(
            Line(server, [cost.publishers for cost in own], [cost.core_percent for cost in own])
        )
    return Plot(
        f"publishers-{name}.svg",
        f"Processor time against publishers, {name}",
        "publishers",
        "% of a core",
        lines,
    )


def _goals(run: BenchRun, name: str, costs: Sequence[Cost]) -> Iterator[Goal]:
    alone = [cost for cost in costs if not cost.has_viewers]
    ours = {cost.publishers: cost for cost in alone if cost.server == "Rillcast"}
    theirs = {cost.publishers: cost for cost in alone if cost.server == REFERENCE}
    for count in run.extent.publisher_counts:
        subject = f"CPU of {count} publishers, {name}"
        wanted = f"at most {GOAL_OF_NGINX} of {REFERENCE}"
        if count in ours and count in theirs:
            ratio = ours[count].cpu_ms / theirs[count].cpu_ms
            found = f"{ratio:.2f} ({ours[count].cpu_ms:.2f} of {theirs[count].cpu_ms:.2f} ms)"
            yield Goal(subject, wanted, found, ratio <= GOAL_OF_NGINX, ratio / GOAL_OF_NGINX)
        else:
            yield Goal(subject, wanted, "", None)
    if run.extent.finds_most_publishers:
        most = {
            server: max((cost.publishers for cost in alone if _holds(cost, server)), default=0)
            for server in ("Rillcast", REFERENCE)
        }
        found = ", ".join(f"{server}: {count}" for server, count in most.items())
        yield Goal(
            f"publishers that one core holds, {name}",
            f"more than {REFERENCE}",
            found,
            most["Rillcast"] > most[REFERENCE] if most[REFERENCE] else None,
            most["Rillcast"] / most[REFERENCE] if most[REFERENCE] else None,
        )
    for count in run.extent.publisher_counts:
        window = ours[count].window_bytes if count in ours else None
        if window:
            ratio = ours[count].memory_bytes / window
            yield Goal(
                f"memory of {count} publishers, {name}",
                f"at most {GOAL_OF_WINDOW} times the window",
                f"{ratio:.2f} ({ours[count].memory_bytes / 1e6:.0f} of {window / 1e6:.0f} MB)",
                ratio <= GOAL_OF_WINDOW,
                ratio / GOAL_OF_WINDOW,
            )
    if len(ours) >= 2:
        fit = fit_line(list(ours), [cost.core_percent for cost in ours.values()])
        yield Goal(
            f"CPU grows with publishers, {name}",
            "a straight line or better",
            f"as publishers to the power of {fit.exponent:.2f}",
            fit.is_straight_or_better,
            fit.exponent,
        )


def _holds(cost: Cost, server: str) -> bool:
    return cost.server == server and cost.keeps_up


def _available_bytes() -> int:
    with open("/proc/meminfo") as lines:  # noqa: PTH123 # a line, not a file's content
        for line in lines:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/meminfo has no MemAvailable")

"""How cost grows with the length of the window."""

import time
from contextlib import ExitStack

from bench.line_fit import fit_line
from bench.load.coded_show import QUALITIES
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import viewer_lines
from bench.load.publishing import publishing
from bench.peers.rillcast import window_bytes
from bench.plot import Line, Plot
from bench.report import Goal, Section, Table
from bench.run import BenchRun

QUALITY = QUALITIES["720p30"]
_PUBLISHERS = 5
_SEGMENT_S = 2
# Scatter of two equal measurements on a machine that does other things, too.
_FLAT = 1.15

TEXT = f"""\
Servers with windows of different lengths run side by side, each with {_PUBLISHERS} publishers and a
viewer on each, and are measured at one time, when the longest window is full. A longer window
costs memory for its media and should cost no processor time."""


def measure_window(run: BenchRun) -> Section:
    """Measure all window lengths at once."""
    lengths = run.extent.listed_segments
    print(f"window: {lengths} segments", flush=True)
    with ExitStack() as stack:
        servers = []
        for length in lengths:
            server = stack.enter_context(run.rillcast(f"packager.window.listed_segments={length}"))
            assert server.tree is not None
            idle_bytes = server.tree.resident_bytes()
            load = stack.enter_context(publishing(server.rtmp_url, QUALITY, run.cores))
            load.set_publishers(_PUBLISHERS)
            servers.append((length, server, server.tree, idle_bytes))
        time.sleep(max(lengths) * _SEGMENT_S + 10)
        viewers = [
            RunningViewers(
                server.hls_url,
                [
                    line
                    for channel in range(_PUBLISHERS)
                    for line in viewer_lines("follow", 1, server.hls_url.format(f"bench{channel}"))
                ],
                run.extent.measure_s + 4,
                run.cores,
            )
            for _, server, _, _ in servers
        ]
        time.sleep(3)
        before_s = [tree.cpu_s() for _, _, tree, _ in servers]
        time.sleep(run.extent.measure_s)
        used_s = [
            tree.cpu_s() - was for (_, _, tree, _), was in zip(servers, before_s, strict=True)
        ]
        memory = [
            (tree.resident_bytes() - idle_bytes, window_bytes(server))
            for _, server, tree, idle_bytes in servers
        ]
        for each in viewers:
            each.result()
    cpu_ms = [used * 1000 / run.extent.measure_s / _PUBLISHERS for used in used_s]
    rows = [
        (length, cost, round(resident / 1e6), round(window / 1e6), resident / window)
        for length, cost, (resident, window) in zip(lengths, cpu_ms, memory, strict=True)
    ]
    columns = ("segments listed", "CPU ms a stream-second", "memory, MB", "window, MB", "ratio")
    megabytes = [resident / 1e6 for resident, _ in memory]
    fit = fit_line(lengths, megabytes)
    growth = cpu_ms[-1] / cpu_ms[0]
    goals = [
        Goal(
            "CPU grows with the window's length",
            "not at all, but for scatter",
            f"{growth:.2f} times at {lengths[-1] / lengths[0]:.0f} times the length",
            growth <= _FLAT,
            growth,
        ),
        Goal(
            "memory grows with the window's length",
            "a straight line or better",
            f"as the length to the power of {fit.exponent:.2f}",
            fit.is_straight_or_better,
            fit.exponent,
        ),
    ]
    plots = [
        Plot(
            "window-cpu.svg",
            "Processor time against the window",
            "segments listed",
            "ms a stream-second",
            [Line("Rillcast", lengths, cpu_ms)],
        ),
        Plot(
            "window-memory.svg",
            "Memory against the window",
            "segments listed",
            "MB",
            [
                Line("memory", lengths, megabytes),
                Line("media", lengths, [window / 1e6 for _, window in memory]),
            ],
        ),
    ]
    return Section("The window", TEXT, [Table(columns, rows)], plots, goals)

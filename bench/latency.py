"""How soon a part can be watched after its last sample came."""

import tempfile
import time
from pathlib import Path

from bench.load.coded_show import QUALITIES, coded_show
from bench.load.hls_viewers import Line as ViewerLine
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import media_playlist_paths
from bench.load.publishing import publishing
from bench.load.sent_log import read_sent_log
from bench.percentile import percentile
from bench.plot import Line, Plot
from bench.report import Cell, Goal, Section, Table
from bench.run import BenchRun
from bench.wake_delay import wake_delays

QUALITY = QUALITIES["720p30"]
GOAL_MS = 5
_RAMP_S = 3.0
_PERCENTS = (50, 90, 99, 99.9, 100)

TEXT = """\
From the moment at which the load maker has handed the last byte of a sample to its socket, to the
last byte of the answer to the blocked playlist request for the part that the sample completes, as
one viewer of each channel sees it. The way through both sockets, ingest, packaging and the playlist
are in it, so the server alone is faster. *Part* is the last byte of the part itself, which the
viewer asks for when the playlist came, and so holds the load maker's own delays, too. *Waited*: for
so much of the time the server was ready, but something else had its core; more than a few percent
of that is in the figures."""


def measure_latency(run: BenchRun) -> Section:
    """Measure with one viewer on each of many channels."""
    count = run.extent.latency_publishers
    print(f"latency: {count} publishers", flush=True)
    with tempfile.NamedTemporaryFile(suffix=".sent") as log:
        with (
            run.rillcast() as server,
            publishing(server.rtmp_url, QUALITY, run.cores, log=Path(log.name)) as load,
        ):
            load.set_publishers(count)
            time.sleep(5)
            lines: list[ViewerLine] = []
            video_of: dict[int, int] = {}
            for channel in range(count):
                paths = media_playlist_paths(server.hls_url.format(f"bench{channel}"))
                video_of[len(lines)] = channel
                lines += [ViewerLine("follow", 1, path) for path in paths]
            seconds = run.extent.latency_s + _RAMP_S
            assert server.tree is not None
            used_s, waited_s = server.tree.cpu_s(), server.tree.waited_s()
            result = RunningViewers(server.hls_url, lines, seconds, run.cores).result()
            core_percent = 100 * (server.tree.cpu_s() - used_s) / result.seconds
            waited_percent = 100 * (server.tree.waited_s() - waited_s) / result.seconds
        delays = wake_delays(
            coded_show(QUALITY),
            read_sent_log(Path(log.name)),
            result.responses,
            video_of,
            result.began_s + _RAMP_S,
        )
    available_ms = sorted(delay * 1000 for delay in delays.available_s)
    part_ms = [delay * 1000 for delay in delays.part_s]
    rows: list[list[Cell]] = [
        [name, len(values), *(percentile(values, of) for of in _PERCENTS)]
        for name, values in (("available", available_ms), ("part", part_ms))
    ]
    p99_ms = percentile(available_ms, 99)
    subject = f"sample received to part available, {count} publishers"
    goal = Goal(
        subject,
        f"p99 under {GOAL_MS} ms",
        f"{p99_ms:.2f} ms (waited {waited_percent:.0f} %)",
        p99_ms < GOAL_MS,
        p99_ms / GOAL_MS,
    )
    shares = [(place + 1) / len(available_ms) * 100 for place in range(len(available_ms))]
    every = max(1, len(shares) // 500)
    line = Line("available", shares[::every], available_ms[::every])
    return Section(
        "Latency of the server",
        TEXT,
        tables=[
            Table(("ms", "parts", *(f"p{of:g}" for of in _PERCENTS)), rows),
            Table(
                ("publishers", "server, % of a core", "waited, %"),
                [(count, round(core_percent), round(waited_percent))],
            ),
        ],
        plots=[Plot("latency.svg", "Sample to part", "% of parts", "at most, ms", [line], GOAL_MS)],
        goals=[goal],
    )

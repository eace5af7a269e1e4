"""How soon a part can be watched after its last sample came."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load.coded_show import QUALITIES, coded_show
from bench.load.hls_viewers import Line as ViewerLine
from bench.load.hls_viewers import RunningViewers, ViewersResult
from bench.load.media_playlists import viewer_lines
from bench.load.publishing import publishing
from bench.load.sent_log import read_sent_log
from bench.peers.server import Server
from bench.percentile import percentile
from bench.plot import Line, Plot
from bench.report import Cell, Goal, Section, Table
from bench.run import BenchRun
from bench.wake_delay import WakeDelays, wake_delays

QUALITY = QUALITIES["720p30"]
GOAL_MS = 5
_RAMP_S = 3.0
_SETTLE_S = 5.0
_PROBED_EVERY = 10
_PERCENTS = (50, 90, 99, 99.9, 100)

TEXT = """\
From the moment at which the load maker has handed the last byte of a sample to its socket, to the
last byte of the answer to the blocked playlist request for the part that the sample completes, as
one viewer sees it. The way through both sockets, ingest, packaging and the playlist are in it, so
the server alone is faster. *Part* is the last byte of the part itself, which the viewer asks for
when the playlist came, and so holds the load maker's own delays, too. Every tenth channel has a
viewer, so that what looks does not weigh; then every channel has one. *Waited*: for so much of the
time the server was ready, but something else had its core; more than a few percent of that is in
the figures."""


@dataclass(frozen=True, slots=True)
class _Watched:
    """What a viewer on each of some channels got, and how busy the server was.

    `video_of`: the channel of each watched rendition of pictures.
    """

    result: ViewersResult
    video_of: Mapping[int, int]
    core_percent: float
    waited_percent: float

    def delays(self, log: Path) -> WakeDelays:
        """Join with the log of what was sent, once it is closed."""
        since_s = self.result.began_s + _RAMP_S
        sent = read_sent_log(log)
        return wake_delays(coded_show(QUALITY), sent, self.result.responses, self.video_of, since_s)


def measure_latency(run: BenchRun) -> Section:
    """Measure with a viewer on some channels, and with one on each."""
    count = run.extent.latency_publishers
    with tempfile.NamedTemporaryFile(suffix=".sent") as file:
        log = Path(file.name)
        with (
            run.rillcast() as server,
            publishing(server.rtmp_url, QUALITY, run.cores, log=log) as load,
        ):
            load.set_publishers(count)
            time.sleep(_SETTLE_S)
            few = _watch(run, server, range(0, count, _PROBED_EVERY))
            everyone = _watch(run, server, range(count))
        found = [(watched, watched.delays(log)) for watched in (few, everyone)]
    available_ms = sorted(delay * 1000 for delay in found[0][1].available_s)
    p99_ms = percentile(available_ms, 99)
    goal = Goal(
        f"sample received to part available, {count} publishers",
        f"p99 under {GOAL_MS} ms",
        f"{p99_ms:.2f} ms (waited {few.waited_percent:.0f} %)",
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
            Table(
                (
                    "channels watched",
                    "ms",
                    "parts",
                    *(f"p{of:g}" for of in _PERCENTS),
                    "server, % of a core",
                    "waited, %",
                ),
                [row for watched, delays in found for row in _rows(watched, delays)],
            )
        ],
        plots=[Plot("latency.svg", "Sample to part", "% of parts", "at most, ms", [line], GOAL_MS)],
        goals=[goal],
    )


def _watch(run: BenchRun, server: Server, channels: Sequence[int]) -> _Watched:
    print(f"latency: viewers on {len(channels)} channels", flush=True)
    lines: list[ViewerLine] = []
    video_of: dict[int, int] = {}
    for channel in channels:
        video_of[len(lines)] = channel
        lines += viewer_lines("follow", 1, server.hls_url.format(f"bench{channel}"))
    assert server.tree is not None
    used_s, waited_s = server.tree.cpu_s(), server.tree.waited_s()
    seconds = run.extent.latency_s + _RAMP_S
    result = RunningViewers(server.hls_url, lines, seconds, run.cores).result()
    core_percent = 100 * (server.tree.cpu_s() - used_s) / result.seconds
    waited_percent = 100 * (server.tree.waited_s() - waited_s) / result.seconds
    return _Watched(result, video_of, core_percent, waited_percent)


def _rows(watched: _Watched, delays: WakeDelays) -> Iterator[list[Cell]]:
    for name, delays_s in (("available", delays.available_s), ("part", delays.part_s)):
        delays_ms = [delay_s * 1000 for delay_s in delays_s]
        yield [
            len(watched.video_of),
            name,
            len(delays_ms),
            *(percentile(delays_ms, of) for of in _PERCENTS),
            round(watched.core_percent),
            round(watched.waited_percent),
        ]

"""How soon followers hear that a channel is live, and what that does to media beside it."""

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from bench.furnished_accounts import furnish
from bench.furnished_followers import furnish_followers
from bench.load.coded_show import QUALITIES, coded_show
from bench.load.hls_viewers import Line as ViewerLine
from bench.load.hls_viewers import RunningViewers, ViewersResult
from bench.load.listening import listening
from bench.load.media_playlists import viewer_lines
from bench.load.publishing import Publishing, publishing
from bench.load.sent_log import Sent, read_sent_log
from bench.peers.memory_folder import memory_folder
from bench.peers.rillcast import rillcast
from bench.peers.server import Server
from bench.percentile import percentile
from bench.report import Goal, Section, Table
from bench.run import BenchRun
from bench.wake_delay import wake_delays

QUALITY = QUALITIES["720p30"]
GOAL_MS = 1000
GOAL_IDLE_KB = 50
# A part's p99 breathes by so much between two runs with nothing beside them.
GOAL_OF_ALONE = 1.5
_NOISE_MS = 2.0
_PEOPLE = 50
_RAMP_S = 3.0
_PERCENTS = (50, 90, 99, 100)

TEXT = """\
Followers, each with an account and a WebSocket of their own, hear on `me` that a channel which all
of them follow is live, one channel after the other, while publishers send 720p30 beside that. Delay
is from the moment at which the show can be watched first (its playlist is asked for every 10 ms) to
the alert's arrival: the rows of all notifications are written in between. *Part* is how soon a part
is there for its viewers, as under latency, before the followers came and while they are alerted.
*Idle* is memory (Pss) for each WebSocket that listens. The server has one core; load makers have
the others."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What viewers saw, of which renditions of whom, and what the server used meanwhile.

    `live_ms`: when those who came meanwhile could be watched, in unix ms, by channel.
    """

    result: ViewersResult
    video_of: Mapping[int, int]
    server_core: float
    waited: float
    live_ms: Mapping[str, float]

    def available_ms(self, sent: Iterable[Sent]) -> list[float]:
        """Return how soon parts were there after their samples were sent."""
        since_s = self.result.began_s + _RAMP_S
        show = coded_show(QUALITY)
        delays = wake_delays(show, sent, self.result.responses, self.video_of, since_s)
        return [delay * 1000 for delay in delays.available_s]


def measure_alert_fan_out(run: BenchRun) -> Section:
    """Measure one server alone, then with all followers."""
    extent = run.extent
    publishers, alerts = extent.latency_publishers, extent.alerts
    print(f"alerts: {extent.listeners} followers, {publishers} publishers", flush=True)
    settings = [
        "accounts.enabled=true",
        "rtmp.address_connection_limit=1000",
        f"notify.connections_per_address={extent.listeners}",
        f"http.address_connection_limit={extent.listeners + 1000}",
        f"http.connection_limit={extent.listeners + 1000}",
    ]
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        data, log = Path(folder) / "data", Path(folder) / "sent"
        made = furnish(data, "", _PEOPLE, publishers + alerts)
        keys, _ = made.write_to(Path(folder))
        cookies = furnish_followers(data, made.channels[publishers:], extent.listeners)
        options = ("--key-file", str(keys))
        with (
            rillcast(run.cores, *settings, checkout=run.checkout, data=data) as server,
            publishing(server.rtmp_url, QUALITY, run.cores, log=log, options=options) as load,
        ):
            assert server.tree is not None
            load.set_publishers(publishers)
            time.sleep(extent.warm_up_s)
            alone = _watch(run, server, load, ())
            idle_bytes = server.tree.resident_bytes()
            url = server.hls_url.partition("/live/")[0]
            with listening(url, cookies, "me", run.cores) as ears:
                listening_bytes = server.tree.resident_bytes() - idle_bytes
                beside = _watch(run, server, load, made.channels[publishers:])
                time.sleep(_RAMP_S)
                heard = ears.result()
        sent = list(read_sent_log(log))  # whole, now that nobody writes it
    parts = [(each, each.available_ms(sent)) for each in (alone, beside)]
    return _section(run, parts, heard, listening_bytes)


def _watch(run: BenchRun, server: Server, load: Publishing, coming: Sequence[str]) -> Watched:
    """Watch parts come, and meanwhile let these channels go live, one after the other."""
    assert server.tree is not None
    lines: list[ViewerLine] = []
    video_of: dict[int, int] = {}
    for channel in range(run.extent.latency_publishers):
        video_of[len(lines)] = channel
        lines += viewer_lines("follow", 1, server.hls_url.format(f"bench{channel}"))
    seconds = run.extent.latency_s
    used_s, waited_s = server.tree.cpu_s(), server.tree.waited_s()
    viewers = RunningViewers(server.hls_url, lines, _RAMP_S + seconds, run.cores)
    time.sleep(_RAMP_S)
    live_ms = {}
    for number, name in enumerate(coming, run.extent.latency_publishers + 1):
        load.set_publishers(number)
        live_ms[name] = _live_at_ms(server.hls_url.format(name))
        time.sleep(1)
    result = viewers.result()
    server_core = (server.tree.cpu_s() - used_s) / result.seconds
    waited = (server.tree.waited_s() - waited_s) / result.seconds
    return Watched(result, video_of, server_core, waited, live_ms)


def _live_at_ms(playlist_url: str) -> float:
    """Wait until a show can be watched, and return the time."""
    while True:
        try:
            with urlopen(playlist_url, timeout=10):
                return time.time() * 1000
        except HTTPError as error:
            if error.code not in {HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}:
                raise
        time.sleep(0.01)


def _alert_delays_ms(heard: Mapping[str, Any], live_ms: Mapping[str, float]) -> list[float]:
    """Return how long each alert of each follower took."""
    return [
        at_ms - live_ms[channel]
        for channel, moments_ms in heard["alerts_ms"].items()
        for at_ms in moments_ms
    ]


def _section(
    run: BenchRun,
    parts: Sequence[tuple[Watched, Sequence[float]]],
    heard: Mapping[str, Any],
    listening_bytes: int,
) -> Section:
    extent = run.extent
    delays_ms = _alert_delays_ms(heard, parts[-1][0].live_ms)
    expected = extent.listeners * extent.alerts
    idle_kb = listening_bytes / 1000 / extent.listeners
    p99_ms = percentile(delays_ms, 99)
    part_ms = [percentile(available_ms, 99) for _, available_ms in parts]
    section = Section("Alerts to followers", TEXT)
    section.tables = [
        Table(
            ("followers", "alerts", "missing", *(f"p{of} ms" for of in _PERCENTS), "idle, kB"),
            [
                (
                    extent.listeners,
                    len(delays_ms),
                    expected - len(delays_ms) or None,
                    *(percentile(delays_ms, of) for of in _PERCENTS),
                    idle_kb,
                )
            ],
        ),
        Table(
            ("parts", "count", *(f"p{of} ms" for of in _PERCENTS), "server, %", "waited, %"),
            [
                (
                    name,
                    len(available_ms),
                    *(percentile(available_ms, of) for of in _PERCENTS),
                    round(100 * each.server_core),
                    round(100 * each.waited),
                )
                for name, (each, available_ms) in zip(
                    ("alone", "beside alerts"), parts, strict=True
                )
            ],
            title=f"{extent.latency_publishers} publishers; the listeners' load maker used "
            f"{100 * heard['core']:.0f} % of a core",
        ),
    ]
    section.goals = [
        Goal(
            f"alerts to {extent.listeners} followers",
            f"p99 under {GOAL_MS / 1000:g} s",
            f"{p99_ms:.0f} ms",
            p99_ms < GOAL_MS and len(delays_ms) == expected and not heard["lost"],
            p99_ms / GOAL_MS,
        ),
        Goal(
            "memory of an idle WebSocket",
            f"at most {GOAL_IDLE_KB} kB",
            f"{idle_kb:.1f} kB",
            idle_kb <= GOAL_IDLE_KB,
            idle_kb / GOAL_IDLE_KB,
        ),
        Goal(
            "parts beside alerts",
            f"p99 within {GOAL_OF_ALONE:g} of alone, or {_NOISE_MS:g} ms",
            f"{part_ms[1]:.2f} ms, alone {part_ms[0]:.2f} ms",
            part_ms[1] <= max(part_ms[0] * GOAL_OF_ALONE, part_ms[0] + _NOISE_MS),
            part_ms[1] / part_ms[0],
        ),
    ]
    return section

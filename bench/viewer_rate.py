"""What viewers cost: responses a second of one process, and how soon the last viewer has a part."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.line_fit import fit_line
from bench.load.coded_show import QUALITIES, coded_show
from bench.load.hls_viewers import Line as ViewerLine
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import media_playlist_paths
from bench.load.publishing import publishing
from bench.load.sent_log import read_sent_log
from bench.peers.server import Server
from bench.percentile import percentile
from bench.plot import Line, Plot
from bench.report import Goal, Section, Table
from bench.run import BenchRun
from bench.wake_delay import WakeDelays, wake_delays

QUALITY = QUALITIES["720p30"]
PROFILE = "packager.profile=low"
# The viewers' load maker takes this long until all of its viewers have begun.
RAMP_S = 2.0
GOAL_RATE = 20_000
GOAL_WAKE_MS = 50

TEXT = """\
A viewer does what hls.js does: for picture and sound each a blocking request for the next part,
and when it is answered at once the next one, and on another connection the part. With the profile
`low` that is 20 requests a second. Responses a core-second are divided by the processor time that
the server used for viewers; what it used for the publishers alone was measured before. *Woken to
last byte* begins when the publisher has sent the last byte of the sample that completes the part,
and so holds ingest and packaging, too."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`channels` live channels with `viewers` viewers each."""

    channels: int
    viewers: int

    @property
    def name(self) -> str:
        """Name it for people."""
        channels = "1 channel" if self.channels == 1 else f"{self.channels} channels"
        return f"{channels}, {self.viewers} viewers each"


SizeOf = Callable[[Scenario], int]


@dataclass(frozen=True, slots=True)
class Rate:
    """What one scenario gave."""

    scenario: Scenario
    responses_per_s: float
    core_percent: float
    viewers_core_percent: float
    failures: int
    delays: WakeDelays
    maker_core_percent: float

    @property
    def per_core_s(self) -> float:
        """Return responses for each second of processor time spent on viewers."""
        return self.responses_per_s * 100 / self.viewers_core_percent

    @property
    def load(self) -> float:
        """Return the share of what one core could answer."""
        return self.core_percent / 100


def measure_viewer_rate(run: BenchRun) -> Section:
    """Measure viewers of one channel and of many."""
    extent = run.extent
    one = [Scenario(1, viewers) for viewers in extent.one_channel_viewers]
    many = [Scenario(channels, 10) for channels in extent.ten_viewer_channels]
    rates = [_measure_scenario(run, scenario) for scenario in [*one, *many]]
    section = Section("Viewers", TEXT)
    section.tables.append(_table(rates))
    section.plots += [
        _plot("viewers", "viewers of one channel", rates[: len(one)], lambda of: of.viewers),
        _plot("channels", "channels with 10 viewers", rates[len(one) :], lambda of: of.channels),
    ]
    section.goals += _goals(rates[: len(one)]) + _goals(rates[len(one) :])
    section.goals.append(_growth_goal("viewers", rates[: len(one)], lambda of: of.viewers))
    section.goals.append(_growth_goal("channels", rates[len(one) :], lambda of: of.channels))
    return section


def _measure_scenario(run: BenchRun, scenario: Scenario) -> Rate:
    print(f"viewers: {scenario.name}", flush=True)
    seconds = run.extent.view_s
    with (
        tempfile.NamedTemporaryFile(suffix=".sent") as log,
        run.rillcast(PROFILE) as server,
    ):
        assert server.tree is not None
        with publishing(server.rtmp_url, QUALITY, run.cores, log=Path(log.name)) as load:
            load.set_publishers(scenario.channels)
            lines, video_of = _lines(server, scenario)
            time.sleep(2)
            alone = _core_percent(server, seconds / 2)
            viewers = RunningViewers(server.hls_url, lines, seconds + RAMP_S + 1, run.cores)
            time.sleep(RAMP_S + 1)
            busy = _core_percent(server, seconds - 0.5)
            result = viewers.result()
        since_s = result.began_s + RAMP_S + 1
        settled = [each for each in result.responses if each.asked_s >= since_s]
        delays = wake_delays(
            coded_show(QUALITY), read_sent_log(Path(log.name)), result.responses, video_of, since_s
        )
    return Rate(
        scenario,
        responses_per_s=len(settled) / (result.seconds - RAMP_S - 1),
        core_percent=busy,
        viewers_core_percent=max(busy - alone, 0.1),
        failures=result.errors + result.lost_connections,
        delays=delays,
        maker_core_percent=100 * result.cpu_s / result.seconds,
    )


def _lines(server: Server, scenario: Scenario) -> tuple[list[ViewerLine], dict[int, int]]:
    """Return the viewers, and which rendition is which publisher's video."""
    lines: list[ViewerLine] = []
    video_of: dict[int, int] = {}
    for channel in range(scenario.channels):
        paths = media_playlist_paths(server.hls_url.format(f"bench{channel}"))
        video_of[len(lines)] = channel
        lines += [ViewerLine("follow", scenario.viewers, path) for path in paths]
    return lines, video_of


def _core_percent(server: Server, seconds: float) -> float:
    assert server.tree is not None
    before_s, began_s = server.tree.cpu_s(), time.monotonic()
    time.sleep(seconds)
    return 100 * (server.tree.cpu_s() - before_s) / (time.monotonic() - began_s)


def _ms(values_s: Sequence[float], percent: float) -> float | None:
    return percentile(values_s, percent) * 1000 if values_s else None


def _table(rates: Sequence[Rate]) -> Table:
    return Table(
        (
            "viewers",
            "responses/s",
            "failures",
            "server, % of a core",
            "for viewers alone",
            "responses a core-second",
            "woken to last byte, median ms",
            "p99 ms",
            "part, p99 ms",
            "load maker, % of a core",
        ),
        [
            (
                rate.scenario.name,
                round(rate.responses_per_s),
                rate.failures,
                round(rate.core_percent),
                round(rate.viewers_core_percent),
                round(rate.per_core_s),
                _ms(rate.delays.playlist_s, 50),
                _ms(rate.delays.playlist_s, 99),
                _ms(rate.delays.part_s, 99),
                round(rate.maker_core_percent),
            )
            for rate in rates
        ],
    )


def _plot(name: str, label: str, rates: Sequence[Rate], size_of: SizeOf) -> Plot:
    sizes = [size_of(rate.scenario) for rate in rates]
    line = Line("Rillcast", sizes, [rate.core_percent for rate in rates])
    return Plot(f"{name}.svg", f"Processor time against {name}", label, "% of a core", [line])


def _goals(rates: Sequence[Rate]) -> list[Goal]:
    """State rate and wake-up of the largest scenario, and of the one nearest to half load."""
    largest = max(rates, key=lambda rate: rate.responses_per_s)
    subject = largest.scenario.name
    failures = sum(rate.failures for rate in rates)
    goals = [
        Goal(
            f"responses a core-second, {subject}",
            f"{GOAL_RATE:,} without an error",
            f"{largest.per_core_s:,.0f}, {failures} failures",
            largest.per_core_s >= GOAL_RATE and failures == 0,
        )
    ]
    half = min(rates, key=lambda rate: abs(rate.load - 0.5))
    p99_ms = _ms(half.delays.playlist_s, 99)
    goals.append(
        Goal(
            f"woken to last byte, {half.scenario.name}, at {half.load:.0%} load",
            f"p99 under {GOAL_WAKE_MS} ms",
            "" if p99_ms is None else f"{p99_ms:.1f} ms",
            None if p99_ms is None else p99_ms < GOAL_WAKE_MS,
        )
    )
    return goals


def _growth_goal(name: str, rates: Sequence[Rate], size_of: SizeOf) -> Goal:
    fit = fit_line(
        [size_of(rate.scenario) for rate in rates], [rate.core_percent for rate in rates]
    )
    return Goal(
        f"CPU grows with {name}",
        "a straight line or better",
        f"as {name} to the power of {fit.exponent:.2f}",
        fit.is_straight_or_better,
    )

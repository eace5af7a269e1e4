"""What viewers cost: responses a second of one process, and how soon the last viewer has a part."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.channels_on_air import channels_on_air
from bench.counting_cost import measure_counting
from bench.line_fit import fit_line
from bench.load.coded_show import QUALITIES, coded_show
from bench.load.hls_viewers import Line as ViewerLine
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import viewer_lines
from bench.load.sent_log import read_sent_log
from bench.peers.rillcast import counted_viewers
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
_HALF = 0.5
_ABOUT_HALF = 0.1
# Four connections each, and media in memory: 10,000 connections are the server's limit.
_MOST_VIEWERS = 2000
_MOST_CHANNELS = 150
_FULL_PERCENT = 95

TEXT = """\
A viewer does what hls.js does: it begins with the multivariant playlist and keeps the session that
it finds there, and has an address of its own. Then, for picture and sound each a blocking request
for the next part, and when it is answered at once the next one, and on another connection the part.
With the profile `low` that is 20 requests a second. Responses a core-second are divided by the
processor time that the server used for viewers; what it used for the publishers alone was measured
before. *Woken to last byte* begins when the publisher has sent the last byte of the sample that
completes the part, and so holds ingest and packaging, too; it ends when the kernel has the last
byte for the viewer, so that viewers do not wait for one another. How many make half a load is
estimated from the others. *Waited*: for so much of the time the server was ready, but something
else had its core; more than a few percent of that is in the figures beside it. The server has
accounts and counts viewers. What that costs is measured at the end, in turns at two servers that
run at the same time, of which one does not count; the quietest turn of each counts."""


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
    waited_percent: float
    failures: int
    delays: WakeDelays
    maker_core_percent: float
    counted: int | None

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
    of_one = [_measure_scenario(run, scenario) for scenario in one]
    viewers = half_load_size([(rate.scenario.viewers, rate.core_percent) for rate in of_one])
    of_one.append(_measure_scenario(run, Scenario(1, min(viewers, _MOST_VIEWERS))))
    of_many = [_measure_scenario(run, scenario) for scenario in many]
    channels = half_load_size([(rate.scenario.channels, rate.core_percent) for rate in of_many])
    of_many.append(_measure_scenario(run, Scenario(min(channels, _MOST_CHANNELS), 10)))
    of_one.sort(key=lambda rate: rate.scenario.viewers)
    of_many.sort(key=lambda rate: rate.scenario.channels)
    section = Section("Viewers", TEXT)
    section.tables.append(_table([*of_one, *of_many]))
    section.plots += [
        _plot("viewers", "viewers of one channel", of_one, lambda of: of.viewers),
        _plot("channels", "channels with 10 viewers", of_many, lambda of: of.channels),
    ]
    section.goals += _goals(of_one) + _goals(of_many)
    table, goals = measure_counting(run, QUALITY, extent.one_channel_viewers[-1], PROFILE)
    section.tables.append(table)
    section.goals += goals
    section.goals.append(_counted_goal([*of_one, *of_many]))
    section.goals.append(_growth_goal("viewers", of_one, lambda of: of.viewers))
    section.goals.append(_growth_goal("channels", of_many, lambda of: of.channels))
    return section


def half_load_size(loads: Sequence[tuple[int, float]]) -> int:
    """Say what size takes half of a core, by sizes and the percent of a core that they took.

    A core that is full says nothing of what it would take, and is left out if others are known.
    """
    known = [load for load in loads if load[1] < _FULL_PERCENT]
    if len(known) < 2:
        known = list(loads)
    fit = fit_line([size for size, _ in known], [percent for _, percent in known])
    return max(round((100 * _HALF - fit.base) / fit.slope), 1) if fit.slope > 0 else known[-1][0]


def _measure_scenario(run: BenchRun, scenario: Scenario) -> Rate:
    print(f"viewers: {scenario.name}", flush=True)
    seconds = run.extent.view_s
    with tempfile.NamedTemporaryFile(suffix=".sent") as log:
        path = Path(log.name)
        with channels_on_air(run, QUALITY, scenario.channels, PROFILE, log=path) as (server, _):
            lines, video_of = _lines(server, scenario)
            time.sleep(2)
            alone, _ = _core_percents(server, seconds / 2)
            viewers = RunningViewers(server.hls_url, lines, seconds + RAMP_S + 1, run.cores)
            time.sleep(RAMP_S + 1)
            busy, waited = _core_percents(server, seconds - 0.5)
            until_s = time.monotonic()  # to tell the metrics takes the server some milliseconds
            counted = counted_viewers(server)
            result = viewers.result()
        since_s = result.began_s + RAMP_S + 1
        settled = [each for each in result.responses if each.asked_s >= since_s]
        timely = [each for each in settled if each.last_byte_s < until_s]
        delays = wake_delays(coded_show(QUALITY), read_sent_log(path), timely, video_of, since_s)
    return Rate(
        scenario,
        responses_per_s=len(settled) / (result.seconds - RAMP_S - 1),
        core_percent=busy,
        viewers_core_percent=max(busy - alone, 0.1),
        waited_percent=waited,
        failures=result.errors + result.lost_connections,
        delays=delays,
        maker_core_percent=100 * result.cpu_s / result.seconds,
        counted=counted,
    )


def _lines(server: Server, scenario: Scenario) -> tuple[list[ViewerLine], dict[int, int]]:
    """Return the viewers, and which rendition is which publisher's video."""
    lines: list[ViewerLine] = []
    video_of: dict[int, int] = {}
    for channel in range(scenario.channels):
        video_of[len(lines)] = channel
        url = server.hls_url.format(f"bench{channel}")
        lines += viewer_lines("follow", scenario.viewers, url)
    return lines, video_of


def _core_percents(server: Server, seconds: float) -> tuple[float, float]:
    """Return how much of its core the server used, and for how much of the time it waited."""
    tree = server.tree
    assert tree is not None
    used_s, waited_s, began_s = tree.cpu_s(), tree.waited_s(), time.monotonic()
    time.sleep(seconds)
    percent = 100 / (time.monotonic() - began_s)
    return (tree.cpu_s() - used_s) * percent, (tree.waited_s() - waited_s) * percent


def _ms(values_s: Sequence[float], percent: float) -> float | None:
    return percentile(values_s, percent) * 1000 if values_s else None


def _table(rates: Sequence[Rate]) -> Table:
    return Table(
        (
            "viewers",
            "responses/s",
            "failures",
            "counted",
            "server, % of a core",
            "for viewers alone",
            "responses a core-second",
            "woken to last byte, median ms",
            "p99 ms",
            "part, p99 ms",
            "load maker, % of a core",
            "waited, %",
        ),
        [
            (
                rate.scenario.name,
                round(rate.responses_per_s),
                rate.failures,
                rate.counted,
                round(rate.core_percent),
                round(rate.viewers_core_percent),
                round(rate.per_core_s),
                _ms(rate.delays.playlist_s, 50),
                _ms(rate.delays.playlist_s, 99),
                _ms(rate.delays.part_s, 99),
                round(rate.maker_core_percent),
                round(rate.waited_percent),
            )
            for rate in rates
        ],
    )


def _plot(name: str, label: str, rates: Sequence[Rate], size_of: SizeOf) -> Plot:
    sizes = [size_of(rate.scenario) for rate in rates]
    line = Line("Rillcast", sizes, [rate.core_percent for rate in rates])
    return Plot(f"{name}.svg", f"Processor time against {name}", label, "% of a core", [line])


def _goals(rates: Sequence[Rate]) -> list[Goal]:
    """State the rate of the busiest scenario, and the wake-up at half load."""
    largest = max(rates, key=lambda rate: rate.responses_per_s)
    subject = largest.scenario.name
    failures = sum(rate.failures for rate in rates)
    goals = [
        Goal(
            f"responses a core-second, {subject}",
            f"{GOAL_RATE:,} without an error",
            f"{largest.per_core_s:,.0f}, {failures} failures",
            largest.per_core_s >= GOAL_RATE and failures == 0,
            largest.per_core_s / GOAL_RATE,
        )
    ]
    half = min(rates, key=lambda rate: abs(rate.load - _HALF))
    p99_ms = _ms(half.delays.playlist_s, 99)
    was_half = p99_ms is not None and abs(half.load - _HALF) <= _ABOUT_HALF
    found = "" if p99_ms is None else f"{p99_ms:.1f} ms (waited {half.waited_percent:.0f} %)"
    goals.append(
        Goal(
            f"woken to last byte, {half.scenario.name}, at {half.load:.0%} load",
            f"p99 under {GOAL_WAKE_MS} ms at half load",
            found,
            p99_ms < GOAL_WAKE_MS if was_half and p99_ms is not None else None,
            None if p99_ms is None else p99_ms / GOAL_WAKE_MS,
        )
    )
    return goals


def _counted_goal(rates: Sequence[Rate]) -> Goal:
    """Judge whether everybody was counted, once. A server that is too busy to say is not judged."""
    wrong = [
        f"{rate.counted} in {rate.scenario.name}"
        for rate in rates
        if rate.counted not in {None, rate.scenario.channels * rate.scenario.viewers}
    ]
    unknown = [f"not said: {rate.scenario.name}" for rate in rates if rate.counted is None]
    is_met = False if wrong else None if unknown else True
    found = ", ".join(wrong + unknown) or "all of them"
    return Goal("viewers counted", "each one, once", found, is_met)


def _growth_goal(name: str, rates: Sequence[Rate], size_of: SizeOf) -> Goal:
    """Judge by the rates at which the core was not full."""
    known = [rate for rate in rates if rate.core_percent < _FULL_PERCENT]
    if len(known) < 2:
        return Goal(f"CPU grows with {name}", "a straight line or better", "", None)
    fit = fit_line(
        [size_of(rate.scenario) for rate in known], [rate.core_percent for rate in known]
    )
    return Goal(
        f"CPU grows with {name}",
        "a straight line or better",
        f"as {name} to the power of {fit.exponent:.2f}",
        fit.is_straight_or_better,
        fit.exponent,
    )

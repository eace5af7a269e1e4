"""What it costs to hear players: CMCD on every request, and beacons, beside playback."""

import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from analytics.quality.cmcd import read_cmcd
from bench.furnished_accounts import furnish
from bench.load.coded_show import QUALITIES
from bench.load.hls_viewers import Line, RunningViewers
from bench.load.media_playlists import viewer_lines
from bench.load.publishing import publishing
from bench.peers.memory_folder import memory_folder
from bench.peers.rillcast import counted_beacons, rillcast
from bench.peers.server import Server
from bench.report import Goal, Section, Table
from bench.run import BenchRun

Saying = Literal["", "query", "fields"]

BEACONS_PER_S: Final = 5_000
REQUESTS_PER_S: Final = 20_000
GOAL_PERCENT: Final = 10.0
GOAL_READ_US: Final = 10.0
_VIEWERS: Final = REQUESTS_PER_S // 40  # picture and sound, 20 requests a second each
_ROUNDS: Final = 3
_RAMP_S: Final = 3.0
_TELLERS: Final = 1_000
_TELLERS_RAMP_S: Final = 6.0  # each begins a session and looks thrice; without looks it lasts 12 s
_TURN_S: Final = 5.0
_READS: Final = 20_000
_SAID: Final = (
    b"bl%3D2100%2Cbr%3D4000%2Cd%3D200%2Cdl%3D1900%2Cmtp%3D25400%2Cot%3Dv%2Crtp%3D12000%2Csf%3Dh"
    b"%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22%2Cst%3Dl%2Ctb%3D6000"
)

TEXT = f"""\
{REQUESTS_PER_S:,} requests a second of {_VIEWERS} viewers for what is there already, with nothing
to say, with CMCD in the query and with CMCD in header fields, in turns, on a server with accounts:
a server that is asked less finds less at each look, and takes longer for each.
What a response costs is the server's processor time divided by right answers. Then
{BEACONS_PER_S:,} beacons a second over {_TELLERS:,} connections, as many as 150,000 viewers send,
each of a session that watches, or it would not be counted. Of some rounds the quietest counts.
To read CMCD is what one text costs by itself, in processor time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one kind of request costs. `failures` are wrong answers and lost connections."""

    what: str
    per_s: float
    us: float
    failures: int


def measure_beacons(run: BenchRun) -> Section:
    """Measure requests without and with CMCD, beacons, and the reading of one text."""
    costs: dict[str, list[Cost]] = {}
    with _on_air(run) as (server, channel):
        mix = viewer_lines("paced", _VIEWERS, server.hls_url.format(channel))
        time.sleep(run.extent.warm_up_s)
        alone = _core_of(server, run.extent.measure_s)
        sayings: tuple[tuple[str, Saying], ...] = (
            ("without CMCD", ""),
            ("CMCD in the query", "query"),
            ("CMCD in header fields", "fields"),
        )
        for _ in range(_ROUNDS):
            for what, saying in sayings:
                costs.setdefault(what, []).append(
                    _cost(run, server, mix, what, alone, saying=saying)
                )
        start = urlsplit(server.hls_url.format(channel)).path
        tellers = [Line("beacon", _TELLERS, channel, start)]
        costs["beacons"] = [_cost(run, server, tellers, "beacons", alone) for _ in range(_ROUNDS)]
    return _section({what: _quietest(found) for what, found in costs.items()}, _read_us())


@contextmanager
def _on_air(run: BenchRun) -> Iterator[tuple[Server, str]]:
    """Run a server with accounts on which one channel is live."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        data = Path(folder) / "data"
        made = furnish(data, "", 1, 1)
        keys, _ = made.write_to(Path(folder))
        settings = ("packager.profile=low", "http.address_connection_limit=10000")
        options = ("--key-file", str(keys))
        with (
            rillcast(run.cores, *settings, checkout=run.checkout, data=data) as server,
            publishing(server.rtmp_url, QUALITIES["720p30"], run.cores, options=options) as load,
        ):
            load.set_publishers(1)
            yield server, made.channels[0]


def _cost(
    run: BenchRun,
    server: Server,
    lines: Sequence[Line],
    what: str,
    alone: float,
    *,
    saying: Saying = "",
) -> Cost:
    """Measure one load; `alone` is how much of a core the server uses without it."""
    print(f"beacons: {what}", flush=True)
    counted = counted_beacons(server)
    ramp_s = _TELLERS_RAMP_S if what == "beacons" else _RAMP_S
    viewers = RunningViewers(server.hls_url, lines, _TURN_S + ramp_s + 1, run.cores, cmcd=saying)
    time.sleep(ramp_s)
    began_s = time.monotonic()
    used = _core_of(server, _TURN_S)
    ended_s = time.monotonic()
    result = viewers.result()
    right = 204 if what == "beacons" else 200
    settled = [each for each in result.responses if began_s <= each.last_byte_s < ended_s]
    count = sum(1 for each in settled if each.status == right)
    per_s = count / (ended_s - began_s)
    failures = result.errors + result.lost_connections
    if what == "beacons":  # a server answers what it leaves out as it answers what it counts
        answered = sum(1 for each in result.responses if each.status == right)
        failures += max(0, answered - (counted_beacons(server) - counted))
    return Cost(what, per_s, (used - alone) * 1e6 / per_s if per_s else math.inf, failures)


def _core_of(server: Server, seconds: float) -> float:
    assert server.tree is not None
    began_s, used_s = time.monotonic(), server.tree.cpu_s()
    time.sleep(seconds)
    return (server.tree.cpu_s() - used_s) / (time.monotonic() - began_s)


def _quietest(found: Sequence[Cost]) -> Cost:
    """Return the cheapest round: what else runs on the machine only makes it dearer."""
    return min(found, key=lambda cost: cost.us)


def _read_us() -> float:
    """Return what it costs to read one text, the best of some rounds."""
    rounds = []
    for _ in range(5):
        began_s = time.process_time()
        for _ in range(_READS):
            read_cmcd(_SAID)
        rounds.append(time.process_time() - began_s)
    return min(rounds) / _READS * 1e6


def _section(costs: dict[str, Cost], read_us: float) -> Section:
    plain = costs["without CMCD"]
    section = Section("What players tell", TEXT)
    section.tables.append(
        Table(
            ("requests", "a second", "us each", "more than without, %", "failures"),
            [
                (
                    cost.what,
                    round(cost.per_s),
                    round(cost.us, 1),
                    None if cost.what == "beacons" else round(_added_percent(cost, plain), 1),
                    cost.failures,
                )
                for cost in costs.values()
            ],
        )
    )
    section.goals += [
        _share_goal(
            f"CMCD on {REQUESTS_PER_S:,} requests/s, {cost.what.removeprefix('CMCD ')}",
            _added_percent(cost, plain),
            (cost.us - plain.us) * REQUESTS_PER_S / 1e4,
        )
        for cost in (costs["CMCD in the query"], costs["CMCD in header fields"])
    ]
    beacons = costs["beacons"]
    core_percent = beacons.us * BEACONS_PER_S / 1e4
    found = f"{core_percent:.1f} % of a core, {beacons.us:.1f} us each, at {beacons.per_s:,.0f}/s"
    section.goals.append(
        Goal(
            f"{BEACONS_PER_S:,} beacons/s beside playback",
            f"under {GOAL_PERCENT:.0f} % of a core more",
            found,
            core_percent < GOAL_PERCENT and beacons.failures == 0,
            core_percent / GOAL_PERCENT,
        )
    )
    section.goals.append(
        Goal(
            "to read CMCD",
            f"under {GOAL_READ_US:.0f} us",
            f"{read_us:.1f} us",
            read_us < GOAL_READ_US,
            read_us / GOAL_READ_US,
        )
    )
    return section


def _added_percent(cost: Cost, plain: Cost) -> float:
    return (cost.us / plain.us - 1) * 100


def _share_goal(what: str, percent: float, core_percent: float) -> Goal:
    return Goal(
        what,
        f"under {GOAL_PERCENT:.0f} % more processor time",
        f"{percent:.1f} % more ({core_percent:.1f} % of a core)",
        percent < GOAL_PERCENT,
        percent / GOAL_PERCENT,
    )

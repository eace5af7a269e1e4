"""What it costs to count viewers: the same ones at a server that counts and at one that does not.

Both run at the same time and are watched in turns: what else the machine does, both have.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from bench.channels_on_air import channels_on_air
from bench.load.coded_show import Quality
from bench.load.hls_viewers import RunningViewers
from bench.load.media_playlists import viewer_lines
from bench.peers.server import Server
from bench.report import Goal, Table
from bench.run import BenchRun

# A response of 33 us and 1 us to count it (ADR 0030); two runs of the same differ by more.
GOAL_RATIO: Final = 1.1
_RAMP_S: Final = 3.0
_NOT_COUNTED: Final = "analytics.viewers.enabled=false"
_TURNS: Final = (True, False, False, True)


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a server was watched. `us` is its processor time for a response."""

    responses_per_s: float
    us: float
    waited_percent: float
    failures: int


def measure_counting(
    run: BenchRun, quality: Quality, viewers: int, *settings: str
) -> tuple[Table, list[Goal]]:
    """Measure viewers of one channel. The quietest turn of each server counts."""
    turns: dict[bool, list[Turn]] = {True: [], False: []}
    with ExitStack() as stack:
        servers = {
            is_counting: stack.enter_context(
                channels_on_air(
                    run, quality, 1, *settings, *(() if is_counting else (_NOT_COUNTED,))
                )
            )[0]
            for is_counting in turns
        }
        time.sleep(2)
        alone = {each: _core_of(servers[each], run.extent.view_s / 2) for each in servers}
        for is_counting in _TURNS:
            print(f"viewers: {_name(is_counting)}", flush=True)
            server = servers[is_counting]
            turns[is_counting].append(_turn(run, server, viewers, alone[is_counting]))
    best = {each: min(found, key=lambda turn: turn.us) for each, found in turns.items()}
    failures = sum(turn.failures for found in turns.values() for turn in found)
    table = Table(
        ("1 channel", "responses/s", "us each", "responses a core-second", "waited, %", "failures"),
        [
            (
                _name(is_counting),
                round(turn.responses_per_s),
                round(turn.us, 1),
                round(1e6 / turn.us),
                round(turn.waited_percent),
                turn.failures,
            )
            for is_counting, found in turns.items()
            for turn in found
        ],
        title=f"{viewers} viewers, in turns at two servers",
    )
    ratio = best[True].us / best[False].us
    return table, [
        Goal(
            f"counting {viewers} viewers",
            f"a response costs at most {GOAL_RATIO} times as much",
            f"{ratio:.2f} times ({best[True].us:.1f} of {best[False].us:.1f} us), "
            f"{failures} failures",
            ratio <= GOAL_RATIO and failures == 0,
            ratio / GOAL_RATIO,
        )
    ]


def _turn(run: BenchRun, server: Server, viewers: int, alone: float) -> Turn:
    assert server.tree is not None
    seconds = run.extent.view_s
    lines = viewer_lines("follow", viewers, server.hls_url.format("bench0"))
    watching = RunningViewers(server.hls_url, lines, seconds + _RAMP_S, run.cores)
    time.sleep(_RAMP_S)
    waited_s, began_s = server.tree.waited_s(), time.monotonic()
    core = _core_of(server, seconds - 0.5)
    waited_s, ended_s = server.tree.waited_s() - waited_s, time.monotonic()
    result = watching.result()
    count = sum(1 for each in result.responses if began_s <= each.last_byte_s < ended_s)
    per_s = count / (ended_s - began_s)
    return Turn(
        per_s,
        us=max(core - alone, 0.001) * 1e6 / max(per_s, 1),
        waited_percent=100 * waited_s / (ended_s - began_s),
        failures=result.errors + result.lost_connections,
    )


def _core_of(server: Server, seconds: float) -> float:
    assert server.tree is not None
    began_s, used_s = time.monotonic(), server.tree.cpu_s()
    time.sleep(seconds)
    return (server.tree.cpu_s() - used_s) / (time.monotonic() - began_s)


def _name(is_counting: bool) -> str:
    return "counted" if is_counting else "not counted"

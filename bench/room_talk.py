"""How soon thousands of people hear what is said in one room."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.cores import on_cores
from bench.furnished_accounts import furnish
from bench.furnished_followers import furnish_followers
from bench.load.listening import listening
from bench.peers.memory_folder import memory_folder
from bench.peers.rillcast import rillcast
from bench.percentile import percentile
from bench.report import Goal, Section, Table
from bench.run import BenchRun

GOAL_MS = 250
PER_S = 200
_SPEAKERS = 40
_PEOPLE = 10
_READ_EVERY = 200
_PERCENTS = (50, 90, 99, 100)

TEXT = f"""\
People in one room of one server, each with an account and a WebSocket of their own, while
{_SPEAKERS} others say {PER_S} things a second there. *Delivery* is from the moment at which the
server has taken a message to its arrival: it is written to the database and told in between.
Every {_READ_EVERY}th listener's messages are read; of the others the bytes are counted, for readers
are what would be measured. *Answer* is how long a speaker waits to be told that it is safe. The
server has one core."""


def measure_room_talk(run: BenchRun) -> Section:
    """Measure one room with half as many people as there are followers."""
    extent = run.extent
    people = extent.listeners // 2
    print(f"chat: {people} people in a room, {PER_S} messages a second", flush=True)
    settings = [
        "accounts.enabled=true",
        "accounts.chat.burst=1000000",
        "accounts.chat.per_minute=1000000",
        "notify.commands_per_minute=1000000",
        f"notify.connections_per_address={people + _SPEAKERS}",
        f"http.address_connection_limit={people + 1000}",
        f"http.connection_limit={people + 1000}",
    ]
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        data = Path(folder) / "data"
        made = furnish(data, "", _PEOPLE, 1)
        made.write_to(Path(folder))
        channel = made.channels[0]
        cookies = furnish_followers(data, (), people + _SPEAKERS)
        file = Path(folder) / "speakers"
        file.write_text("\n".join(cookies[:_SPEAKERS]))
        with rillcast(run.cores, *settings, checkout=run.checkout, data=data) as server:
            assert server.tree is not None
            url = server.hls_url.partition("/live/")[0]
            topic = f"chat:{channel}"
            with listening(url, cookies[_SPEAKERS:], topic, run.cores, every=_READ_EVERY) as ears:
                used_s = server.tree.cpu_s()
                spoken = _speak(run, url, file, channel)
                core = (server.tree.cpu_s() - used_s) / extent.talk_s
                heard = ears.result()
    return _section(run, people, spoken, heard, core)


def _speak(run: BenchRun, url: str, cookies: Path, channel: str) -> dict[str, Any]:
    command = [*on_cores(*run.cores.load), sys.executable, "-m", "bench.load.speakers", url]
    command += ["--cookies", str(cookies), "--channel", channel, "--per-s", str(PER_S)]
    command += ["--seconds", str(run.extent.talk_s)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True
    )
    spoken: dict[str, Any] = json.loads(done.stdout)
    return spoken


def _section(
    run: BenchRun,
    people: int,
    spoken: Mapping[str, Any],
    heard: Mapping[str, Any],
    core: float,
) -> Section:
    delays_ms: Sequence[float] = heard["delays_ms"].get("chat.message", [])
    said = spoken["outcomes"].get("said", 0)
    readers = len(range(0, people, _READ_EVERY))
    missing = said * readers - len(delays_ms)
    p99_ms = percentile(delays_ms, 99)
    section = Section("Talk in one room", TEXT)
    section.tables = [
        Table(
            ("", "count", "missing", *(f"p{of} ms" for of in _PERCENTS)),
            [
                (
                    name,
                    len(found),
                    lost or None,
                    *(percentile(found, of) for of in _PERCENTS),
                )
                for name, found, lost in (
                    ("delivery", delays_ms, missing),
                    ("answer", spoken["answers_ms"], spoken["asked"] - said),
                )
            ],
            title=f"{people} people, {said / run.extent.talk_s:.0f} messages a second, "
            f"{heard['bytes'] / 1e6 / run.extent.talk_s:.0f} MB/s; the server used "
            f"{100 * core:.0f} % of a core, the listeners' load maker {100 * heard['core']:.0f} %",
        )
    ]
    section.goals = [
        Goal(
            f"{PER_S} messages a second to {people} people",
            f"p99 under {GOAL_MS} ms",
            f"{p99_ms:.0f} ms",
            p99_ms < GOAL_MS and not missing and said == spoken["asked"],
            p99_ms / GOAL_MS,
        )
    ]
    return section

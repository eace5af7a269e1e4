"""`make bench`: measure Rillcast beside its peers and write one report.

make bench ARGS="--only publishers,latency --quick"
"""

import argparse
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from bench.alert_fan_out import measure_alert_fan_out
from bench.api_cost import measure_api_cost
from bench.beacons import measure_beacons
from bench.churn import measure_churn
from bench.cores import choose_cores
from bench.drawing import draw
from bench.extent import FULL, QUICK
from bench.glass_to_glass import measure_glass_to_glass
from bench.latency import measure_latency
from bench.machine import describe_machine
from bench.panel_queries import measure_panel_queries
from bench.peers.by_address import FORM, peer_by_address
from bench.peers.nginx_rtmp import MODULE, nginx_rtmp
from bench.peers.node_media_server import FOLDER, node_media_server
from bench.peers.rillcast import HERE
from bench.peers.server import StartServer
from bench.playback_check import measure_playback_check
from bench.publisher_cost import measure_publisher_cost
from bench.report import Goal, Section, goal_table, write_report
from bench.room_talk import measure_room_talk
from bench.run import BenchRun
from bench.saturation import measure_saturation
from bench.viewer_rate import measure_viewer_rate
from bench.viewer_sessions import measure_viewer_sessions
from bench.window import measure_window
from tests.support.normal_priority import keep_normal_priority

MEASUREMENTS: dict[str, Callable[[BenchRun], Section]] = {
    "publishers": measure_publisher_cost,
    "viewers": measure_viewer_rate,
    "sessions": measure_viewer_sessions,
    "saturation": measure_saturation,
    "latency": measure_latency,
    "glass": measure_glass_to_glass,
    "window": measure_window,
    "churn": measure_churn,
    "playback": measure_playback_check,
    "api": measure_api_cost,
    "alerts": measure_alert_fan_out,
    "chat": measure_room_talk,
    "panels": measure_panel_queries,
    "beacons": measure_beacons,
}


def installed_peers() -> dict[str, StartServer]:
    """Return the peers that `make bench` installs, as far as it could."""
    peers: dict[str, StartServer] = {}
    if shutil.which("nginx") and MODULE.exists():
        peers["nginx-rtmp"] = nginx_rtmp
    if (FOLDER / "node_modules").exists() and shutil.which("ffmpeg"):
        peers["node-media-server"] = node_media_server
    return peers


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=list(MEASUREMENTS),
        metavar="NAME,...",
        help=f"of {', '.join(MEASUREMENTS)}",
    )
    parser.add_argument("--quick", action="store_true", help="small numbers, a few minutes")
    parser.add_argument("--out", type=Path, default=HERE / "bench" / "results", metavar="DIR")
    parser.add_argument(
        "--peer",
        type=peer_by_address,
        action="append",
        default=[],
        metavar=FORM,
        help="one more peer that runs already; can be repeated",
    )
    parser.add_argument("--no-peers", action="store_true", help="measure Rillcast alone")
    parser.add_argument(
        "--checkout", type=Path, default=HERE, metavar="DIR", help="measure the Rillcast in there"
    )
    options = parser.parse_args()
    unknown = set(options.only) - MEASUREMENTS.keys()
    if unknown:
        parser.error(f"--only: expected some of {', '.join(MEASUREMENTS)}, got {unknown}")
    return options


def main() -> int:
    """Measure; return 0 if all that was asked for could be measured."""
    options = parse_options()
    keep_normal_priority()
    peers = {} if options.no_peers else installed_peers() | dict(options.peer)
    run = BenchRun(
        QUICK if options.quick else FULL, choose_cores(), peers, options.checkout.resolve()
    )
    machine = describe_machine(run)
    sections, failed = [], 0
    for name in options.only:
        began_s = time.monotonic()
        try:
            sections.append(MEASUREMENTS[name](run))
        except Exception as error:  # noqa: BLE001 # what else was measured is still worth a report
            traceback.print_exc()
            failed += 1
            goal = Goal(name, "", " ".join(f"failed: {error}".split()), is_met=None)
            sections.append(Section(name.capitalize(), "Failed.", goals=[goal]))
        path = write_report(options.out, machine, sections, draw)
        print(f"{name}: {time.monotonic() - began_s:.0f} s", flush=True)
    print(goal_table([goal for section in sections for goal in section.goals]).to_markdown())
    print(f"\nReport: {path}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

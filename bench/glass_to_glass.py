"""How long it takes from drawing a picture to seeing it in a browser.

    .venv/bin/python -m bench.glass_to_glass [--profile normal] [--seconds 30]

The demo draws its wall clock into every picture as black and white cells; a page in headless
Chromium plays the show and reads the cells of what is on the screen.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from tests.support.encoder import encoder
from tests.support.normal_priority import keep_normal_priority
from tests.support.rillcast_server import rillcast_server
from tests.web.chromium import chromium, expect_state, opened
from tests.web.glass_clock import Sight, watch_clock

SETTLING_S = 10  # the player comes to its target latency


async def sight_of(page_url: str, seconds: int) -> Sight:
    """Play a channel's page and read every picture shown."""
    async with chromium() as browser, opened(browser, page_url) as page:
        await expect_state(page, "playing")
        await asyncio.sleep(SETTLING_S)
        return await watch_clock(page, seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="normal", choices=["low", "normal", "steady"])
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    keep_normal_priority()
    profile = f"packager.profile={options.profile}"
    with (
        tempfile.TemporaryDirectory() as folder,
        rillcast_server(Path(folder), "--set", profile) as server,
    ):
        demo = [sys.executable, "-m", "config", "demo", "--data", str(server.data)]
        demo += ["--url", server.rtmp_url, "--size", "640x360"]
        with encoder(demo):
            sight = asyncio.run(sight_of(f"{server.http_url}/studio", options.seconds))
    ages_ms = sorted(glance.age_ms for glance in sight.glances)
    print(
        f"{options.profile}: {len(ages_ms)} pictures in {options.seconds} s, "
        f"{sight.stalls} stalls; "
        f"median {statistics.median(ages_ms):.0f} ms, "
        f"5 % below {ages_ms[len(ages_ms) // 20]:.0f} ms, "
        f"5 % above {ages_ms[-len(ages_ms) // 20]:.0f} ms"
    )


if __name__ == "__main__":
    main()

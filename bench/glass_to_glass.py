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

from playwright.async_api import Page, async_playwright

from demo.picture import CLOCK_BITS
from tests.support.encoder import encoder
from tests.support.normal_priority import keep_normal_priority
from tests.support.rillcast_server import rillcast_server
from tests.web.chromium import CHROMIUM, FLAGS

READ_CLOCK = """
async ([video, bits, seconds]) => {
  const canvas = new OffscreenCanvas(bits, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const delays = [];
  const read = () => {
    const { videoWidth: width, videoHeight: height } = video;
    context.drawImage(video, 0, height - height / 60, width, 1, 0, 0, bits, 1);
    const cells = context.getImageData(0, 0, bits, 1).data;
    let drawn = 0;
    for (let bit = 0; bit < bits; bit += 1) drawn = drawn * 2 + (cells[bit * 4] > 127 ? 1 : 0);
    delays.push(Date.now() - drawn);
    if (!stopped) video.requestVideoFrameCallback(read);
  };
  let stopped = false;
  video.requestVideoFrameCallback(read);
  await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
  stopped = true;
  return delays;
}
"""


async def delays_ms(page_url: str, seconds: int) -> list[float]:
    """Play a channel's page and return the age of each picture shown."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        page: Page = await browser.new_page()
        await page.goto(page_url)
        player = page.locator("rillcast-player[data-state=playing]")
        await player.wait_for(timeout=60_000)
        await page.wait_for_timeout(10_000)  # the player comes to its target latency
        video = await page.locator("rillcast-player video").element_handle()
        found: list[float] = await page.evaluate(READ_CLOCK, [video, CLOCK_BITS, seconds])
        await browser.close()
        return found


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
            found = asyncio.run(delays_ms(f"{server.http_url}/studio", options.seconds))
    plausible = sorted(delay for delay in found if 0 < delay < 60_000)
    print(
        f"{options.profile}: {len(plausible)} of {len(found)} pictures read; "
        f"median {statistics.median(plausible):.0f} ms, "
        f"5 % below {plausible[len(plausible) // 20]:.0f} ms, "
        f"5 % above {plausible[-len(plausible) // 20]:.0f} ms"
    )


if __name__ == "__main__":
    main()

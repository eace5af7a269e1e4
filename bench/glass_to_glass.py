"""How long it takes from drawing a picture to seeing it in a browser.

    .venv/bin/python -m bench.glass_to_glass [--profile normal] [--seconds 30]

The demo draws its wall clock into every picture as black and white cells; a page in headless
Chromium plays the show and reads the cells of what is on the screen.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench.cores import choose_cores
from bench.extent import FULL
from bench.peers.rillcast import HERE
from bench.percentile import percentile
from bench.plot import Line, Plot
from bench.report import Goal, Section, Table
from bench.run import BenchRun
from bench.steal import processor_ticks, stolen_share
from demo.picture import CLOCK_BITS
from tests.support.encoder import encoder
from tests.support.normal_priority import keep_normal_priority
from tests.web.chromium import chromium

GOALS_MS = {"low": 1000, "normal": 1800}
_SETTLE_MS = 10_000  # the player comes to its target latency
_PLAUSIBLE_MS = 60_000

# A picture that stays for so long is a stall: at 30 pictures a second seven are missing.
STALL_MS = 250
READ_CLOCK = """
async ([video, bits, seconds]) => {
  const canvas = new OffscreenCanvas(bits, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const shown = [];
  let waits = 0;
  video.addEventListener("waiting", () => { waits += 1; });
  const read = () => {
    const { videoWidth: width, videoHeight: height } = video;
    context.drawImage(video, 0, height - height / 60, width, 1, 0, 0, bits, 1);
    const cells = context.getImageData(0, 0, bits, 1).data;
    let drawn = 0;
    for (let bit = 0; bit < bits; bit += 1) drawn = drawn * 2 + (cells[bit * 4] > 127 ? 1 : 0);
    const { buffered, currentTime } = video;
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : currentTime;
    shown.push([Date.now(), drawn, (end - currentTime) * 1000]);
    if (!stopped) video.requestVideoFrameCallback(read);
  };
  let stopped = false;
  video.requestVideoFrameCallback(read);
  await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
  stopped = true;
  return [shown, waits];
}
"""

TEXT = """\
The demo draws the wall clock into every picture as cells of black and white and publishes it with
x264; headless Chromium plays the channel's page, reads the cells of each picture that it shows and
compares them with the clock. Encoding, server, network on one machine, player and decoder are in
it. A stall is a time of 250 ms or more without a new picture, or an event `waiting`. Where the
player had more to play than the stall took, neither server nor network were late: the browser,
which decodes in software, did not come to draw. Time that the machine's host took for others
(`steal`) is given because it does that, too."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on the screen: when, the clock in it, and for how long there is more to play."""

    shown_at_ms: float
    drawn_at_ms: float
    ahead_ms: float

    @property
    def age_ms(self) -> float:
        """How long ago it was drawn."""
        return self.shown_at_ms - self.drawn_at_ms


@dataclass(frozen=True, slots=True)
class Watched:
    """What a browser showed. `delays_ms` are the ages of the pictures that could be read.

    `dry_stalls` are those in which there was nothing to play. `stolen` is a share of the processor.
    """

    profile: str
    pictures: int
    delays_ms: Sequence[float]
    stalls: int
    dry_stalls: int
    stolen: float


def measure_glass_to_glass(run: BenchRun) -> Section:
    """Watch a show in each profile that has a goal."""
    watched = [watch(run, profile, run.extent.glass_s) for profile in GOALS_MS]
    measured = ("median ms", "p5 ms", "p95 ms", "most ms", "stalls", "with nothing to play")
    columns = ("profile", "pictures", *measured, "steal")
    rows = [
        (
            each.profile,
            each.pictures,
            round(median(each.delays_ms)),
            round(percentile(each.delays_ms, 5)),
            round(percentile(each.delays_ms, 95)),
            round(max(each.delays_ms)),
            each.stalls,
            each.dry_stalls,
            f"{each.stolen:.0%}",
        )
        for each in watched
    ]
    goals = [
        Goal(
            f"glass to glass, profile {each.profile}",
            f"under {GOALS_MS[each.profile] / 1000:.1f} s, no stall in {run.extent.glass_s} s",
            f"median {median(each.delays_ms) / 1000:.2f} s, p95 "
            f"{percentile(each.delays_ms, 95) / 1000:.2f} s, {each.stalls} stalls, "
            f"{each.dry_stalls} with nothing to play",
            percentile(each.delays_ms, 95) < GOALS_MS[each.profile] and each.stalls == 0,
            percentile(each.delays_ms, 95) / GOALS_MS[each.profile],
        )
        for each in watched
    ]
    lines = [
        Line(each.profile, list(range(0, len(each.delays_ms), 5)), each.delays_ms[::5])
        for each in watched
    ]
    plot = Plot("glass.svg", "Age of the picture shown", "picture", "ms", lines)
    return Section("Glass to glass", TEXT, [Table(columns, rows)], [plot], goals)


def watch(run: BenchRun, profile: str, seconds: int) -> Watched:
    """Publish the demo and play it. Encoder and browser run where there is room."""
    print(f"glass to glass: {profile}", flush=True)
    with run.rillcast(f"packager.profile={profile}") as server:
        demo = [sys.executable, "-m", "config", "demo", "--url", server.rtmp_url]
        demo += ["--key", "studio", "--size", "640x360"]
        with encoder(demo):
            page = server.hls_url.partition("/live/")[0] + "/studio"
            before = processor_ticks()
            shown, waits = asyncio.run(_play(page, seconds))
            stolen = stolen_share(before, processor_ticks())
    delays_ms = [each.age_ms for each in shown if 0 < each.age_ms < _PLAUSIBLE_MS]
    if not delays_ms:
        raise RuntimeError(f"none of {len(shown)} pictures could be read")
    gaps = list(_gaps(shown))
    dry = sum(gap_ms > ahead_ms for gap_ms, ahead_ms in gaps)
    return Watched(profile, len(shown), delays_ms, max(len(gaps), waits), max(dry, waits), stolen)


def _gaps(shown: Sequence[Picture]) -> Iterator[tuple[float, float]]:
    """Return how long each stall took, and how much there was to play when it began; both in ms."""
    for before, after in pairwise(shown):
        gap_ms = after.shown_at_ms - before.shown_at_ms
        if gap_ms >= STALL_MS:
            yield gap_ms, before.ahead_ms


async def _play(page_url: str, seconds: int) -> tuple[list[Picture], int]:
    """Play a channel's page; return the pictures, and how often the player waited for media."""
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(page_url)
        await page.locator("rillcast-player[data-state=playing]").wait_for(timeout=60_000)
        await page.wait_for_timeout(_SETTLE_MS)
        video = await page.locator("rillcast-player video").element_handle()
        shown, waits = await page.evaluate(READ_CLOCK, [video, CLOCK_BITS, seconds])
        return [Picture(*each) for each in shown], waits


def main() -> None:
    """Measure one profile and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="normal", choices=["low", "normal", "steady"])
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    keep_normal_priority()
    run = BenchRun(FULL, choose_cores(), {}, HERE)
    watched = watch(run, options.profile, options.seconds)
    print(
        f"{watched.profile}: {len(watched.delays_ms)} of {watched.pictures} pictures read; "
        f"median {median(watched.delays_ms):.0f} ms, "
        f"5 % below {percentile(watched.delays_ms, 5):.0f} ms, "
        f"5 % above {percentile(watched.delays_ms, 95):.0f} ms, {watched.stalls} stalls, "
        f"{watched.dry_stalls} of them with nothing to play, steal {watched.stolen:.1%}"
    )


if __name__ == "__main__":
    main()

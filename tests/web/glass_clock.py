"""The clock that the demo draws into its pictures, read back from what a page shows.

A row of cells along the bottom edge holds the time of drawing (demo.picture.TestCard). It is read
from a VideoFrame, which knows its own media time: what the page says about that time can so be
held against the picture itself, whatever the machine is busy with.
"""

from dataclasses import dataclass
from statistics import median

from playwright.async_api import Page

from demo.picture import CLOCK_BITS

READ_CLOCK = """
async ([video, bits, seconds]) => {
  const player = video.getRootNode().host ?? { dataset: {}, pictureDateMs: null };
  const canvas = new OffscreenCanvas(bits, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = { glances: [], stalls: 0, rates: [] };
  const glance = () => {
    if (stopped) return;
    video.requestVideoFrameCallback(glance);
    const shownMs = Date.now();
    const frame = new VideoFrame(video);
    const { displayWidth: width, displayHeight: height, timestamp } = frame;
    context.drawImage(frame, 0, height - height / 60, width, 1, 0, 0, bits, 1);
    frame.close();
    const cells = context.getImageData(0, 0, bits, 1).data;
    let drawnMs = 0;
    for (let bit = 0; bit < bits; bit += 1) drawnMs = drawnMs * 2 + (cells[bit * 4] > 127 ? 1 : 0);
    const dateMs = player.pictureDateMs;
    const aheadMs = timestamp / 1000 - video.currentTime * 1000;
    seen.glances.push({
      shown_ms: shownMs,
      drawn_ms: drawnMs,
      dated_ms: dateMs === null ? null : dateMs + aheadMs,
      told_latency_ms: "latencyMs" in player.dataset ? Number(player.dataset.latencyMs) : null,
    });
  };
  let stopped = false;
  video.addEventListener("waiting", () => { seen.stalls += 1; });
  video.addEventListener("ratechange", () => { seen.rates.push(video.playbackRate); });
  video.requestVideoFrameCallback(glance);
  await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
  stopped = true;
  return seen;
}
"""


@dataclass(frozen=True, slots=True)
class Glance:
    """One picture as it came onto the screen. All times are unix milliseconds by one clock.

    `dated_ms` is the picture's media time mapped through EXT-X-PROGRAM-DATE-TIME by our page:
    when the server received it. `told_latency_ms` is what the page tells its viewer at that moment.
    Other pages know neither.
    """

    shown_ms: float
    drawn_ms: float
    dated_ms: float | None
    told_latency_ms: float | None

    @property
    def age_ms(self) -> float:
        """Glass to glass: how long ago the picture was drawn."""
        return self.shown_ms - self.drawn_ms


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen for a while: every picture, waits for media, and changes of speed."""

    glances: tuple[Glance, ...]
    stalls: int
    rates: tuple[float, ...]

    @property
    def typical_age_ms(self) -> float:
        """The median over the pictures seen; at least one."""
        return median(glance.age_ms for glance in self.glances)


async def watch_clock(page: Page, seconds: float) -> Sight:
    """Read the clock of every picture that the page's video shows in this time."""
    video = await page.locator("video").element_handle()
    seen = await page.evaluate(READ_CLOCK, [video, CLOCK_BITS, seconds])
    glances = tuple(Glance(**glance) for glance in seen["glances"])
    return Sight(glances, seen["stalls"], tuple(seen["rates"]))

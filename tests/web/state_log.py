"""What a viewer has seen of a player over time: its states, and whether it ever went black."""

from playwright.async_api import Page

WATCH_STATES = """
(player) => {
  const video = player.shadowRoot.querySelector("video");
  const canvas = player.shadowRoot.querySelector("canvas");
  const seen = { states: [player.dataset.state], blackFrames: 0 };
  new MutationObserver(() => {
    if (seen.states.at(-1) !== player.dataset.state) seen.states.push(player.dataset.state);
  }).observe(player, { attributes: true, attributeFilter: ["data-state"] });
  const look = () => {
    const hasPicture = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA || !canvas.hidden;
    if (!hasPicture) seen.blackFrames += 1;
    requestAnimationFrame(look);
  };
  look();
  window.seenByViewer = seen;
}
"""


class StateLog:
    """Begins with the call of `watch`; reading fails if the page was loaded anew since."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def watch(self) -> None:
        """Begin; the player plays."""
        player = await self._page.locator("rillcast-player").element_handle()
        await self._page.evaluate(WATCH_STATES, player)

    async def states(self) -> list[str]:
        """Return the player's states up to now, in order."""
        states: list[str] = await self._page.evaluate("seenByViewer.states")
        return states

    async def black_frames(self) -> int:
        """Return at how many refreshes of the screen there was not even a last picture."""
        frames: int = await self._page.evaluate("seenByViewer.blackFrames")
        return frames


async def watch_states(page: Page) -> StateLog:
    """Log what the viewer of this page sees from now on."""
    log = StateLog(page)
    await log.watch()
    return log

"""PublisherSink: one publisher's way into its channel, and how fast it may go."""

import asyncio
from collections.abc import Callable, Sequence

from ingest.media import MediaEvent
from ingest.ports import EndReason
from packager.expectation import Expectation
from packager.live_channel import LiveChannel
from packager.pace import Pace


class PublisherSink:
    """Takes one publisher's media into its channel. Implements MediaSink.

    `unix_ms` is the show's clock; `now` is the event loop's.
    """

    def __init__(self, live: LiveChannel, pace: Pace, unix_ms: Callable[[], int]) -> None:
        self._live = live
        self._pace = pace
        self._unix_ms = unix_ms
        self._last_now = 0.0
        self._expectation = Expectation()

    def receive(self, events: Sequence[MediaEvent], now: float) -> float:
        """Package the events at once. Raises OutputEndedError after the show has ended.

        Returns when the next sample can come that makes a part available.
        """
        self._last_now = now
        self._live.receive(events, now, self._unix_ms())
        self._pace.note(events, now)
        return self._expectation.wanted_at(self._live.due_cuts(), now)

    @property
    def is_full(self) -> bool:
        """Whether the publisher runs ahead of real time or above its bitrate."""
        return self._pace.rest_until > self._last_now

    async def wait_for_room(self) -> None:
        """Return when the clock has caught up with the publisher."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._pace.rest_s(loop.time()))
        self._last_now = loop.time()

    def close(self, reason: EndReason, now: float) -> None:
        """Leave the channel to the next publisher, or to its grace time."""
        self._live.leave_publisher(
            now,
            stopped=reason is EndReason.UNPUBLISHED,
            replaced=reason is EndReason.TAKEN_OVER,
        )

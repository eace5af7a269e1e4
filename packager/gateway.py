"""PackagerGateway: where ingest brings publishers, and what keeps their shows alive without them."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.media import MediaEvent
from ingest.ports import EndReason, Grant
from packager.cadence import LatencyProfile
from packager.events import Emit
from packager.live import Publications, PublicationState, WindowSettings
from packager.live_channel import LiveChannel
from packager.pace import Pace, PaceLimits
from packager.segmenter import SegmenterSettings

_TICK_S = 0.1


@dataclass(frozen=True, slots=True)
class PackagerSettings:
    """How shows are packaged and how long they wait for their publisher.

    `profile` is every channel's latency profile unless `profiles` names another for it.
    `grace_s`: how long a show waits for its publisher before it ends. `ended_s`: how long an
    ended show's last media can still be fetched.
    """

    profile: LatencyProfile = LatencyProfile.NORMAL
    profiles: Mapping[str, LatencyProfile] = field(default_factory=dict)
    grace_s: float = 60.0
    ended_s: float = 60.0
    pace: PaceLimits = field(default_factory=PaceLimits)
    window: WindowSettings = field(default_factory=WindowSettings)

    def __post_init__(self) -> None:
        """Refuse times that make no sense."""
        if not 0 <= self.grace_s <= 3600:
            raise ValueError(f"grace_s: expected 0 to 3600, got {self.grace_s}")
        if not 0 <= self.ended_s <= 3600:
            raise ValueError(f"ended_s: expected 0 to 3600, got {self.ended_s}")


def _unix_ms() -> int:
    return time.time_ns() // 1_000_000


class PackagerGateway:
    """Opens sinks and looks after the channels that have none. Implements MediaGateway.

    One timer serves all channels. `unix_ms` is the wall clock; `now` everywhere is
    `time.monotonic`, which is also the event loop's clock.
    """

    def __init__(
        self,
        publications: Publications,
        settings: PackagerSettings,
        emit: Emit,
        unix_ms: Callable[[], int] = _unix_ms,
    ) -> None:
        self._publications = publications
        self._settings = settings
        self._emit = emit
        self._unix_ms = unix_ms
        self._channels: dict[str, LiveChannel] = {}
        self._timer: asyncio.TimerHandle | None = None

    def open_sink(self, grant: Grant, now: float) -> "PublisherSink":
        """Begin the channel's show or go on with it. Raises PublicationsFull."""
        live = self._channels.get(grant.channel)
        if live is None or live.publication.state is PublicationState.ENDED:
            live = LiveChannel(
                grant.channel,
                self._unix_ms(),
                SegmenterSettings(
                    profile=self._settings.profiles.get(grant.channel, self._settings.profile)
                ),
                self._settings.window,
                self._emit,
            )
            self._publications.open(live.publication)
            self._channels[grant.channel] = live
        live.start_publisher(now, self._unix_ms())
        return PublisherSink(live, Pace(self._settings.pace), self._unix_ms)

    def start(self) -> None:
        """Start the timer on the running event loop."""
        self._schedule(asyncio.get_running_loop())

    def close(self) -> None:
        """End every show and stop the timer. The publishers' sinks have been closed before."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = time.monotonic()
        for live in self._channels.values():
            live.end(now)

    def tick(self, now: float) -> None:
        """Let time pass: fill stalled tracks, end abandoned shows, forget ended ones."""
        unix_ms = self._unix_ms()
        for channel, live in list(self._channels.items()):
            live.tick(now, unix_ms)
            if live.abandoned_at is None:
                continue
            away_s = now - live.abandoned_at
            never_seen = live.publication.multivariant() is None
            if away_s >= self._settings.grace_s or never_seen:
                live.end(now)
                if never_seen or away_s >= self._settings.grace_s + self._settings.ended_s:
                    del self._channels[channel]
                    self._publications.remove(channel)

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(_TICK_S, self._on_timer, loop)

    def _on_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        self._schedule(loop)
        self.tick(time.monotonic())


class PublisherSink:
    """Takes one publisher's media into its channel. Implements MediaSink."""

    def __init__(self, live: LiveChannel, pace: Pace, unix_ms: Callable[[], int]) -> None:
        self._live = live
        self._pace = pace
        self._unix_ms = unix_ms
        self._last_now = 0.0

    def receive(self, events: Sequence[MediaEvent], now: float) -> None:
        """Package the events at once."""
        self._last_now = now
        self._live.receive(events, now, self._unix_ms())
        self._pace.note(events, now)

    @property
    def is_full(self) -> bool:
        """Whether the publisher runs ahead of real time or above its bitrate."""
        return self._pace.rest_s(self._last_now) > 0

    async def wait_for_room(self) -> None:
        """Return when the clock has caught up with the publisher."""
        while (rest_s := self._pace.rest_s(time.monotonic())) > 0:
            await asyncio.sleep(rest_s)
        self._last_now = time.monotonic()

    def close(self, reason: EndReason, now: float) -> None:
        """Leave the channel to the next publisher, or to its grace time."""
        self._live.leave_publisher(
            now,
            stopped=reason is EndReason.UNPUBLISHED,
            replaced=reason is EndReason.TAKEN_OVER,
        )

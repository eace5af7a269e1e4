"""PackagerGateway: where ingest brings publishers, and what keeps shows alive without them."""

import asyncio
import secrets
import time
from collections.abc import Callable

import structlog

from ingest.ports import Grant, NoRoomError
from packager.events import Emit
from packager.journal import LiveFolder, RecoveredShow
from packager.live import Publication, Publications, PublicationsFullError, ShowClock
from packager.live.show_clock import steady_ms_now
from packager.live_channel import LiveChannel
from packager.pace import Pace
from packager.publisher_sink import PublisherSink
from packager.segmenter import Segmenter
from packager.settings import GRACE_LIMIT_S, PackagerSettings
from packager.show_terms import TermsOfChannel

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager")

_TICK_S = 0.1


def unix_ms_now() -> int:
    """Read the wall clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class PackagerGateway:
    """Opens sinks and looks after the channels that have none. Implements MediaGateway.

    One timer serves all channels. `unix_ms` is the wall clock, by which a show's own is set as it
    begins; `steady_ms` is the clock that nobody sets. `now` everywhere is that of the event loop.
    Shows outlive the process if there is a `folder` to keep them in. `terms` says how each channel
    wants its shows; without it, the settings do.
    """

    def __init__(
        self,
        publications: Publications,
        settings: PackagerSettings,
        emit: Emit,
        unix_ms: Callable[[], int] = unix_ms_now,
        *,
        steady_ms: Callable[[], int] = steady_ms_now,
        folder: LiveFolder | None = None,
        terms: TermsOfChannel | None = None,
    ) -> None:
        self._publications = publications
        self._settings = settings
        self._emit = emit
        self._unix_ms = unix_ms
        self._steady_ms = steady_ms
        self._folder = folder
        self._longest_grace_s = settings.grace_s if terms is None else GRACE_LIMIT_S
        self._terms = terms or settings.terms_of
        self._channels: dict[str, LiveChannel] = {}
        self._timer: asyncio.TimerHandle | None = None

    def open_sink(self, grant: Grant, now: float) -> PublisherSink:
        """Begin the channel's show or go on with it. Raises NoRoomError."""
        live = self._channels.get(grant.channel)
        if live is None or live.ended_at is not None:
            live = self._open_channel(grant.channel)
        clock = live.publication.clock
        live.start_publisher(now, clock.unix_ms())
        return PublisherSink(live, Pace(self._settings.pace), clock.unix_ms)

    def recover(self, now: float) -> None:
        """Go on with the shows that an earlier process left; before anybody can ask for them."""
        if self._folder is None:
            return
        settings = self._settings
        for show in self._folder.recover(
            settings.window,
            grace_ms=round(self._longest_grace_s * 1000),
            ended_ms=round(settings.ended_s * 1000),
        ):
            try:
                self._recover_show(show, now)
            except Exception:  # noqa: BLE001 - one show's fault must not keep the server down
                channel = show.publication.channel
                _log.exception("show not recovered", channel=channel)
                self._publications.remove(channel)
                show.journal.remove()

    def start(self) -> None:
        """Start the timer on the running event loop."""
        self._schedule(asyncio.get_running_loop())

    def close(self) -> None:
        """Stop the timer, and end every show that no later process can go on with.

        The publishers' sinks have been closed before.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = asyncio.get_running_loop().time()
        for live in self._channels.values():
            if self._folder is None:
                live.end(now)
            live.put_away()

    def tick(self, now: float) -> None:
        """Let time pass: fill stalled tracks, end abandoned shows, forget ended ones."""
        for channel, live in list(self._channels.items()):
            try:
                self._tick_channel(channel, live, now)
            except Exception:  # noqa: BLE001 - one show's fault must not stop the others' clock
                _log.exception("show failed", channel=channel)

    def take_off(self, channel: str, now: float) -> bool:
        """End a channel's show and take all of it from its viewers; return whether there was one.

        Its publisher has been shown out before. A new one begins a new show.
        """
        live = self._channels.get(channel)
        if live is None:
            return False
        was_on_air = live.ended_at is None
        live.end(now)
        self._discard(channel)
        self._publications.remove(channel)
        return was_on_air

    def _recover_show(self, show: RecoveredShow, now: float) -> None:
        settings, channel = self._settings, show.publication.channel
        try:
            self._publications.open(show.publication)
        except PublicationsFullError as error:
            _log.warning("show not recovered", channel=channel, reason=str(error))
            show.journal.remove()
            return
        segmenter = Segmenter(settings.segmenter, self._terms(channel).profile)
        unix_ms = show.publication.clock.unix_ms()
        live = LiveChannel.recover(show, segmenter, self._emit, now, unix_ms)
        self._channels[channel] = live
        if self._is_over(live, now):
            live.end(now)

    def _open_channel(self, channel: str) -> LiveChannel:
        settings = self._settings
        unix_ms = self._unix_ms()
        # Time makes it rise, chance keeps it unique when the clock is set back.
        epoch = f"{unix_ms:x}-{secrets.token_hex(3)}"
        clock = ShowClock.set_to(unix_ms, self._steady_ms)
        publication = Publication(channel, epoch, unix_ms, settings.window, clock)
        try:
            self._publications.open(publication)
        except PublicationsFullError as error:
            raise NoRoomError(str(error)) from error
        self._discard(channel)
        live = self._channels[channel] = LiveChannel(
            publication,
            Segmenter(settings.segmenter, self._terms(channel).profile),
            self._emit,
            None if self._folder is None else self._folder.begin(publication),
        )
        return live

    def _discard(self, channel: str) -> None:
        """Forget the channel's show, which has ended, if there is one."""
        live = self._channels.pop(channel, None)
        if live is not None:
            live.discard()

    def _tick_channel(self, channel: str, live: LiveChannel, now: float) -> None:
        live.tick(now, live.publication.clock.unix_ms())
        if self._is_over(live, now):
            live.end(now)
        if self._is_forgettable(live, now):
            self._discard(channel)
            self._publications.remove(channel)

    def _is_over(self, live: LiveChannel, now: float) -> bool:
        if live.abandoned_at is None:
            return False
        return live.is_over(now, self._terms(live.publication.channel).grace_s)

    def _is_forgettable(self, live: LiveChannel, now: float) -> bool:
        if live.ended_at is None:
            return False
        return now - live.ended_at >= self._settings.ended_s or not live.is_watchable

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(_TICK_S, self._on_timer, loop)

    def _on_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        self._schedule(loop)
        self.tick(loop.time())

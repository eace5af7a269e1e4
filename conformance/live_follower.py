"""LiveFollower: a whole presentation followed as low-latency players do, and judged meanwhile."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Self

from conformance.active import check_rendition_actively, check_waiting
from conformance.checks.delivery import check_multivariant_delivery
from conformance.errors import (
    PlaylistSyntaxError,
    RequestFailedError,
    TargetNotLiveError,
)
from conformance.exchange import Exchange
from conformance.finding import Finding, FindingLog, error
from conformance.follow_settings import FollowSettings
from conformance.http_client import HttpClient
from conformance.measurement import ServerClock
from conformance.playlist import (
    MultivariantPlaylist,
    Variant,
    is_multivariant,
    read_multivariant_playlist,
)
from conformance.presentation_witness import PresentationWitness
from conformance.rendition_follower import RenditionFollower
from conformance.report import RenditionState, Report

PRESENTATION = "presentation"  # the place of findings that belong to no single rendition
_LAST_READ_WITHIN_S = 3.0
RENDITIONS_KEPT = 64  # finished ones of earlier epochs in the report


class LiveFollower:
    """Follows all renditions at once, and again all of the next epoch: `open` it, then `run` it."""

    def __init__(
        self, url: str, client: HttpClient, settings: FollowSettings, first: Exchange
    ) -> None:
        self.url = url
        self._client = client
        self._settings = settings
        self._log = FindingLog()
        self._clock = ServerClock(settings.server_offset_s)
        self._followers: dict[str, RenditionFollower] = {}
        self._finished: list[RenditionFollower] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._started_s = time.monotonic()
        self._started_unix_s = time.time()
        self._body = b""
        self._presentation = self._read(first)

    @classmethod
    def open(cls, url: str, client: HttpClient, settings: FollowSettings, first: Exchange) -> Self:
        """Begin with an answer that has status 200; raise TargetNotLiveError if it is no HLS."""
        try:
            return cls(url, client, settings, first)
        except PlaylistSyntaxError as exc:
            raise TargetNotLiveError(
                f"{url}: expected an HLS playlist, got something else ({exc})"
            ) from exc

    async def run(
        self,
        *,
        duration_s: float | None = None,
        observer: Callable[[Report], None] | None = None,
        stop: asyncio.Event | None = None,
    ) -> None:
        """Follow until the end, for `duration_s`, or until `stop` is set."""
        stop = stop or asyncio.Event()
        async with asyncio.TaskGroup() as group:
            ticker = (
                group.create_task(self._observe(observer), name="observer") if observer else None
            )
            stopping = group.create_task(stop.wait(), name="stop")
            probing = (
                group.create_task(self._check_actively(), name="active checks")
                if self._settings.checks_actively
                else None
            )
            following = group.create_task(self._follow_epochs(), name="epochs")
            await asyncio.wait(
                (stopping, following), timeout=duration_s, return_when=asyncio.FIRST_COMPLETED
            )
            for task in (stopping, following, probing, ticker):
                if task is not None:
                    task.cancel()
        await self._reread(within_s=_LAST_READ_WITHIN_S)  # the newest media, held against its like
        self._conclude()
        if observer is not None:
            observer(self.report())

    def report(self) -> Report:
        """Tell what was measured and found so far."""
        followers = (*self._finished, *self._followers.values())
        return Report(
            url=self.url,
            started_unix_s=self._started_unix_s,
            elapsed_s=time.monotonic() - self._started_s,
            server_offset_s=self._clock.offset_s,
            has_ended=self._has_ended(),
            renditions=tuple(follower.measures() for follower in followers),
            findings=tuple(self._log.tallies()),
        )

    async def _follow_epochs(self) -> None:
        """Keep one task per rendition of the newest multivariant playlist until all have ended."""
        try:
            async with asyncio.TaskGroup() as group:
                self._start_missing(group)
                while not self._has_ended():
                    try:
                        async with asyncio.timeout(self._settings.multivariant_every_s):
                            await self._changed.wait()
                    except TimeoutError:
                        pass
                    self._changed.clear()
                    if not self._has_ended() and await self._reread():
                        self._start_missing(group)
        finally:
            self._tasks.clear()

    async def _check_actively(self) -> None:
        urls = self._presentation.rendition_urls()
        for url in urls:
            for finding in await check_rendition_actively(self._client, url):
                self._log.add(self._presentation.name(url), finding)
        for url in urls[: 1 if self._settings.waiters else 0]:
            for finding in await check_waiting(self._client, url, self._settings.waiters):
                self._log.add(self._presentation.name(url), finding)

    def _start_missing(self, group: asyncio.TaskGroup) -> None:
        presentation = self._presentation
        urls = presentation.rendition_urls()
        for url in list(self._followers):
            if url not in urls:
                self._tasks[url].cancel()
                follower = self._followers.pop(url)
                if follower.state is not RenditionState.ENDED:
                    follower.state = RenditionState.REPLACED
                self._finished = [*self._finished, follower][-RENDITIONS_KEPT:]
        for url in urls:
            if url in self._followers:
                continue
            follower = self._followers[url] = RenditionFollower(
                url,
                presentation=presentation,
                client=self._client,
                clock=self._clock,
                settings=self._settings,
                report=self._log.add,
                on_gone=self._changed.set,
            )
            task = self._tasks[url] = group.create_task(follower.run(), name=follower.name)
            task.add_done_callback(lambda _: self._changed.set())

    async def _reread(self, *, within_s: float = 10.0) -> bool:
        """Read the multivariant playlist again; tell whether it names other renditions."""
        before = self._presentation
        seen = before.look()
        try:
            exchange = await self._client.get(self.url, within_s=within_s)
            if exchange.status != 200:
                return False
            presentation = before if exchange.body == self._body else self._read(exchange)
        except RequestFailedError:
            return False  # the renditions' own requests say what is wrong
        except PlaylistSyntaxError as exc:
            self._log.add(PRESENTATION, error(exc.check, self.url, str(exc)))
            return False
        if presentation.rendition_urls() == before.rendition_urls():
            self._tell(before.observe_multivariant(presentation.multivariant, seen))
            return False
        self._conclude()
        self._presentation = presentation
        return True

    def _read(self, exchange: Exchange) -> PresentationWitness:
        """Read the answer; a media playlist counts as a presentation of one rendition."""
        self._body = exchange.body
        if not is_multivariant(exchange.body):
            return PresentationWitness(
                self.url,
                MultivariantPlaylist(variants=(Variant(uri=self.url, bandwidth_bps=0),)),
                is_single=True,
            )
        self._tell(check_multivariant_delivery(exchange))
        return PresentationWitness(self.url, read_multivariant_playlist(exchange.body))

    def _conclude(self) -> None:
        self._tell(self._presentation.conclude())

    def _tell(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._log.add(PRESENTATION, finding)

    def _has_ended(self) -> bool:
        return bool(self._followers) and all(
            follower.state is RenditionState.ENDED for follower in self._followers.values()
        )

    async def _observe(self, observer: Callable[[Report], None]) -> None:
        while True:
            observer(self.report())
            await asyncio.sleep(self._settings.report_every_s)

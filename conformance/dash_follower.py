"""DashFollower: a whole DASH presentation followed as low-latency players do, and judged."""

import asyncio
import time
from collections.abc import Callable
from typing import Self

from conformance.active.dash import check_far_before, check_oldest, check_utc_timing
from conformance.check import Check
from conformance.errors import MpdSyntaxError, RequestFailedError, TargetNotLiveError
from conformance.exchange import Exchange
from conformance.finding import Finding, FindingLog, error
from conformance.follow_settings import FollowSettings
from conformance.http_client import HttpClient
from conformance.manifest_watch import ManifestWatch, server_unix_us
from conformance.measurement import ServerClock
from conformance.report import RenditionState, Report
from conformance.representation_follower import RepresentationFollower

MANIFEST = "manifest"  # the place of findings that belong to no single Representation
FOLLOWERS_KEPT = 64  # of earlier Periods in the report


class DashFollower:
    """Follows all Representations of all Periods as they come: `open` it, then `run` it."""

    def __init__(
        self, url: str, client: HttpClient, settings: FollowSettings, first: Exchange
    ) -> None:
        self.url = url
        self._client = client
        self._settings = settings
        self._first = first
        self._log = FindingLog()
        self._clock = ServerClock(settings.server_offset_s)
        self._observe_clock(first)
        self._followers: dict[tuple[str, str], RepresentationFollower] = {}
        self._started_s = time.monotonic()
        self._started_unix_s = time.time()
        self._manifest = ManifestWatch(url, client, self._tell, first)

    @classmethod
    def open(cls, url: str, client: HttpClient, settings: FollowSettings, first: Exchange) -> Self:
        """Begin with an answer that has status 200; raise TargetNotLiveError if it is no MPD."""
        try:
            return cls(url, client, settings, first)
        except MpdSyntaxError as exc:
            raise TargetNotLiveError(f"{url}: expected an MPD, got something else ({exc})") from exc

    async def run(
        self,
        *,
        duration_s: float | None = None,
        observer: Callable[[Report], None] | None = None,
        stop: asyncio.Event | None = None,
    ) -> None:
        """Follow until the show's end, for `duration_s`, or until `stop` is set."""
        stop = stop or asyncio.Event()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(stop.wait(), name="stop")]
            following = group.create_task(self._follow_periods(), name="periods")
            beside = [group.create_task(self._check_beside(), name="active checks")]
            if observer is not None:
                beside.append(group.create_task(self._observe(observer), name="observer"))
            await asyncio.wait(
                (*tasks, following), timeout=duration_s, return_when=asyncio.FIRST_COMPLETED
            )
            for task in (*tasks, following, *beside):
                task.cancel()
        for follower in self._followers.values():
            follower.conclude()
        if observer is not None:
            observer(self.report())

    def report(self) -> Report:
        """Tell what was measured and found so far."""
        return Report(
            url=self.url,
            started_unix_s=self._started_unix_s,
            elapsed_s=time.monotonic() - self._started_s,
            server_offset_s=self._clock.offset_s,
            has_ended=not self._manifest.mpd.is_dynamic,
            renditions=tuple(each.measures() for each in self._followers.values()),
            findings=tuple(self._log.tallies()),
        )

    async def _follow_periods(self) -> None:
        """Keep one task per Representation of every Period that is or becomes the newest."""
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self._manifest.run(), name="manifest")
            while True:
                reads = self._manifest.reads
                self._start_missing(group)
                for follower in self._followers.values():
                    follower.settle()
                if watching.done():
                    return  # the TaskGroup waits for what is still on its way
                news = asyncio.create_task(self._manifest.wait_for_news(reads))
                try:
                    await asyncio.wait((news, watching), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    news.cancel()

    def _start_missing(self, group: asyncio.TaskGroup) -> None:
        mpd = self._manifest.mpd
        # What is past is past: of the Periods that were there first, only the newest is followed.
        periods = mpd.periods if self._followers else mpd.periods[-1:]
        for period in periods:
            for representation in period.representations:
                key = (period.id, representation.id)
                if key in self._followers:
                    continue
                is_first = not any(name == representation.id for _, name in self._followers)
                name = representation.id if is_first else f"{period.id}/{representation.id}"
                follower = self._followers[key] = RepresentationFollower(
                    *key,
                    name=name,
                    manifest=self._manifest,
                    client=self._client,
                    clock=self._clock,
                    report=self._log.add,
                )
                group.create_task(follower.run(), name=name)
        while len(self._followers) > FOLLOWERS_KEPT:
            oldest = next(iter(self._followers))
            if self._followers[oldest].state is not RenditionState.REPLACED:
                break
            del self._followers[oldest]

    async def _check_beside(self) -> None:
        try:
            async for finding in check_utc_timing(
                self._client, self.url, self._manifest.mpd, self._first
            ):
                self._tell(finding)
            if not self._settings.checks_actively:
                return
            for check in (check_far_before, check_oldest):
                now_us = server_unix_us(self._clock.offset_s)
                async for finding in check(self._client, self._manifest.mpd, now_us):
                    self._tell(finding)
        except RequestFailedError as exc:
            self._tell(error(Check.AVAILABLE, self.url, str(exc)))

    def _observe_clock(self, exchange: Exchange) -> None:
        self._clock.observe(
            exchange.headers.get("date"),
            exchange.arrived_unix_s - (exchange.arrived_s - exchange.requested_s),
            exchange.arrived_unix_s,
        )

    def _tell(self, finding: Finding) -> None:
        self._log.add(MANIFEST, finding)

    async def _observe(self, observer: Callable[[Report], None]) -> None:
        while True:
            observer(self.report())
            await asyncio.sleep(self._settings.report_every_s)

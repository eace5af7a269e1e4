"""MediaFetcher: gets the media of one rendition, hinted parts before they exist."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from conformance.check import Check
from conformance.checks.delivery import check_refusal_delivery
from conformance.checks.evolution import parts_after
from conformance.errors import RequestFailedError
from conformance.exchange import Exchange
from conformance.finding import Finding, error
from conformance.follow_settings import FollowSettings
from conformance.http_client import HttpClient
from conformance.media_witness import ListedPart, MediaWitness
from conformance.playlist import ByteRange, MediaPlaylist, Part, Segment
from conformance.presentation_witness import PresentationWitness
from conformance.rendition_meter import RenditionMeter

QUEUE_JOBS = 256  # a minute of 250 ms parts; beyond, reloading waits for the media
HINTS_AHEAD = 2
_OLD_PARTS = 6  # of the parts that the first playlist lists, how many are fetched


@dataclass(frozen=True, slots=True)
class _FetchPart:
    listed: ListedPart
    target_duration_s: int


@dataclass(frozen=True, slots=True)
class _CloseSegment:
    segment: Segment
    fetches_whole: bool
    target_duration_s: int


@dataclass(frozen=True, slots=True)
class _FetchDropped:
    uri: str


_Job = _FetchPart | _CloseSegment | _FetchDropped | None


class MediaFetcher:
    """Takes playlists, and fetches in their order what they list. Its own task runs `run`.

    The queue is bounded; `take` waits where it is full.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str,
        client: HttpClient,
        presentation: PresentationWitness,
        meter: RenditionMeter,
        settings: FollowSettings,
        report: Callable[[str, Finding], None],
    ) -> None:
        self.witness = MediaWitness()
        self._url = url
        self._name = name
        self._client = client
        self._presentation = presentation
        self._meter = meter
        self._settings = settings
        self._report = report
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(QUEUE_JOBS)
        self._hints: dict[str, asyncio.Task[Exchange | RequestFailedError]] = {}
        self._dropped_s = time.monotonic()
        presentation.add_media(url, self.witness)

    async def run(self) -> None:
        """Work through what the playlists listed, until `finish`."""
        try:
            while (job := await self._jobs.get()) is not None:
                match job:
                    case _FetchPart():
                        await self._fetch_part(job)
                    case _CloseSegment():
                        await self._close_segment(job)
                    case _FetchDropped():
                        await self._fetch_dropped(job)
        finally:
            for hint in self._hints.values():
                hint.cancel()

    async def finish(self) -> None:
        """Let `run` return after what is queued."""
        await self._jobs.put(None)

    async def take(
        self, before: MediaPlaylist | None, playlist: MediaPlaylist, group: asyncio.TaskGroup
    ) -> None:
        """Queue what a playlist lists beyond the one before, and ask for its hint at once.

        The request for the hint becomes a task of `group`; `run` cancels it if it ends first.
        """
        if before is None:
            await self._take_first(playlist)
        else:
            new_parts = parts_after(before, playlist)
            closed = [each for each in playlist.segments if each.msn >= before.next_msn]
            for segment in closed:
                await self._queue_parts(playlist, [p for p in new_parts if p[0] == segment.msn])
                whole = segment.msn % self._settings.segment_every == 0 or not segment.parts
                await self._jobs.put(_CloseSegment(segment, whole, playlist.target_duration_s))
            await self._queue_parts(
                playlist, [p for p in new_parts if p[0] == playlist.open_segment.msn]
            )
            await self._queue_dropped(before, playlist)
        hint = playlist.hint("PART")
        if hint is not None and hint.byte_range_start is None and not playlist.is_ended:
            self._ask_hint(hint.uri, playlist.target_duration_s, group)

    async def _take_first(self, playlist: MediaPlaylist) -> None:
        """Begin with the newest complete segment, and the newest few parts."""
        if playlist.segments:
            newest = playlist.segments[-1]
            await self._jobs.put(
                _CloseSegment(
                    newest, fetches_whole=True, target_duration_s=playlist.target_duration_s
                )
            )
        opened = playlist.open_segment
        parts = [(opened.msn, index, part) for index, part in enumerate(opened.parts)]
        await self._queue_parts(playlist, parts[-_OLD_PARTS:])

    async def _queue_parts(
        self, playlist: MediaPlaylist, parts: list[tuple[int, int, Part]]
    ) -> None:
        by_msn = {segment.msn: segment for segment in playlist.all_segments()}
        for msn, index, part in parts:
            parent = by_msn[msn]
            listed = ListedPart(
                msn,
                index,
                part,
                parent.map.uri if parent.map else None,
                parent.is_discontinuous,
                playlist.has_independent_segments,
            )
            await self._jobs.put(_FetchPart(listed, playlist.target_duration_s))

    async def _queue_dropped(self, before: MediaPlaylist, playlist: MediaPlaylist) -> None:
        """Now and then fetch what has just left the playlist: it must still be there."""
        now_s = time.monotonic()
        if now_s - self._dropped_s < self._settings.dropped_every_s:
            return
        parts = playlist.parts_by_msn()
        gone = [
            segment.parts[0].uri
            for segment in before.segments
            if segment.parts and segment.msn not in parts and not segment.parts[0].is_gap
        ]
        gone += [
            segment.uri
            for segment in before.segments
            if segment.msn < playlist.media_sequence and not segment.is_gap
        ]
        if gone:
            self._dropped_s = now_s
        for uri in gone[:2]:
            await self._jobs.put(_FetchDropped(uri))

    def _ask_hint(self, uri: str, target_duration_s: int, group: asyncio.TaskGroup) -> None:
        if uri in self._hints:
            return
        while len(self._hints) >= HINTS_AHEAD:
            oldest = next(iter(self._hints))
            self._hints.pop(oldest).cancel()
        self._hints[uri] = group.create_task(
            self._get(uri, None, within_s=3.0 * target_duration_s + 10.0),
            name=f"hint of {self._name}",
        )

    async def _fetch_part(self, job: _FetchPart) -> None:
        listed = job.listed
        part = listed.part
        hinted = self._hints.pop(part.uri, None)
        if part.is_gap:
            if hinted is not None:
                hinted.cancel()
            self.witness.skip(listed)
            return
        await self._fetch_map(listed.map_uri, job.target_duration_s)
        answer = await hinted if hinted is not None else None
        if answer is None or _gave_up(answer):
            answer = await self._get(part.uri, part.byte_range)
        exchange = self._checked(answer, f"part {listed.msn}.{listed.index}", job.target_duration_s)
        if exchange is None:
            self.witness.skip(listed)
            return
        self._meter.take_body(len(exchange.body), part.duration_us / 1_000_000)
        self._tell(self.witness.observe_part(listed, exchange, job.target_duration_s))

    async def _close_segment(self, job: _CloseSegment) -> None:
        segment = job.segment
        if job.fetches_whole and not segment.is_gap:
            await self._fetch_map(segment.map.uri if segment.map else None, job.target_duration_s)
            answer = await self._get(segment.uri, segment.byte_range)
            exchange = self._checked(answer, f"segment {segment.msn}", job.target_duration_s)
            if exchange is not None:
                if not segment.parts:
                    self._meter.take_body(len(exchange.body), segment.duration_us / 1_000_000)
                self._tell(self.witness.observe_segment(segment, exchange, job.target_duration_s))
        self._tell(self.witness.observe_closed(self._url, segment))
        self._tell(self._presentation.observe_segment(segment.msn))

    async def _fetch_map(self, uri: str | None, target_duration_s: int) -> None:
        if uri is None or self.witness.knows_map(uri):
            return
        exchange = self._checked(await self._get(uri, None), "init segment", target_duration_s)
        if exchange is not None:
            self._tell(self.witness.observe_init(uri, exchange, target_duration_s))

    async def _fetch_dropped(self, job: _FetchDropped) -> None:
        answer = await self._get(job.uri, None)
        if isinstance(answer, Exchange) and answer.status not in {200, 206}:
            self._tell(
                [
                    error(
                        Check.DROPPED_STAY,
                        answer.url,
                        f"just left the playlist: expected status 200, got {answer.status}",
                    )
                ]
            )

    async def _get(
        self, uri: str, byte_range: ByteRange | None, *, within_s: float = 10.0
    ) -> Exchange | RequestFailedError:
        """GET a URI of the playlist; failures come back as values, for whoever awaits a hint."""
        headers = {}
        if byte_range is not None:
            start = byte_range.offset or 0
            headers["Range"] = f"bytes={start}-{start + byte_range.length - 1}"
        self._meter.requests += 1
        try:
            return await self._client.get(
                urljoin(self._url, uri), within_s=within_s, headers=headers
            )
        except RequestFailedError as exc:
            return exc

    def _checked(
        self, answer: Exchange | RequestFailedError, what: str, target_duration_s: int
    ) -> Exchange | None:
        if isinstance(answer, RequestFailedError):
            self._meter.failures += 1
            self._tell([error(Check.AVAILABLE, self._url, f"{what}: {answer}")])
            return None
        if answer.status in {200, 206}:
            return answer
        self._meter.failures += 1
        self._tell(
            [
                error(
                    Check.AVAILABLE, answer.url, f"{what}: expected status 200, got {answer.status}"
                ),
                *check_refusal_delivery(answer, target_duration_s),
            ]
        )
        return None

    def _tell(self, findings: list[Finding]) -> None:
        for finding in findings:
            self._report(self._name, finding)


def _gave_up(hinted: Exchange | RequestFailedError) -> bool:
    """Tell whether a hinted part did not come in time, as when a publisher is away for long.

    A server may end such a request with 503; once the part is listed, it must be there.
    """
    return isinstance(hinted, RequestFailedError) or hinted.status == 503

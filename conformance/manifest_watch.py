"""ManifestWatch: the newest MPD of a presentation, held against its rules as it is read again."""

import asyncio
import time
from collections.abc import Callable

from conformance.check import Check
from conformance.checks.manifest import (
    check_manifest_delivery,
    check_offsets,
    check_service,
    check_structure,
    check_succession,
)
from conformance.errors import MpdSyntaxError, RequestFailedError
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning
from conformance.http_client import HttpClient
from conformance.mpd import Mpd, Period, Representation, read_document, read_mpd, schema_faults

UPDATE_LEAST_S = 0.5  # a player that asks more often than this asks for nothing new
_RETRY_S = 1.0


class ManifestWatch:
    """Reads an MPD for ever; the followers of its Representations wait for its news.

    `requested_s` is the monotonic time at which the newest one was asked for: what came before
    that, its server knew. One task runs `run`.
    """

    def __init__(
        self, url: str, client: HttpClient, report: Callable[[Finding], None], first: Exchange
    ) -> None:
        self.url = url
        self.failures = 0
        self._client = client
        self._report = report
        self._changed = asyncio.Condition()
        self.reads = 0
        self.mpd = self._read(url, first)
        self.requested_s = first.requested_s

    async def run(self) -> None:
        """Read it again as often as it says, until it says that the show is over."""
        while self.mpd.is_dynamic and self.mpd.minimum_update_us is not None:
            await asyncio.sleep(max(UPDATE_LEAST_S, self.mpd.minimum_update_us / 1_000_000))
            await self._reread()

    async def wait_for_news(self, reads: int) -> None:
        """Return once it was read more often than `reads` times."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.reads > reads)

    def find(self, period_id: str, name: str) -> tuple[Period, Representation] | None:
        """Find a Representation by its ids in the newest MPD, or None."""
        for period, representation in self.mpd.all_representations():
            if (period.id, representation.id) == (period_id, name):
                return period, representation
        return None

    async def _reread(self) -> None:
        url = self.mpd.location
        try:
            exchange = await self._client.get(url)
        except RequestFailedError as exc:
            self._fail(error(Check.AVAILABLE, url, str(exc)))
            await asyncio.sleep(_RETRY_S)
            return
        if exchange.status != 200:
            text = f"expected status 200, got {exchange.status}"
            self._fail(warning(Check.AVAILABLE, url, text))
            await asyncio.sleep(_RETRY_S)
            return
        before = self.mpd
        try:
            self.mpd = self._read(url, exchange)
        except MpdSyntaxError as exc:
            self._fail(error(Check.MPD_VALID, url, str(exc)))
            return
        self.requested_s = exchange.requested_s
        for finding in check_succession(url, before, self.mpd):
            self._report(finding)
        async with self._changed:
            self._changed.notify_all()

    def _read(self, url: str, exchange: Exchange) -> Mpd:
        """Read an answer and report what is wrong with it; raise MpdSyntaxError if it is no MPD."""
        root = read_document(exchange.body)
        findings = list(check_structure(url, root))
        if any(schema_faults(root)):
            for finding in findings:
                self._report(finding)
            raise MpdSyntaxError(f"{findings[0].text} (and {len(findings) - 1} more faults)")
        mpd = read_mpd(url, root)
        findings += check_manifest_delivery(
            exchange, mpd.minimum_update_us if mpd.is_dynamic else None
        )
        findings += check_offsets(url, mpd)
        findings += check_service(url, mpd)
        for finding in findings:
            self._report(finding)
        self.reads += 1
        return mpd

    def _fail(self, finding: Finding) -> None:
        self.failures += 1
        self._report(finding)


def server_unix_us(offset_s: float) -> int:
    """Tell the time by a server whose clock is `offset_s` ahead of ours."""
    return int((time.time() + offset_s) * 1_000_000)

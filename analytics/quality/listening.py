"""QualityListener: takes what players tell while media is served, and tallies it."""

from collections import Counter
from collections.abc import Callable, Collection
from functools import lru_cache
from math import ceil
from typing import Final, Protocol

import structlog

from accounts.api.client_address import client_address, network_of
from accounts.api.throttle import Throttle, TokenBuckets
from analytics.ports import Clock
from analytics.quality.beacon import BeaconError, read_beacon
from analytics.quality.cmcd import STARVED, read_cmcd
from analytics.quality.figures import Figures
from analytics.quality.labels import UNKNOWN, Client, Labels, language_of, read_client
from analytics.quality.playbacks import Playbacks, Refusal, Witness, add_told
from analytics.quality.settings import QualitySettings
from analytics.quality.tally import QualityTally

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.quality")

_READS_PER_S: Final = 500  # of CMCD, at some 20 us each: a hundredth of a core
_MOST_READS_PER_S: Final = 2_000  # however many say that their buffers ran dry
_CLIENTS: Final = 4_096  # whose header fields are remembered; some 4 MB, 8 MB at most
_REMEMBERED_BYTES: Final = 2_048  # of these fields; longer ones are read anew each time
_SOUND: Final = "a"

# Whose player has failed before it watched is one of few; who makes that up, of many.
_UNSEEN: Final = Throttle("unseen beacons", 60, 60)
_LANGUAGES: Final = 1_024  # as browsers write them, remembered

_LATER, _TAKEN, _MALFORMED, _NOBODY, _TOO_MANY = 202, 204, 400, 404, 429


class SaidWithRequest(Protocol):
    """CMCD as it came, and the header fields that came with it."""

    @property
    def text(self) -> bytes:
        """The value, percent-encoded or not."""
        ...

    @property
    def block(self) -> bytes:
        """From the CRLF before the first field to the empty line."""
        ...


class QualityListener:
    """Called for every request with CMCD, and every beacon. Waits for nothing and raises nothing.

    Of CMCD all is read up to some 500 a second; beyond that a share, each for all it stands for.
    What says that a buffer ran dry is read in any case, within bounds.

    One request of `stride` is read, for all that were `unread` since the one before, also those
    that whoever serves has not passed on; what has `always_read` in it, he passes on.

    `channel_id` knows channels that are on air here. `counts` are of this process: of beacons and
    of requests with CMCD, by what became of them. `witness` is None where no player has a session:
    then no beacons are taken, and pages stop sending any.
    """

    def __init__(
        self,
        tally: QualityTally,
        settings: QualitySettings,
        clock: Clock,
        now_s: Callable[[], float],
        *,
        channel_id: Callable[[str], str | None],
        trusted_proxies: Collection[str],
        witness: Witness | None,
    ) -> None:
        self._tally = tally
        self._clock = clock
        self._now_s = now_s
        self._channel_id = channel_id
        self._trusted = trusted_proxies
        self.playbacks = None if witness is None else Playbacks(settings.sessions, witness)
        self._buckets = TokenBuckets()
        self._throttle = Throttle(
            "beacons", settings.beacons_per_minute, settings.beacons_per_minute
        )
        country_header = settings.country_header

        def client_of(block: bytes) -> Client:
            return read_client(block, country_header)

        self._client_known = lru_cache(_CLIENTS)(client_of)
        self._client_anew = client_of
        self._language_of = lru_cache(_LANGUAGES)(language_of)
        self.beacon_counts: Counter[str] = Counter()
        self.request_counts: Counter[str] = Counter()
        self.stride = 1
        self.unread = 0
        self.always_read = STARVED
        self._window_began_s = 0.0
        self._window_requests = 0
        self._window_reads = 0

    def note_cmcd(self, channel: str, cmcd: SaidWithRequest, peer: str) -> None:
        """Take what came with a request for media of a channel by who may watch it."""
        self.unread += 1
        if self.unread < self.stride and STARVED not in cmcd.text:
            return
        try:
            self._read_cmcd(channel, cmcd, peer)
        except Exception:  # noqa: BLE001 - media is more important
            _log.exception("cmcd not read")

    def take_beacon(self, body: bytes, block: bytes, peer: str) -> int:
        """Take a beacon of anybody's; return the status to answer with."""
        try:
            status, outcome = self._take_beacon(body, block, peer)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("beacon not read")
            status, outcome = _TAKEN, "failed"
        self.beacon_counts[outcome] += 1
        return status

    def _client_of(self, block: bytes) -> Client:
        if len(block) > _REMEMBERED_BYTES:
            return self._client_anew(block)
        return self._client_known(block)

    def _read_cmcd(self, channel: str, cmcd: SaidWithRequest, peer: str) -> None:
        weight = 1
        if self.unread >= self.stride:
            weight, self.unread = self.unread, 0
        else:
            self.unread -= 1
        self._window_requests += weight
        if not self._may_read():
            return
        client = self._client_of(cmcd.block)
        channel_id = self._channel_id(channel)
        if client.opts_out or client.player is None or channel_id is None:
            self.request_counts["left out"] += weight
            return
        said = read_cmcd(cmcd.text)
        if said.bad_values:
            self.request_counts["malformed"] += weight
        self.request_counts["counted"] += weight
        figures = self._figures(channel_id, client, client.player, client.language, peer)
        figures.requests += weight
        figures.starved_requests += said.has_starved
        if said.buffer_ms is not None and said.object_type != _SOUND:
            figures.buffer_ms.add(said.buffer_ms)
        if said.throughput_kbps is not None:
            figures.throughput_kbps.add(said.throughput_kbps)

    def _may_read(self) -> bool:
        """Set anew how many are read, about once a second; whether this one may be."""
        now_s = self._now_s()
        passed_s = now_s - self._window_began_s
        if passed_s >= 1:
            self.stride = self._stride_for(passed_s)
            self._window_began_s = now_s
            self._window_requests = self._window_reads = 0
        elif self._window_reads == _READS_PER_S and passed_s > 0:  # a crowd that has just come
            self.stride = max(self.stride, self._stride_for(passed_s))
        self._window_reads += 1
        return self._window_reads <= _MOST_READS_PER_S

    def _stride_for(self, passed_s: float) -> int:
        return max(1, ceil(self._window_requests / passed_s / _READS_PER_S))

    def _take_beacon(self, body: bytes, block: bytes, peer: str) -> tuple[int, str]:
        if self.playbacks is None:
            return _NOBODY, "not taken"
        client = self._client_of(block)
        if client.opts_out or client.is_cross_site:
            return _TAKEN, "left out"
        address = client_address(peer, client.forwarded_for, self._trusted)
        is_known = address not in self._trusted  # else nobody knows whose it is
        network = network_of(address) if is_known else ""
        if is_known and self._takes_too_many(self._throttle, network):
            return _TOO_MANY, "too many"
        try:
            beacon = read_beacon(body)
        except BeaconError:
            return _MALFORMED, "malformed"
        channel_id = self._channel_id(beacon.channel)
        if channel_id is None:
            return _TAKEN, "unknown channel"
        told = self.playbacks.tell(beacon)
        if isinstance(told, Refusal):
            return (_LATER if told is Refusal.UNSEEN else _TAKEN), told.value
        if not told.is_seen and self._takes_too_many(_UNSEEN, network):
            return _TAKEN, Refusal.UNSEEN.value
        language = self._language_of(beacon.language)
        figures = self._figures(channel_id, client, beacon.player, language, peer)
        add_told(figures, beacon, told)
        return _TAKEN, "counted" if told.is_all else "counted in part"

    def _takes_too_many(self, throttle: Throttle, network: str) -> bool:
        return self._buckets.take(throttle, network, self._now_s()) > 0

    def _figures(
        self, channel_id: str, client: Client, player: str, language: str, peer: str
    ) -> Figures:
        country = client.country if peer in self._trusted else UNKNOWN
        labels = Labels(client.browser, player, country, language)
        return self._tally.figures(channel_id, self._clock(), labels)

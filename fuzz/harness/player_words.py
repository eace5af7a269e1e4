"""What players tell: any bytes are CMCD, a beacon or neither, and cuts change nothing.

The first byte of an entry says what the rest is; the second, for requests, where they are cut.
"""

from analytics.quality.beacon import BeaconError, read_beacon
from analytics.quality.cmcd import MAX_CMCD_BYTES, STARVED, read_cmcd
from analytics.quality.labels import BROWSERS, read_client
from analytics.quality.playbacks import MAX_ERRORS, Playbacks, Refusal
from distribution.beacon_head import MAX_BEACON_BYTES
from distribution.cmcd_text import cut_from_head, cut_from_line
from distribution.held_requests import NOT_PLAIN, Beacon, HeldRequests
from distribution.request_head import read_request_line
from fuzz.entry_reader import EntryReader

_SEEN_MS = 60_000


def check(entry: bytes) -> None:
    """Read what somebody has told."""
    reader = EntryReader(entry)
    match (reader.byte() or 0) % 4:
        case 0:
            _check_cmcd(reader.rest())
        case 1:
            _check_beacon(reader.rest())
        case 2:
            _check_cuts(reader.rest())
        case _:
            _check_requests(reader)


def _check_cmcd(text: bytes) -> None:
    said = read_cmcd(text)
    assert len(text) <= MAX_CMCD_BYTES or said.bad_values == 1
    for value in (said.buffer_ms, said.throughput_kbps, said.bitrate_kbps):
        assert value is None or 0 <= value < 10**9
    if b"%" not in text:
        assert STARVED in text or not said.has_starved, "the cheap look overlooks nothing"


def _check_beacon(body: bytes) -> None:
    try:
        beacon = read_beacon(body)
    except BeaconError:
        return
    company = _Company()
    playbacks = Playbacks(2, company)
    told = playbacks.tell(beacon)
    if isinstance(told, Refusal):
        assert told is Refusal.IMPOSSIBLE
        return
    assert playbacks.tell(beacon) is Refusal.REPEATED, "nothing counts twice"
    assert min(told[:7]) >= 0
    assert told.watched_ms + told.stalled_ms <= _SEEN_MS
    assert sum(count for _, count in told.errors) <= MAX_ERRORS
    assert company.left_ms >= 0


class _Company:
    """A witness who was there with everybody, for so long."""

    def __init__(self) -> None:
        self.left_ms = _SEEN_MS

    def is_ours(self, session: str, channel: str) -> bool:
        return bool(session and channel)

    def vouch(self, session: str, channel: str, ms: int) -> int:
        assert self.is_ours(session, channel)
        granted = min(ms, self.left_ms)
        self.left_ms -= granted
        return granted


def _check_cuts(line: bytes) -> None:
    left, said = cut_from_line(line)
    if b"\n" not in line:
        assert (read_request_line(left) is None) == (read_request_line(line) is None)
    assert said is None or (said in line and len(left) < len(line))
    rest, value = cut_from_head(line)
    assert value is None or len(rest) < len(line)
    client = read_client(line, "CF-IPCountry")
    assert client.browser in BROWSERS
    assert len(client.language) <= len("unknown") >= len(client.country)


def _check_requests(reader: EntryReader) -> None:
    step = reader.byte() or 1
    received = reader.rest()
    assert list(_beacons(received, step)) == list(_beacons(received, len(received) or 1))


def _beacons(received: bytes, step: int) -> list[Beacon]:
    """Return the beacons before the first request that is not plain."""
    held = HeldRequests(takes_beacons=True)
    found: list[Beacon] = []
    for start in range(0, len(received), step):
        held.keep(received[start : start + step])
        while (request := held.take()) is not None:
            if request is NOT_PLAIN:
                return found
            if isinstance(request, Beacon):
                assert len(request.body) <= MAX_BEACON_BYTES
                assert request.head + request.body in received
                found.append(request)
    return found

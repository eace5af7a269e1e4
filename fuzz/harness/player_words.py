"""What players tell: any bytes are CMCD, a beacon or neither, and cuts change nothing.

The first byte of an entry says what the rest is; the second, for requests, where they are cut.
"""

from analytics.quality.beacon import BeaconError, Sums, read_beacon
from analytics.quality.cmcd import MAX_CMCD_BYTES, STARVED, read_cmcd
from analytics.quality.labels import BROWSERS, read_client
from analytics.quality.playbacks import MAX_PLAYED_MS, Playbacks, difference
from distribution.beacon_head import MAX_BEACON_BYTES
from distribution.cmcd_text import cut_from_head, cut_from_line
from distribution.held_requests import NOT_PLAIN, Beacon, HeldRequests
from distribution.request_head import read_request_line
from fuzz.entry_reader import EntryReader


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
    playbacks = Playbacks(2)
    told = playbacks.tell(beacon)
    assert playbacks.tell(beacon) is None, "nothing counts twice"
    if told is not None:
        assert min(told.more[:7]) >= 0
        assert told.more.watched_ms + told.more.stalled_ms <= MAX_PLAYED_MS
    assert difference(beacon.total, beacon.total) in {None, Sums()}


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

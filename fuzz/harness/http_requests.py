"""What viewers ask for: delivery directives, paths below /live/ and byte ranges. None ever raises.

The first byte of an entry chooses which; the rest is text as it comes on the wire.
"""

from distribution.byte_range import ByteRange, Unsatisfiable, parse_range, slice_chunks
from distribution.live.address import MediaAddress, PlaylistAddress, parse_live_path
from fuzz.entry_reader import EntryReader
from fuzz.harness.plain_track import plain_track
from packager.cadence import Cadence
from packager.hls import (
    DeliveryDirectives,
    Reject,
    Respond,
    Timeline,
    WaitFor,
    WindowPolicy,
    decide,
)
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened

_CADENCE = Cadence(part_target_ms=500, target_duration_s=2)
_TIMESCALE = 90_000
_PART_TICKS = 45_000
_FIRST_MSN = 7
_MAX_PARTS = 120


def check(entry: bytes) -> None:
    """Ask for something."""
    reader = EntryReader(entry)
    match reader.byte() % 3:
        case 0:
            timeline = _timeline(reader.byte() % _MAX_PARTS, is_ended=bool(reader.byte() & 1))
            _check_directives(timeline, reader.rest().decode("latin-1"))
        case 1:
            _check_path(reader.rest().decode("latin-1"))
        case _:
            sizes = [reader.byte() for _ in range(reader.byte() % 5)]
            _check_range(sizes, reader.rest().decode("latin-1"))


def _check_directives(timeline: Timeline, query: str) -> None:
    verdict = decide(timeline, DeliveryDirectives.parse(query))
    match verdict:
        case Reject(status=status):
            assert status == 400
            assert not timeline.is_ended, "an ended playlist ignores all directives"
        case WaitFor(position=position):
            assert not timeline.has_reached(position), "nobody waits for what is there"
            last_msn = timeline.last_msn
            # One more than may be asked for: a part past the last one is the next segment's first.
            assert last_msn is None or position.msn <= last_msn + 3
        case Respond(skip=skip):
            assert not (skip and timeline.is_ended)


def _check_path(path: str) -> None:
    address = parse_live_path(path)
    if address is None:
        return
    pieces = ["/live", address.channel]
    if isinstance(address, PlaylistAddress | MediaAddress):
        pieces += [address.epoch, address.rendition]
    assert path.startswith("/".join(pieces)), "an address says what the path said"
    assert ".." not in address.channel
    if isinstance(address, MediaAddress):
        assert path.rpartition("-")[2].partition(".")[0] == str(address.number)


def _check_range(sizes: list[int], header: str) -> None:
    chunks = [bytes((index,)) * size for index, size in enumerate(sizes)]
    body = b"".join(chunks)
    wanted = parse_range(header, len(body))
    if wanted is None or isinstance(wanted, Unsatisfiable):
        return
    assert isinstance(wanted, ByteRange)
    assert 0 <= wanted.first < wanted.end <= len(body)
    assert b"".join(slice_chunks(chunks, wanted)) == body[wanted.first : wanted.end]


def _timeline(part_count: int, *, is_ended: bool) -> Timeline:
    """Give a timeline of so many parts, four to a segment."""
    timeline = Timeline(rendition="video", cadence=_CADENCE, policy=WindowPolicy(7, 4))
    timeline = timeline.append(InitChanged("video", 1, plain_track()))
    for number in range(part_count):
        msn, index = _FIRST_MSN + number // 4, number % 4
        if index == 0:
            timeline = timeline.append(
                SegmentOpened("video", msn, number * 500, is_discontinuous=False, init_number=1)
            )
        timeline = timeline.append(
            PartCut(
                rendition="video",
                msn=msn,
                index=index,
                number=number + 1,
                decode_time_ticks=number * _PART_TICKS,
                duration_ticks=_PART_TICKS,
                is_independent=index == 0,
                is_gap=False,
                samples=(),
            )
        )
        if index == 3:
            timeline = timeline.append(SegmentClosed("video", msn))
    return timeline.end() if is_ended else timeline

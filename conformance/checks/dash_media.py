"""Segments of DASH against their MPD: progress, times, reference clock, codecs (61, 68, 77, 78)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from conformance.check import Check
from conformance.exchange import Progress
from conformance.finding import Finding, error, warning
from conformance.mp4 import Fragment, InitTrack
from conformance.mpd import MpdSegment, Representation

REFERENCE_TOLERANCE_US = 100_000
_NTP_TO_UNIX_S = 2_208_988_800  # 1900 to 1970
_GROWING_FRAGMENTS = 3  # with fewer, a segment cannot be seen to grow


@dataclass(frozen=True, slots=True)
class TrueTimes:
    """When a segment's media begins and how long it lasts, in ticks of its MPD's timescale.

    `decode_start` is the first tfdt, `shown_start` the earliest presentation time: S@t is one or
    the other, as the packager counts.
    """

    decode_start: int
    shown_start: int
    duration: int


def true_times(
    fragments: tuple[Fragment, ...], track: InitTrack, timescale: int
) -> TrueTimes | None:
    """Measure a segment; None if its first fragment has no time."""
    start = fragments[0].tracks[0].decode_time
    if start is None:
        return None
    shown, at, duration = [], start, 0
    for fragment in fragments:
        for sample in fragment.tracks[0].samples:
            shown.append(at + sample.composition_offset)
            at += sample.duration
        duration += fragment.tracks[0].duration
    scaled = [
        (ticks * timescale * 2 + track.timescale) // (2 * track.timescale)
        for ticks in (start, min(shown, default=start), duration)
    ]
    return TrueTimes(*scaled)


def check_listed_times(
    url: str, listed: MpdSegment, true: TrueTimes, *, is_nominal: bool = False
) -> Iterator[Finding]:
    """Hold S@t and S@d of a complete segment against its media (77).

    Nominal times, which no timeline says, may be off by half a segment (DASH-IF live 4.3.2).
    """
    tolerance = listed.duration // 2 if is_nominal else 1
    starts = (true.decode_start, true.shown_start)
    if min(abs(listed.time - start) for start in starts) > tolerance:
        yield error(
            Check.SEGMENT_TIMES,
            url,
            f"segment {listed.number}: expected t {true.decode_start}, got {listed.time}",
        )
    if abs(listed.duration - true.duration) > tolerance:
        yield error(
            Check.SEGMENT_TIMES,
            url,
            f"segment {listed.number}: expected d {true.duration}, got {listed.duration}",
        )


def check_reference_times(
    url: str,
    fragments: tuple[Fragment, ...],
    track: InitTrack,
    period_start_unix_us: int,
    offset_us: int,
) -> Iterator[Finding]:
    """Hold each prft against the wall clock that the MPD gives its media time (78).

    `period_start_unix_us` is when the Period begins, `offset_us` its presentationTimeOffset.
    """
    for fragment in fragments:
        reference = fragment.producer_reference_time
        if reference is None:
            continue
        if reference.track_id != track.track_id:
            yield error(
                Check.REFERENCE_TIME,
                url,
                f"prft: expected track {track.track_id}, got {reference.track_id}",
            )
        media_us = reference.media_time * 1_000_000 // track.timescale
        mapped_us = period_start_unix_us + media_us - offset_us
        wall_us = ntp_to_unix_us(reference.ntp_time)
        if abs(wall_us - mapped_us) > REFERENCE_TOLERANCE_US:
            yield error(
                Check.REFERENCE_TIME,
                url,
                f"prft of media time {reference.media_time}: expected the MPD's wall clock within "
                f"100 ms, got {(wall_us - mapped_us) / 1000:+.0f} ms",
            )


def ntp_to_unix_us(ntp_time: int) -> int:
    """Turn a 64-bit NTP time stamp into microseconds since 1970."""
    return ((ntp_time * 1_000_000) >> 32) - _NTP_TO_UNIX_S * 1_000_000


def check_chunks(progress: Progress, fragments: tuple[Fragment, ...]) -> Iterator[Finding]:
    """Expect whole CMAF chunks in each HTTP chunk: players append what they can parse."""
    if progress.has_length:
        return
    ends = {fragment.data_end for fragment in fragments}
    torn = [each.end_bytes for each in progress.arrivals if each.end_bytes not in ends]
    if torn:
        yield warning(
            Check.PROGRESSIVE,
            progress.exchange.url,
            f"expected each HTTP chunk to end with an mdat, got {len(torn)} of "
            f"{len(progress.arrivals)} elsewhere (the first at byte {torn[0]})",
        )


class ProgressTally:
    """Whether segments that were asked for while they grew also came while they grew (61).

    One answer says little: a busy machine may have finished the segment by then. That not one of
    several comes in pieces says that somebody waits for the end.
    """

    def __init__(self) -> None:
        self.growing = 0
        self.progressive = 0
        self._example: Progress | None = None

    def add(self, progress: Progress, fragments: tuple[Fragment, ...], missing_us: int) -> None:
        """Take an answer; `missing_us` of its media were still to come when it was asked for."""
        if len(fragments) < _GROWING_FRAGMENTS or missing_us <= 0:
            return
        arrivals = progress.arrivals
        if not progress.has_length and len(arrivals) > 1:
            # Pieces that a network tore apart come within moments of each other.
            pause_s = max(late.arrived_s - early.arrived_s for early, late in pairwise(arrivals))
            if pause_s * 1_000_000 > missing_us / len(fragments) / 4:
                self.progressive += 1
                self.growing += 1
                return
        self.growing += 1
        self._example = progress

    def conclude(self) -> Iterator[Finding]:
        """Judge what was taken."""
        if self.growing < 2 or self.progressive or self._example is None:
            return
        exchange = self._example.exchange
        how = (
            f"a Content-Length of {exchange.headers['content-length']}"
            if self._example.has_length
            else "all pieces at once"
        )
        yield error(
            Check.PROGRESSIVE,
            exchange.url,
            f"asked for {self.growing} growing segments: expected chunks as they are made, got "
            f"{how} after {exchange.held_s:.3f} s",
        )


def check_representation(
    url: str, representation: Representation, track: InitTrack
) -> Iterator[Finding]:
    """Hold what a Representation says of its media against the init segment (68)."""
    strings = track.entry.codecs
    if not any(strings.accept(each) for each in representation.codecs):
        yield error(
            Check.CODECS,
            url,
            f"{representation.path}: expected codecs {strings.preferred}, got "
            f"{','.join(representation.codecs) or 'none'}",
        )
    if representation.content_type != track.kind:
        yield error(
            Check.CODECS,
            url,
            f"{representation.path}: expected {track.kind}, got {representation.content_type}",
        )
    said = (representation.width_px, representation.height_px)
    if track.kind == "video" and None not in said:
        sizes = {
            (track.entry.width_px, track.entry.height_px),
            (track.display_width_px, track.display_height_px),
        }
        if said not in sizes:
            yield error(
                Check.CODECS,
                url,
                f"{representation.path}: expected width and height {track.display_width_px} and "
                f"{track.display_height_px}, got {said[0]} and {said[1]}",
            )

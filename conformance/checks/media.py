"""Init segments, parts and segments against the MP4 rules and the playlist (18, 19, 62 to 67)."""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.check import Check
from conformance.checks.durations import seconds
from conformance.finding import Finding, error, warning
from conformance.mp4 import Fragment, InitSegment, InitTrack, TrackFragment
from conformance.playlist import Part

_ISO6_OR_LATER = frozenset({"iso6", "iso7", "iso8", "iso9", "cmfc", "cmf2"})
ROUNDING_US = 1_000  # durations may be written in milliseconds


def check_init(url: str, init: InitSegment) -> Iterator[Finding]:
    """Hold an init segment against rfc8216bis 3.1.2 and CMAF."""
    brands = {init.major_brand, *init.brands}
    if not brands & _ISO6_OR_LATER:
        yield error(
            Check.INIT_SHAPE,
            url,
            f"ftyp: expected iso6 or later, got {' '.join(sorted(brands))}",
        )
    if not init.has_movie_extends:
        yield error(Check.INIT_SHAPE, url, "moov: expected mvex, got none")
    if "mdat" in init.box_types or "moof" in init.box_types:
        yield error(Check.INIT_SHAPE, url, f"expected no samples, got {' '.join(init.box_types)}")
    if init.movie_duration:
        yield error(Check.INIT_SHAPE, url, f"mvhd: expected duration 0, got {init.movie_duration}")
    if len(init.tracks) != 1:
        yield warning(Check.INIT_SHAPE, url, f"expected one track (CMAF), got {len(init.tracks)}")
    for track in init.tracks:
        yield from _check_init_track(url, track)


def _check_init_track(url: str, track: InitTrack) -> Iterator[Finding]:
    name = f"track {track.track_id}"
    if track.defaults is None:
        yield error(Check.INIT_SHAPE, url, f"{name}: expected a trex box, got none")
    if track.table_entries:
        yield error(
            Check.INIT_SHAPE,
            url,
            f"{name}: expected empty sample tables, got {track.table_entries} entries",
        )
    if track.tkhd_duration or track.mdhd_duration:
        yield error(
            Check.INIT_SHAPE,
            url,
            f"{name}: expected durations 0, got {track.tkhd_duration} and {track.mdhd_duration}",
        )
    # Safari honours edit lists, hls.js and Shaka do not: sound and pictures drift apart.
    if track.has_edit_list:
        yield error(Check.INIT_SHAPE, url, f"{name}: expected no edit list, got one")
    if track.entry.format in {"hev1", "avc3"}:
        yield warning(
            Check.INIT_SHAPE,
            url,
            f"{name}: expected parameter sets in the sample entry (Safari), "
            f"got {track.entry.format}",
        )


@dataclass(frozen=True, slots=True)
class MediaPosition:
    """Where the media of a rendition has come to: the end of a part.

    `decode_time` in ticks is what the next tfdt must be; `sequence_number` the newest mfhd's.
    """

    decode_time: int
    sequence_number: int


def check_fragments(
    url: str,
    fragments: tuple[Fragment, ...],
    track: InitTrack,
    before: MediaPosition | None,
) -> Iterator[Finding]:
    """Hold the fragments of a part against the rules and against the part before.

    `before` is None at a discontinuity, after a gap and for the first part that is read.
    """
    expected_time = before.decode_time if before else None
    last_sequence = before.sequence_number if before else None
    for fragment in fragments:
        if len(fragment.tracks) != 1:
            yield error(
                Check.FRAGMENT_SHAPE, url, f"expected one traf (CMAF), got {len(fragment.tracks)}"
            )
        traf = fragment.tracks[0]
        yield from _check_track_fragment(url, fragment, traf, track)
        if traf.decode_time is None:
            yield error(Check.DECODE_TIME, url, "traf: expected tfdt, got none")
        elif expected_time is not None and traf.decode_time != expected_time:
            yield error(
                Check.DECODE_TIME,
                url,
                f"tfdt: expected {expected_time} of {track.timescale}, got {traf.decode_time} "
                f"({(traf.decode_time - expected_time) * 1000 / track.timescale:+.1f} ms)",
            )
        expected_time = traf.end_time
        if last_sequence is not None and fragment.sequence_number <= last_sequence:
            yield error(
                Check.SEQUENCE_NUMBER,
                url,
                f"expected more than {last_sequence}, got {fragment.sequence_number}",
            )
        last_sequence = fragment.sequence_number


def _check_track_fragment(
    url: str, fragment: Fragment, traf: TrackFragment, track: InitTrack
) -> Iterator[Finding]:
    if traf.track_id != track.track_id:
        yield error(
            Check.FRAGMENT_SHAPE, url, f"expected track {track.track_id}, got {traf.track_id}"
        )
    # "movie-fragment-relative addressing" (rfc8216bis 3.1.2); MSE asks for the same.
    if traf.has_base_data_offset or not traf.default_base_is_moof:
        yield error(
            Check.FRAGMENT_SHAPE,
            url,
            f"tfhd: expected default-base-is-moof and no base-data-offset, "
            f"got flags 0x{traf.flags:06x}",
        )
    if traf.decode_time is not None and traf.decode_time_version != 1:
        yield warning(Check.DECODE_TIME, url, "tfdt: expected version 1 (64 bits), got 0")
    if not traf.samples:
        yield error(Check.FRAGMENT_SHAPE, url, "trun: expected samples, got none")
        return
    samples_bytes = sum(sample.size for sample in traf.samples)
    data_bytes = fragment.data_end - fragment.data_start
    if samples_bytes != data_bytes or traf.samples[0].offset != fragment.data_start:
        yield error(
            Check.FRAGMENT_SHAPE,
            url,
            f"expected samples of {data_bytes} bytes from {fragment.data_start}, as mdat, got "
            f"{samples_bytes} from {traf.samples[0].offset}",
        )
    if any(sample.duration == 0 for sample in traf.samples):
        yield error(Check.FRAGMENT_SHAPE, url, "trun: expected sample durations above 0, got 0")


def check_part(
    url: str,
    part: Part,
    fragments: tuple[Fragment, ...],
    track: InitTrack,
    *,
    starts_segment: bool,
    has_independent_segments: bool = True,
) -> Iterator[Finding]:
    """Hold a part's media against its EXT-X-PART tag."""
    duration_us = media_duration_us(fragments, track)
    if abs(duration_us - part.duration_us) > ROUNDING_US:
        yield error(
            Check.PART_IS_SAMPLES,
            url,
            f"expected samples of {seconds(part.duration_us)}, got {seconds(duration_us)}",
        )
    if track.kind != "video":
        return
    samples = [sample for fragment in fragments for sample in fragment.tracks[0].samples]
    has_sync = any(sample.is_sync for sample in samples)
    starts_with_sync = bool(samples) and samples[0].is_sync
    if part.is_independent and not has_sync:
        yield error(Check.SYNC, url, "INDEPENDENT=YES: expected a sync sample, got none")
    elif part.is_independent and not starts_with_sync:
        # Legal, but hls.js begins at the part's first sample (#7782).
        yield warning(
            Check.SYNC, url, "INDEPENDENT=YES: expected a sync sample first, got one later"
        )
    elif starts_with_sync and not part.is_independent:
        yield error(
            Check.SYNC, url, "starts with a sync sample: expected INDEPENDENT=YES, got none"
        )
    if starts_segment and not starts_with_sync and has_independent_segments:
        yield error(Check.SYNC, url, "first part of a segment: expected a sync sample, got none")


def check_segment(
    url: str, extinf_us: int, fragments: tuple[Fragment, ...], track: InitTrack
) -> Iterator[Finding]:
    """Hold a whole segment's media against its EXTINF."""
    duration_us = media_duration_us(fragments, track)
    if abs(duration_us - extinf_us) > ROUNDING_US:
        yield error(
            Check.EXTINF_IS_SAMPLES,
            url,
            f"expected samples of {seconds(extinf_us)}, got {seconds(duration_us)}",
        )


def check_drift(
    url: str, extinf_sum_us: int, media_us: int, sample_us: int, segments: int
) -> Iterator[Finding]:
    """Hold the EXTINFs of several segments in a row against the distance of their tfdts.

    `sample_us` is the longest sample: players add EXTINFs up to find a place in the media.
    """
    if abs(extinf_sum_us - media_us) > sample_us:
        yield error(
            Check.EXTINF_SUM,
            url,
            f"{segments} segments: expected {seconds(media_us)} of EXTINF, "
            f"got {seconds(extinf_sum_us)}",
        )


def position_after(fragments: tuple[Fragment, ...]) -> MediaPosition | None:
    """Give the position after a part; None if its last fragment has no time."""
    last = fragments[-1]
    end_time = last.tracks[0].end_time
    return None if end_time is None else MediaPosition(end_time, last.sequence_number)


def media_duration_us(fragments: tuple[Fragment, ...], track: InitTrack) -> int:
    """Add up the durations of all samples, rounded to the nearest microsecond."""
    ticks = sum(fragment.tracks[0].duration for fragment in fragments)
    return (ticks * 2_000_000 + track.timescale) // (2 * track.timescale)

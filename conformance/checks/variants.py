"""The multivariant playlist against the measured media (checks 68 and 70)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from conformance.check import Check
from conformance.finding import Finding, error, warning
from conformance.mp4 import InitTrack
from conformance.playlist import AlternativeRendition, Variant

FRAME_RATE_TOLERANCE = Decimal(
    "0.02"
)  # FRAME-RATE has three decimals; 29.97 is also said 30000/1001


def check_codecs(url: str, variant: Variant, tracks: Sequence[InitTrack]) -> Iterator[Finding]:
    """Hold CODECS and RESOLUTION of a variant against the init segments that belong to it."""
    if variant.codecs is None:
        yield error(Check.CODECS, url, f"{variant.uri}: expected CODECS, got none")
        return
    unmatched = list(variant.codecs)
    for track in tracks:
        strings = track.entry.codecs
        match = next((each for each in unmatched if strings.accept(each)), None)
        if match is None:
            yield error(
                Check.CODECS,
                url,
                f"{variant.uri}: expected {strings.preferred} in CODECS, "
                f"got {','.join(variant.codecs)}",
            )
        else:
            unmatched.remove(match)
        if track.kind == "video" and variant.resolution is not None:
            sizes = {
                (track.entry.width_px, track.entry.height_px),
                (track.display_width_px, track.display_height_px),
            }
            if variant.resolution not in sizes:
                width, height = variant.resolution
                yield error(
                    Check.CODECS,
                    url,
                    f"{variant.uri}: expected RESOLUTION "
                    f"{track.display_width_px}x{track.display_height_px}, got {width}x{height}",
                )
        if track.kind == "video" and variant.resolution is None:
            yield warning(Check.CODECS, url, f"{variant.uri}: expected RESOLUTION, got none")
    for declared in unmatched:
        yield error(
            Check.CODECS, url, f"{variant.uri}: expected media for {declared} in CODECS, got none"
        )


def check_alternative(
    url: str, rendition: AlternativeRendition, track: InitTrack
) -> Iterator[Finding]:
    """Hold CHANNELS of an audio rendition against its sample entry."""
    declared = (rendition.channels or "").partition("/")[0]
    if rendition.type == "AUDIO" and declared and declared != str(track.entry.channel_count):
        yield error(
            Check.CODECS,
            url,
            f"{rendition.name}: expected CHANNELS {track.entry.channel_count}, got {declared}",
        )


def check_frame_rate(url: str, variant: Variant, measured: Fraction) -> Iterator[Finding]:
    """Hold FRAME-RATE against the pictures a second that the samples' durations give."""
    if variant.frame_rate is None:
        yield warning(Check.CODECS, url, f"{variant.uri}: expected FRAME-RATE, got none")
        return
    got = Decimal(measured.numerator) / Decimal(measured.denominator)
    if abs(got - variant.frame_rate) > FRAME_RATE_TOLERANCE * variant.frame_rate:
        yield warning(
            Check.CODECS,
            url,
            f"{variant.uri}: expected FRAME-RATE {got:.3f}, got {variant.frame_rate}",
        )


@dataclass(frozen=True, slots=True)
class SegmentWeight:
    """The bytes and the duration of one segment."""

    size_bytes: int
    duration_us: int


def check_bandwidth(
    url: str,
    variant: Variant,
    renditions: Sequence[Mapping[int, SegmentWeight]],
    *,
    target_duration_s: int,
    after_msn: int = -1,
) -> Iterator[Finding]:
    """Hold BANDWIDTH against the segments of one variant's renditions beyond `after_msn`.

    Each mapping gives the segments of a rendition that plays together with the others, by MSN.
    """
    peak_bps = _peak_bps(renditions, target_duration_s * 1_000_000, after_msn)
    # "the peak segment bit rate ... within 25 %": HLS authoring 1.27 for live.
    find = error if peak_bps * 4 > variant.bandwidth_bps * 5 else warning
    if peak_bps > variant.bandwidth_bps:
        yield find(
            Check.BANDWIDTH,
            url,
            f"{variant.uri}: expected BANDWIDTH of {peak_bps} or more, got {variant.bandwidth_bps}",
        )


def check_average_bandwidth(
    url: str, variant: Variant, renditions: Sequence[Mapping[int, SegmentWeight]]
) -> Iterator[Finding]:
    """Hold AVERAGE-BANDWIDTH against all segments of one variant's renditions, by MSN each."""
    common = common_msns(renditions)
    declared_bps = variant.average_bandwidth_bps
    if not common or declared_bps is None:
        return
    total_bytes = sum(each[msn].size_bytes for each in renditions for msn in common)
    total_us = sum(renditions[0][msn].duration_us for msn in common)
    average_bps = total_bytes * 8_000_000 // total_us if total_us else 0
    if average_bps * 10 > declared_bps * 11:
        yield warning(
            Check.BANDWIDTH,
            url,
            f"{variant.uri}: expected AVERAGE-BANDWIDTH of about {average_bps}, got {declared_bps}",
        )


def common_msns(renditions: Sequence[Mapping[int, SegmentWeight]]) -> list[int]:
    """List the MSNs of which every rendition has a segment, in their order."""
    return sorted(set.intersection(*(set(each) for each in renditions))) if renditions else []


def _peak_bps(
    renditions: Sequence[Mapping[int, SegmentWeight]], target_us: int, after_msn: int
) -> int:
    """Measure the peak over the sets of segments that end beyond `after_msn`.

    It is "the largest bit rate of any contiguous set of segments whose total duration is between
    0.5 and 1.5 times the target duration" (rfc8216bis 4.1): what is shorter counts with its
    neighbours only. Each rendition's bytes count over its own duration: the segments of sound end
    up to a frame beside those of the picture.
    """
    peak_bps = 0
    common = common_msns(renditions)
    listed = set(common)
    for last in (msn for msn in common if msn > after_msn):
        sizes_bytes, durations_us = [0] * len(renditions), [0] * len(renditions)
        msn = last
        while msn in listed:
            for place, each in enumerate(renditions):
                sizes_bytes[place] += each[msn].size_bytes
                durations_us[place] += each[msn].duration_us
            if 2 * durations_us[0] > 3 * target_us:
                break
            if 2 * durations_us[0] >= target_us:
                rates = zip(sizes_bytes, durations_us, strict=True)
                rate_bps = sum(size * 8_000_000 // us for size, us in rates if us)
                peak_bps = max(peak_bps, rate_bps)
            msn -= 1
    return peak_bps

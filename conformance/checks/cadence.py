"""When parts and segments came (checks 36 and 37). Times are monotonic seconds of the client."""

from collections.abc import Iterator

from conformance.check import Check
from conformance.finding import Finding, error, warning
from conformance.playlist import MediaPlaylist

# An encoder's own pace and a busy network move a part by this much without anybody's fault.
PART_TOLERANCE_S = 0.3


def check_part_cadence(
    url: str, playlist: MediaPlaylist, since_last_part_s: float
) -> Iterator[Finding]:
    """Hold the time between two playlists with new parts against PART-TARGET."""
    target_us = playlist.part_target_us
    if target_us is None:
        return
    limit_s = target_us / 1_000_000 + PART_TOLERANCE_S
    if since_last_part_s > limit_s:
        yield warning(
            Check.PART_CADENCE,
            url,
            f"expected a new part within {limit_s:.2f} s of the one before, "
            f"got {since_last_part_s:.2f} s",
        )


def check_segment_cadence(
    url: str, playlist: MediaPlaylist, since_last_segment_s: float
) -> Iterator[Finding]:
    """Hold the time between two complete segments against 1.5 target durations."""
    limit_s = 1.5 * playlist.target_duration_s + PART_TOLERANCE_S
    if since_last_segment_s > limit_s:
        yield error(
            Check.SEGMENT_CADENCE,
            url,
            f"expected a new segment within {limit_s:.2f} s of the one before, "
            f"got {since_last_segment_s:.2f} s",
        )

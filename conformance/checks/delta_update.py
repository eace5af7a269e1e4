"""Delta updates: the boundary, and that old plus delta is new (checks 51 and 52)."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.check import Check
from conformance.checks.durations import seconds
from conformance.finding import Finding, error
from conformance.playlist import DeltaMismatchError, MediaPlaylist, merge_delta


def check_delta(
    url: str, previous: MediaPlaylist, delta: MediaPlaylist, *, asked_v2: bool = False
) -> Iterator[Finding]:
    """Hold a delta update against the full playlist that the client had before.

    `asked_v2` says that the request had `_HLS_skip=v2`. A playlist without EXT-X-SKIP is fine.
    """
    skip = delta.skip
    if skip is None:
        return
    if skip.skipped_segments == 0:
        yield error(Check.DELTA, url, "expected no EXT-X-SKIP if nothing is skipped (hls.js #7848)")
    if skip.removed_date_ranges is not None and not asked_v2:
        yield error(
            Check.DELTA_DATE_RANGES,
            url,
            "expected RECENTLY-REMOVED-DATERANGES only if asked with v2",
        )
    try:
        merge_delta(previous, delta)
    except DeltaMismatchError as exc:
        yield error(Check.DELTA, url, str(exc))
        return
    control = delta.server_control or previous.server_control
    boundary_us = control.can_skip_until_us if control else None
    if boundary_us is None:
        yield error(Check.DELTA, url, "expected CAN-SKIP-UNTIL with EXT-X-SKIP, got none")
        return
    # Counted from the end of the last complete segment: "older than the Skip Boundary".
    kept_us = sum(segment.duration_us for segment in delta.segments)
    if kept_us < boundary_us:
        yield error(
            Check.DELTA,
            url,
            f"expected at least {seconds(boundary_us)} of segments kept, got {seconds(kept_us)}",
        )


def check_merged(
    url: str, previous: MediaPlaylist, delta: MediaPlaylist, full: MediaPlaylist
) -> Iterator[Finding]:
    """Expect that the old playlist and the delta give a full playlist of the same moment.

    Playlists of different moments (another position or window) compare as nothing.
    """
    try:
        merged = merge_delta(previous, delta)
    except DeltaMismatchError:
        return  # check_delta says so
    if merged.last_position != full.last_position or merged.media_sequence != full.media_sequence:
        return
    # Parts of skipped segments may be gone from the full playlist meanwhile.
    for ours, theirs in zip(merged.segments, full.segments, strict=False):
        bare = replace(ours, parts=theirs.parts, late_tags=theirs.late_tags)
        if bare != theirs:
            yield error(
                Check.DELTA,
                url,
                f"MSN {theirs.msn}: expected {theirs} after merging the delta, got {ours}",
            )
            return
    if len(merged.segments) != len(full.segments) or merged.open_segment != full.open_segment:
        yield error(
            Check.DELTA, url, "expected the merged playlist to end as the full one, got another end"
        )

"""Delta updates: putting skipped segments back from the playlist before (rfc8216bis 6.2.5.1)."""

from dataclasses import replace

from conformance.check import Check
from conformance.errors import ConformanceError
from conformance.playlist.media_playlist import MediaPlaylist, Segment


class DeltaMismatchError(ConformanceError):
    """The playlist before does not hold the segments that a delta update skips."""

    check = Check.DELTA


def merge_delta(previous: MediaPlaylist, delta: MediaPlaylist) -> MediaPlaylist:
    """Give the full playlist that a delta update stands for, as a player would.

    Skipped segments come from `previous`. Discontinuity numbers of the listed segments are counted
    on from there, since their DISCONTINUITY tags are skipped too. A playlist without EXT-X-SKIP is
    returned as it is. Raises DeltaMismatchError if a skipped segment is unknown.
    """
    if delta.skip is None:
        return delta
    known = {segment.msn: segment for segment in previous.segments}
    first = delta.media_sequence
    skipped: list[Segment] = []
    for msn in range(first, first + delta.skip.skipped_segments):
        segment = known.get(msn)
        if segment is None:
            raise DeltaMismatchError(
                f"expected to know the {delta.skip.skipped_segments} skipped segments from MSN "
                f"{first}, got none with MSN {msn} in the playlist before"
            )
        skipped.append(segment)
    missed = skipped[-1].discontinuity_sequence - delta.discontinuity_sequence if skipped else 0
    carried_map = skipped[-1].map if skipped else None
    listed = [
        replace(
            segment,
            discontinuity_sequence=segment.discontinuity_sequence + missed,
            map=segment.map or carried_map,
        )
        for segment in delta.segments
    ]
    opened = replace(
        delta.open_segment,
        discontinuity_sequence=delta.open_segment.discontinuity_sequence + missed,
        map=delta.open_segment.map or carried_map,
    )
    return replace(
        delta,
        segments=(*skipped, *listed),
        open_segment=opened,
        skip=None,
        # A removed range stays away; the others are known from before.
        date_range_ids=tuple(
            dict.fromkeys(
                each
                for each in (*previous.date_range_ids, *delta.date_range_ids)
                if each not in (delta.skip.removed_date_ranges or ())
            )
        ),
    )

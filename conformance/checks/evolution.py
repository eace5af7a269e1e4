"""Successive playlists of one rendition: what may change, and what never (26 to 28, 31 to 35, 38).

Both arguments are full playlists: delta updates are merged before.
"""

from collections.abc import Iterator

from conformance.check import Check
from conformance.checks.durations import seconds
from conformance.finding import Finding, error, warning
from conformance.playlist import MediaPlaylist, Part, Segment

LEAST_SEGMENTS = 6  # HLS authoring 8.11; three target durations are the draft's floor


def check_evolution(url: str, previous: MediaPlaylist, current: MediaPlaylist) -> Iterator[Finding]:
    """Hold a playlist against the one that was read before it."""
    yield from _check_constants(url, previous, current)
    yield from _check_sequence(url, previous, current)
    yield from _check_listed(url, previous, current)
    yield from _check_parts(url, previous, current)
    yield from _check_window(url, previous, current)
    yield from check_hint_truth(url, previous, current)


def _check_constants(
    url: str, previous: MediaPlaylist, current: MediaPlaylist
) -> Iterator[Finding]:
    # A change of any of these is fatal to AVPlayer (CoreMedia -12642).
    before, now = previous.server_control, current.server_control
    pairs = (
        ("TARGETDURATION", previous.target_duration_s, current.target_duration_s),
        ("PART-TARGET", previous.part_target_us, current.part_target_us),
        ("SERVER-CONTROL", before, now),
    )
    for name, expected, got in pairs:
        if expected != got:
            yield error(Check.TARGETS_CONSTANT, url, f"{name}: expected {expected}, got {got}")
    if previous.is_ended and not current.is_ended:
        yield error(Check.ALLOWED_EDITS, url, "expected EXT-X-ENDLIST to stay, got none")


def _check_sequence(url: str, previous: MediaPlaylist, current: MediaPlaylist) -> Iterator[Finding]:
    before, now = previous.media_sequence, current.media_sequence
    if now < before:
        yield error(Check.MSN_RISES, url, f"MEDIA-SEQUENCE: expected {before} or more, got {now}")
    if current.next_msn < previous.next_msn:
        yield error(
            Check.MSN_RISES,
            url,
            f"expected segments up to MSN {previous.next_msn - 1}, got up to "
            f"{current.next_msn - 1}",
        )
    if current.discontinuity_sequence < previous.discontinuity_sequence:
        yield error(
            Check.DISCONTINUITY_SEQUENCE,
            url,
            f"expected {previous.discontinuity_sequence} or more, "
            f"got {current.discontinuity_sequence}",
        )


def _check_listed(url: str, previous: MediaPlaylist, current: MediaPlaylist) -> Iterator[Finding]:
    """Compare every segment that both list. Only parts may be added and dropped."""
    known = {segment.msn: segment for segment in previous.segments}
    for segment in current.segments:
        before = known.get(segment.msn)
        if before is None:
            continue
        if segment.uri != before.uri:
            yield error(
                Check.MSN_URI, url, f"MSN {segment.msn}: expected {before.uri}, got {segment.uri}"
            )
        if segment.discontinuity_sequence != before.discontinuity_sequence:
            yield error(
                Check.DISCONTINUITY_SEQUENCE,
                url,
                f"MSN {segment.msn}: expected discontinuity number "
                f"{before.discontinuity_sequence}, got {segment.discontinuity_sequence}",
            )
        for name, expected, got in _fields(before, segment):
            if expected != got:
                yield error(
                    Check.ALLOWED_EDITS,
                    url,
                    f"MSN {segment.msn}: expected {name} {expected}, got {got}",
                )
    yield from _check_closing(url, previous, current)


def _check_closing(url: str, previous: MediaPlaylist, current: MediaPlaylist) -> Iterator[Finding]:
    """Compare the open segment of before with what became of it."""
    opened = previous.open_segment
    if not opened.parts:
        return
    closed = next((each for each in current.segments if each.msn == opened.msn), None)
    became = closed or current.open_segment
    if became.msn != opened.msn:
        return
    if (became.map, became.discontinuity_sequence) != (opened.map, opened.discontinuity_sequence):
        yield error(
            Check.ALLOWED_EDITS,
            url,
            f"MSN {opened.msn}: expected map {opened.map} and discontinuity number "
            f"{opened.discontinuity_sequence} to stay, got {became.map} and "
            f"{became.discontinuity_sequence}",
        )


def _fields(before: Segment, now: Segment) -> tuple[tuple[str, object, object], ...]:
    return (
        ("EXTINF", before.duration_us, now.duration_us),
        ("map", before.map, now.map),
        ("gap", before.is_gap, now.is_gap),
        ("byte range", before.byte_range, now.byte_range),
        ("date", before.program_date_time_us, now.program_date_time_us),
    )


def _check_parts(url: str, previous: MediaPlaylist, current: MediaPlaylist) -> Iterator[Finding]:
    """Parts are added at the end, dropped from the front, and never change in between."""
    edge_us = current.window_us + sum(part.duration_us for part in current.open_segment.parts)
    keep_us = 3 * current.target_duration_s * 1_000_000
    after = current.parts_by_msn()
    end_us: dict[int, int] = {}
    position_us = 0
    for segment in current.segments:
        position_us += segment.duration_us
        end_us[segment.msn] = position_us
    for msn, parts in previous.parts_by_msn().items():
        if msn < current.media_sequence or msn > current.open_segment.msn:
            continue
        kept = after.get(msn, ())
        if not kept:
            if msn in end_us and edge_us - end_us[msn] < keep_us:
                yield error(
                    Check.PARTS_STAY,
                    url,
                    f"MSN {msn}: expected parts until {seconds(keep_us)} from the end, dropped at "
                    f"{seconds(edge_us - end_us[msn])}",
                )
            continue
        by_uri: dict[tuple[str, object], Part] = {
            (part.uri, part.byte_range): part for part in kept
        }
        shared = [part for part in parts if (part.uri, part.byte_range) in by_uri]
        if shared != list(parts[len(parts) - len(shared) :]) or not shared:
            yield error(
                Check.ALLOWED_EDITS,
                url,
                f"MSN {msn}: expected its parts to stay as listed, got others in their place",
            )


def _check_window(url: str, previous: MediaPlaylist, current: MediaPlaylist) -> Iterator[Finding]:
    has_removed = current.media_sequence > previous.media_sequence
    if current.is_ended or not has_removed:
        return
    # "The server MUST NOT remove a Media Segment from a live Playlist if that would make it
    # shorter than three times the Target Duration" (6.2.2).
    least_us = 3 * current.target_duration_s * 1_000_000
    if current.window_us < least_us:
        yield error(
            Check.WINDOW,
            url,
            f"expected {seconds(least_us)} after removing a segment, "
            f"got {seconds(current.window_us)}",
        )
    elif len(current.segments) < LEAST_SEGMENTS:
        yield warning(
            Check.WINDOW,
            url,
            f"expected {LEAST_SEGMENTS} segments or more, got {len(current.segments)}",
        )


def check_hint_truth(
    url: str, previous: MediaPlaylist, current: MediaPlaylist
) -> Iterator[Finding]:
    """Hold the hints of before against the part and the map that came next."""
    hint = previous.hint("PART")
    following = parts_after(previous, current)
    # After a long while the parts of the segment that was open then are listed no more, and which
    # part came next cannot be told.
    if following and current.parts_by_msn().get(previous.open_segment.msn):
        msn, index, part = following[0]
        if hint is not None and part.uri != hint.uri and not part.is_gap:
            yield error(
                Check.HINT,
                url,
                f"part {msn}.{index}: expected the hinted {hint.uri}, got {part.uri}",
            )
        changed = current.open_segment.msn == msn and previous.segments
        new_map = current.open_segment.map if changed else None
        old_map = previous.open_segment.map
        map_hint = previous.hint("MAP")
        if new_map is not None and old_map is not None and new_map != old_map and index == 0:
            if map_hint is None:
                yield warning(
                    Check.MAP_HINT,
                    url,
                    f"MSN {msn}: expected a MAP hint of {new_map.uri}, got none",
                )
            elif map_hint.uri != new_map.uri:
                yield error(
                    Check.MAP_HINT,
                    url,
                    f"MSN {msn}: expected the hinted map {map_hint.uri}, got {new_map.uri}",
                )


def parts_after(previous: MediaPlaylist, current: MediaPlaylist) -> list[tuple[int, int, Part]]:
    """List the parts of `current` that `previous` did not have yet: MSN, index and part."""
    opened = previous.open_segment
    return [
        (msn, index, part)
        for msn, parts in current.parts_by_msn().items()
        for index, part in enumerate(parts)
        if (msn, index) >= (opened.msn, len(opened.parts))
    ]

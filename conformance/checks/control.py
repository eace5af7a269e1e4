"""What one live media playlist promises: values, hints, dates (4, 10, 20 to 23, 27, 30, 40, 41)."""

from collections.abc import Iterator

from conformance.check import Check
from conformance.checks.durations import seconds
from conformance.finding import Finding, error, warning
from conformance.playlist import Map, MediaPlaylist

PDT_TOLERANCE_US = 45_000  # one picture at 24 per second, or one AAC frame at 24 kHz


def check_control(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    """Hold one media playlist against the rules for its own values; delta updates merged before."""
    if playlist.playlist_type is not None and not playlist.is_ended:
        yield error(
            Check.NO_PLAYLIST_TYPE, url, f"expected none while live, got {playlist.playlist_type}"
        )
    yield from _check_hold_backs(url, playlist)
    yield from _check_hints(url, playlist)
    yield from _check_dates(url, playlist)
    yield from _check_maps(url, playlist)


def _check_maps(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    """Expect EXT-X-MAP for every segment, in time, and DISCONTINUITY where it changes."""
    before: Map | None = None
    for segment in playlist.all_segments():
        if segment.late_tags:
            yield error(
                Check.MAP_FIRST,
                url,
                f"MSN {segment.msn}: expected {' '.join(segment.late_tags)} before its first part",
            )
        if segment.msn == playlist.next_msn and not segment.parts:
            continue
        if segment.map is None:
            yield error(Check.MAP_FIRST, url, f"MSN {segment.msn}: expected EXT-X-MAP, got none")
        elif before is not None and segment.map != before and not segment.is_discontinuous:
            # A new init segment is a change of encoding parameters (4.4.4.3).
            yield error(
                Check.DISCONTINUITY,
                url,
                f"MSN {segment.msn}: expected EXT-X-DISCONTINUITY with the new map "
                f"{segment.map.uri}, got none",
            )
        before = segment.map


def check_version(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    """Hold EXT-X-VERSION against the tags; `playlist` as it came, not merged."""
    needed = 3 if playlist.has_decimal_durations else 1
    control = playlist.server_control
    if any(segment.map for segment in playlist.segments):
        needed = 6
    if playlist.has_definitions:
        needed = 8
    allowed = needed
    if playlist.skip is not None:
        needed = 9 if playlist.skip.removed_date_ranges is None else 10
    if control is not None and control.can_skip_until_us is not None:
        allowed = max(allowed, 10 if control.can_skip_dateranges else 9)
    if playlist.version < needed:
        yield error(
            Check.VERSION_FITS, url, f"expected version {needed} or more, got {playlist.version}"
        )
    elif playlist.version > max(needed, allowed):
        yield warning(
            Check.VERSION_FITS,
            url,
            f"expected at most version {max(needed, allowed)}, got {playlist.version}: "
            "older players refuse it",
        )


def _check_hold_backs(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    control = playlist.server_control
    target_us = playlist.target_duration_s * 1_000_000
    part_target_us = playlist.part_target_us
    has_parts = bool(playlist.parts_by_msn())
    if has_parts and part_target_us is None:
        yield error(Check.PART_INF_IFF_PARTS, url, "expected EXT-X-PART-INF with parts, got none")
    # hls.js and AVPlayer wait for parts for ever once they are announced.
    if part_target_us is not None and not has_parts and not playlist.is_ended:
        yield error(Check.PART_INF_IFF_PARTS, url, "expected parts with EXT-X-PART-INF, got none")
    if part_target_us is not None:
        hold_back_us = control.part_hold_back_us if control else None
        if hold_back_us is None:
            yield error(Check.PART_HOLD_BACK, url, "expected PART-HOLD-BACK, got none")
        elif hold_back_us < 2 * part_target_us:
            yield error(
                Check.PART_HOLD_BACK,
                url,
                f"expected at least 2 x {seconds(part_target_us)}, got {seconds(hold_back_us)}",
            )
        elif hold_back_us < 3 * part_target_us:
            yield warning(
                Check.PART_HOLD_BACK,
                url,
                f"expected 3 x {seconds(part_target_us)}, got {seconds(hold_back_us)}",
            )
    if control is None:
        return
    if control.hold_back_us is not None and control.hold_back_us < 3 * target_us:
        yield error(
            Check.HOLD_BACK,
            url,
            f"expected at least {seconds(3 * target_us)}, got {seconds(control.hold_back_us)}",
        )
    if control.can_skip_until_us is not None and control.can_skip_until_us < 6 * target_us:
        yield error(
            Check.CAN_SKIP_UNTIL,
            url,
            f"expected at least {seconds(6 * target_us)}, got {seconds(control.can_skip_until_us)}",
        )
    if control.can_skip_dateranges and control.can_skip_until_us is None:
        yield error(Check.CAN_SKIP_UNTIL, url, "expected CAN-SKIP-UNTIL with CAN-SKIP-DATERANGES")


def _check_hints(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    for hint_type in ("PART", "MAP"):
        count = sum(hint.type == hint_type for hint in playlist.preload_hints)
        if count > 1:
            yield error(Check.HINT, url, f"expected one {hint_type} hint at most, got {count}")
    hint = playlist.hint("PART")
    if playlist.is_ended:
        if hint is not None:
            yield error(Check.HINT, url, f"expected no hint after the end, got {hint.uri}")
        return
    if hint is None:
        if playlist.parts_by_msn():
            yield error(Check.HINT, url, "expected a PART hint in a live playlist, got none")
    elif any(
        part.uri == hint.uri and part.byte_range is None
        for parts in playlist.parts_by_msn().values()
        for part in parts
    ):
        yield error(Check.HINT, url, f"expected the hint to be new, got the listed {hint.uri}")


def _check_dates(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    """PROGRAM-DATE-TIME: there at all, and as far apart as the segments last."""
    dates = [
        (segment.msn, segment.program_date_time_us)
        for segment in playlist.all_segments()
        if segment.program_date_time_us is not None
    ]
    if not dates:
        if playlist.segments:
            yield error(Check.PROGRAM_DATE_TIME, url, "expected one in the playlist, got none")
        return
    expected_us: int | None = None
    for segment in playlist.segments:
        date_us = segment.program_date_time_us
        if date_us is not None:
            if expected_us is not None and not segment.is_discontinuous:
                yield from _check_date(url, segment.msn, expected_us, date_us)
            expected_us = date_us
        if expected_us is not None:
            expected_us += segment.duration_us
    opened = playlist.open_segment
    if (
        expected_us is not None
        and opened.program_date_time_us is not None
        and not opened.is_discontinuous
    ):
        yield from _check_date(url, opened.msn, expected_us, opened.program_date_time_us)


def _check_date(url: str, msn: int, expected_us: int, date_us: int) -> Iterator[Finding]:
    if abs(date_us - expected_us) > PDT_TOLERANCE_US:
        yield error(
            Check.PROGRAM_DATE_TIME,
            url,
            f"MSN {msn}: expected the date of the segment before plus its duration, got "
            f"{(date_us - expected_us) / 1_000_000:+.3f} s",
        )

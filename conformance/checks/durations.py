"""Durations in one media playlist: EXTINF, parts and their targets (checks 12, 13, 15 to 17)."""

from collections.abc import Iterator

from conformance.check import Check
from conformance.finding import Finding, error
from conformance.playlist import MediaPlaylist, Part

SUM_TOLERANCE_US = 1_000  # durations may be written in milliseconds


def check_durations(url: str, playlist: MediaPlaylist) -> Iterator[Finding]:
    """Hold the segments and parts of a playlist against its targets."""
    target_s = playlist.target_duration_s
    for segment in playlist.segments:
        duration_us = segment.duration_us
        # "rounded to the nearest integer, MUST be less than or equal to the Target Duration";
        # half up, as players round.
        if (duration_us + 500_000) // 1_000_000 > target_s:
            yield error(
                Check.EXTINF_ROUNDED,
                url,
                f"MSN {segment.msn}: expected EXTINF to round to at most {target_s}, "
                f"got {seconds(duration_us)}",
            )
        if duration_us > target_s * 1_000_000 + 500_000:
            yield error(
                Check.EXTINF_HALF_SECOND,
                url,
                f"MSN {segment.msn}: expected at most {target_s + 0.5} s, "
                f"got {seconds(duration_us)}",
            )
        parts_us = sum(part.duration_us for part in segment.parts)
        if segment.parts and abs(parts_us - duration_us) > SUM_TOLERANCE_US:
            yield error(
                Check.PARTS_SUM,
                url,
                f"MSN {segment.msn}: expected {len(segment.parts)} parts of together "
                f"{seconds(duration_us)}, got {seconds(parts_us)}",
            )
    if playlist.part_target_us is not None:
        yield from _check_parts(url, playlist, playlist.part_target_us)


def _check_parts(url: str, playlist: MediaPlaylist, target_us: int) -> Iterator[Finding]:
    for msn, parts in playlist.parts_by_msn().items():
        for index, part in enumerate(parts):
            if part.duration_us > target_us:
                yield error(
                    Check.PART_WITHIN_TARGET,
                    url,
                    f"part {msn}.{index}: expected at most {seconds(target_us)}, "
                    f"got {seconds(part.duration_us)}",
                )
            if part.duration_us * 100 < target_us * 85 and not _may_be_short(parts, index):
                yield error(
                    Check.PART_LONG_ENOUGH,
                    url,
                    f"part {msn}.{index}: expected at least 85 % of {seconds(target_us)}, "
                    f"got {seconds(part.duration_us)}",
                )


def _may_be_short(parts: tuple[Part, ...], index: int) -> bool:
    """Apply the exemptions of 4.4.4.9.

    The newest part of an open segment counts as the last: it may turn out to be so.
    """
    part = parts[index]
    is_last = index + 1 == len(parts)
    return part.is_independent or part.is_gap or is_last or parts[index + 1].is_gap


def seconds(duration_us: int) -> str:
    """Write a duration for a message."""
    return f"{duration_us / 1_000_000:.5f} s"

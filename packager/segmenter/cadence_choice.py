"""The choice of PART-TARGET and TARGETDURATION, and of the part length that keeps to them.

All renditions share one PART-TARGET. The leading track's parts are whole frames of it; a follower
cut at the same places gets now one unit more, now one less. rfc8216bis 4.4.4.9: no part is longer
than PART-TARGET, and every part but the last of its segment has at least 85 % of it. Both must
hold for the longest and for the shortest part of every track.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

# RTMP stamps whole milliseconds: both ends of a part may be off by one.
STAMP_JITTER_S = Fraction(2, 1000)
LEAST_PART_SHARE = Fraction(85, 100)
_RATE_TOLERANCE = Fraction(1005, 1000)

LONG_GOP_TARGET_DURATION_S = 10  # takes x264's default of 250 frames at 25 and at 30 a second
# A key frame may come this much later than in the first segment without raising TARGETDURATION:
# rounded to the nearest second, EXTINF may be up to 0.5 s above it (rfc8216bis 4.4.3.1).
_TARGET_DURATION_SLACK_MS = 250


def choose_part_target_ms(
    wish_ms: int, frame_s: Fraction, unit_lengths_s: Sequence[Fraction], *, is_exact: bool
) -> int:
    """Choose PART-TARGET for a leading track and its followers' units.

    `frame_s` is the leader's frame (or audio unit) in seconds. Takes the fewest frames, from as
    many as fit into the wish, that keep every track's parts above 85 %; up to three times the wish
    is tried. If none does, the count whose shortest part has the greatest share serves. `is_exact`
    says that the leader's times lie on its grid.
    """
    jitter_s = Fraction(0) if is_exact else STAMP_JITTER_S
    # A measured rate may be a little off: 0.2 s are three frames at 14.99 a second as well.
    first = max(1, math.floor(Fraction(wish_ms, 1000) / frame_s * _RATE_TOLERANCE))
    best_ms, best_share = 0, Fraction(-1)
    for count in range(first, 3 * first + 1):
        target_ms = _part_target_ms(count * frame_s, jitter_s, unit_lengths_s)
        share = _shortest_share(target_ms, frame_s, unit_lengths_s)
        if share >= LEAST_PART_SHARE:
            return target_ms
        if share > best_share:
            best_ms, best_share = target_ms, share
    return best_ms


def part_limit_s(
    part_target_ms: int, frame_s: Fraction, unit_lengths_s: Sequence[Fraction]
) -> Fraction:
    """Find the longest part of the leader with which no rendition's part exceeds PART-TARGET.

    A span of k units' length holds at most k of a follower's units, so the leader keeps to whole
    multiples; half a frame above its own multiple lets jittered frames in and the next one not.
    A unit longer than PART-TARGET (a low frame rate after an encoder change) sets no limit.
    """
    target_s = Fraction(part_target_ms, 1000)
    longest = min(
        [target_s, *(target_s // unit * unit for unit in unit_lengths_s if unit <= target_s)]
    )
    if frame_s > longest:
        return longest
    return min(longest, longest // frame_s * frame_s + frame_s / 2)


def part_least_s(
    part_target_ms: int, frame_s: Fraction, unit_lengths_s: Sequence[Fraction]
) -> Fraction:
    """Find the shortest part of the leader with which every rendition's has 85 % of PART-TARGET.

    A span of k units' length holds at least k of a follower's units. Never more than the whole
    frames that fit: those are what an even frame rate gives.
    """
    least_s = part_target_ms * LEAST_PART_SHARE / 1000
    whole_s = max(part_limit_s(part_target_ms, frame_s, unit_lengths_s) // frame_s, 1) * frame_s
    return min(whole_s, max([least_s, *(-(-least_s // unit) * unit for unit in unit_lengths_s)]))


def choose_target_duration_s(
    first_segment_ms: int | None, segment_target_ms: int, part_target_ms: int
) -> int:
    """Choose TARGETDURATION from the first segment, or None where no key frame ended it."""
    least = max(math.ceil(segment_target_ms / 1000), math.ceil(part_target_ms / 1000))
    if first_segment_ms is None:
        return max(least, LONG_GOP_TARGET_DURATION_S)
    return max(least, math.ceil((first_segment_ms - _TARGET_DURATION_SLACK_MS) / 1000))


def _part_target_ms(
    part_s: Fraction, jitter_s: Fraction, unit_lengths_s: Sequence[Fraction]
) -> int:
    longest_s = max(
        [part_s, *(math.ceil((part_s + jitter_s) / unit) * unit for unit in unit_lengths_s)]
    )
    return math.ceil((longest_s + STAMP_JITTER_S) * 1000)


def _shortest_share(
    target_ms: int, frame_s: Fraction, unit_lengths_s: Sequence[Fraction]
) -> Fraction:
    """Find which share of PART-TARGET the shortest part of any track has."""
    limit_s = part_limit_s(target_ms, frame_s, unit_lengths_s)
    part_s = limit_s // frame_s * frame_s
    shortest_s = min([part_s, *(part_s // unit * unit for unit in unit_lengths_s)])
    return shortest_s * 1000 / target_ms

"""Series: buckets as points of a chart, with the mean of when the channel was live. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from analytics.history.figures import BroadcastRecord, Bucket, Following, Point
from analytics.history.step import TimeRange

NOBODY: Final = Following()


def live_ms_of(
    broadcasts: Sequence[BroadcastRecord], from_ms: int, to_ms: int, step_ms: int
) -> dict[int, int]:
    """Return for how long the channel was live in each step from `from_ms` on, by its begin."""
    found: dict[int, int] = {}
    for each in broadcasts:
        at_ms, over_ms = max(each.started_ms, from_ms), min(each.over_ms, to_ms)
        while at_ms < over_ms:
            begins_ms = at_ms - (at_ms - from_ms) % step_ms
            ends_ms = min(begins_ms + step_ms, over_ms)
            found[begins_ms] = found.get(begins_ms, 0) + ends_ms - at_ms
            at_ms = ends_ms
    return found


def mean_viewers(bucket: Bucket, live_ms: int, step_ms: int) -> float:
    """Return how many watched on average while the channel was live; of all time if it was not.

    Some watch on for a while when a broadcast is over: the mean is never above the peak.
    """
    mean = bucket.viewer_ms / (live_ms or step_ms)
    return round(min(mean, float(bucket.peak)), 2)


def points_of(
    buckets: Sequence[Bucket],
    following: Mapping[int, Following],
    broadcasts: Sequence[BroadcastRecord],
    wanted: TimeRange,
    counted_until_ms: int,
) -> list[Point]:
    """Return the points of a range in their order; those in which nothing was are left out.

    Means are of the time before `counted_until_ms`: nobody was counted later.
    """
    step_ms = wanted.step.ms
    to_ms = min(wanted.to_ms, counted_until_ms)
    live_ms = live_ms_of(broadcasts, wanted.from_ms, to_ms, step_ms)
    found = {each.at_ms: each for each in buckets}
    for at_ms in following:
        if at_ms not in found:
            found[at_ms] = Bucket(at_ms=at_ms)
    return [
        Point(
            bucket=found[at_ms],
            mean=mean_viewers(found[at_ms], live_ms.get(at_ms, 0), step_ms),
            following=following.get(at_ms, NOBODY),
        )
        for at_ms in sorted(found)
    ]

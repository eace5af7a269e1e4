"""ResponseCounters: plain integers, because they grow with every response."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from distribution.reply import Reply


class ResourceKind(StrEnum):
    """What a viewer asked for, as far as counting goes."""

    MULTIVARIANT = "multivariant"
    PLAYLIST = "playlist"
    MANIFEST = "manifest"
    INIT = "init"
    PART = "part"
    SEGMENT = "segment"
    OTHER_LIVE = "other-live"
    API = "api"
    PAGE = "page"


# From what nobody notices to what nobody waits for.
TIME_BOUNDS_S: Final = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
)


class Tally:
    """Responses of one kind: those with status 200, the others by status, and bytes of bodies.

    `body_bytes` counts bodies as begun: a reader who leaves early has not got all of them.
    """

    __slots__ = ("body_bytes", "ok_count", "others")

    def __init__(self) -> None:
        self.ok_count = 0
        self.others: Counter[int] = Counter()
        self.body_bytes = 0


class ResponseTimes:
    """How long responses took from the request's head to the response's, as a histogram."""

    __slots__ = ("_counts", "sum_s")

    def __init__(self) -> None:
        self._counts = [0] * (len(TIME_BOUNDS_S) + 1)
        self.sum_s = 0.0

    def note(self, took_s: float) -> None:
        """Take one."""
        self._counts[bisect_left(TIME_BOUNDS_S, took_s)] += 1
        self.sum_s += took_s

    def buckets(self) -> list[tuple[float, int]]:
        """Count those that took as long as each bound, or less; the last bound is infinite."""
        found, total = [], 0
        for bound_s, count in zip((*TIME_BOUNDS_S, float("inf")), self._counts, strict=True):
            total += count
            found.append((bound_s, total))
        return found


class ResponseCounters:
    """How many responses of each kind and status were handed to their connections, and how large.

    Whoever answers the same many times keeps the kind's tally and counts there.
    """

    def __init__(self) -> None:
        self.tallies = {kind: Tally() for kind in ResourceKind}
        # Not of live media: who asks for that waits until there is some.
        self.times = {kind: ResponseTimes() for kind in (ResourceKind.API, ResourceKind.PAGE)}

    def count(self, kind: ResourceKind, method: str, reply: Reply) -> None:
        """Note one response to a request of this method."""
        self.count_routed(kind, method, reply.status, reply.length or 0)

    def count_routed(self, kind: ResourceKind, method: str, status: int, length: int) -> None:
        """Note one response that may be no Reply."""
        tally = self.tallies[kind]
        if status == 200:
            tally.ok_count += 1
        else:
            tally.others[status] += 1
        if length and method != "HEAD":
            tally.body_bytes += length

    def responses(self) -> Iterator[tuple[ResourceKind, int, int]]:
        """Give kind, status and number of responses, where there were any."""
        for kind, tally in self.tallies.items():
            if tally.ok_count:
                yield kind, 200, tally.ok_count
            for status, count in tally.others.items():
                yield kind, status, count

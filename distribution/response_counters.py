"""ResponseCounters: plain integers, because they grow with every response."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

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


class Tally:
    """Responses of one kind: those with status 200, the others by status, and bytes of bodies.

    `body_bytes` counts bodies as begun: a reader who leaves early has not got all of them.
    """

    __slots__ = ("body_bytes", "ok_count", "others")

    def __init__(self) -> None:
        self.ok_count = 0
        self.others: Counter[int] = Counter()
        self.body_bytes = 0


class ResponseCounters:
    """How many responses of each kind and status were handed to their connections, and how large.

    Whoever answers the same many times keeps the kind's tally and counts there.
    """

    def __init__(self) -> None:
        self.tallies = {kind: Tally() for kind in ResourceKind}

    def count(self, kind: ResourceKind, method: str, reply: Reply) -> None:
        """Note one response to a request of this method."""
        tally = self.tallies[kind]
        if reply.status == 200:
            tally.ok_count += 1
        else:
            tally.others[reply.status] += 1
        if reply.length and method != "HEAD":
            tally.body_bytes += reply.length

    def responses(self) -> Iterator[tuple[ResourceKind, int, int]]:
        """Give kind, status and number of responses, where there were any."""
        for kind, tally in self.tallies.items():
            if tally.ok_count:
                yield kind, 200, tally.ok_count
            for status, count in tally.others.items():
                yield kind, status, count

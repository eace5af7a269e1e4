"""ResponseCounters: plain integers, because they grow with every response."""

from collections import Counter
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


class ResponseCounters:
    """How many responses of each kind and status were handed to their connections, and how large.

    `body_bytes` counts bodies as begun: a reader who leaves early has not got all of them.
    """

    def __init__(self) -> None:
        self.responses: Counter[tuple[ResourceKind, int]] = Counter()
        self.body_bytes: Counter[ResourceKind] = Counter()

    def count(self, kind: ResourceKind, method: str, reply: Reply) -> None:
        """Note one response to a request of this method."""
        self.responses[kind, reply.status] += 1
        if reply.length and method != "HEAD":
            self.body_bytes[kind] += reply.length

    def count_whole(self, kind: ResourceKind, size_bytes: int) -> None:
        """Note one response with status 200 to a GET, and the size of its body."""
        self.responses[kind, 200] += 1
        self.body_bytes[kind] += size_bytes

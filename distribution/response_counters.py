"""ResponseCounters: plain integers, because they grow with every response."""

from collections import Counter
from enum import StrEnum

from distribution.response import FixedResponse


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

    def count(self, kind: ResourceKind, method: str, response: FixedResponse) -> None:
        """Note one response to a request of this method."""
        self.responses[kind, response.status] += 1
        if response.length and method != "HEAD":
            self.body_bytes[kind] += response.length

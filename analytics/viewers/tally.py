"""ChannelTally: how many watch one channel now, and did lately. Pure."""

from collections import Counter, deque
from collections.abc import Iterable
from typing import Final, Generic, TypeVar

SAMPLE_INTERVAL_S: Final = 5
SAMPLES: Final = 120  # ten minutes

Member = TypeVar("Member")


class ChannelTally(Generic[Member]):
    """The counts of a channel, and its sessions by visitor.

    `silence_ms` is how long a player of this channel may say nothing. `told` is the count that was
    told last. `samples` are the last counts, one every five seconds.
    """

    __slots__ = (
        "_by_visitor",
        "by_player",
        "by_rendition",
        "channel",
        "samples",
        "session_count",
        "silence_ms",
        "told",
        "viewers",
    )

    def __init__(self, channel: str, silence_ms: int) -> None:
        self.channel = channel
        self.silence_ms = silence_ms
        self.viewers = 0
        self.session_count = 0
        self.told: int | None = None
        self.by_rendition: Counter[str] = Counter()
        self.by_player: Counter[str] = Counter()
        self.samples: deque[int] = deque(maxlen=SAMPLES)
        # Most visitors have one session, and then no container for it.
        self._by_visitor: dict[int, Member | dict[Member, None]] = {}

    def add(self, visitor: int, member: Member) -> None:
        """Take in a session, counted or not."""
        self.session_count += 1
        known = self._by_visitor.get(visitor)
        if known is None:
            self._by_visitor[visitor] = member
        elif isinstance(known, dict):
            known[member] = None
        else:
            self._by_visitor[visitor] = {known: None, member: None}

    def remove(self, visitor: int, member: Member) -> None:
        """Forget a session that was taken in."""
        self.session_count -= 1
        known = self._by_visitor[visitor]
        if isinstance(known, dict) and len(known) > 1:
            del known[member]
        else:
            del self._by_visitor[visitor]

    def of_visitor(self, visitor: int, limit: int) -> Iterable[Member]:
        """Return the sessions of one visitor; none if there are more than `limit`."""
        known = self._by_visitor.get(visitor)
        if known is None:
            return ()
        if isinstance(known, dict):
            return known if len(known) <= limit else ()
        return (known,)

    def count(self, rendition: str, player: str, change: int) -> None:
        """Count one viewer more, or one less."""
        self.viewers += change
        for counter, name in ((self.by_rendition, rendition), (self.by_player, player)):
            counter[name] += change
            if not counter[name]:
                del counter[name]

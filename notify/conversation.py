"""Conversation: what one client hears, in which order, and where it resumes.

Knows topics, rights and order; neither WebSockets nor HTTP. Whoever carries it takes texts until
there are none, and is told by `ready` when there are some again, or when it is over.
"""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from notify.bus import Bus
from notify.close_code import CloseCode
from notify.event_id import NO_RUN, EventId
from notify.notice import Notice
from notify.ports import ANYBODY, Archive, Listener, Rights, Seat
from notify.subscriber import WhenFull
from notify.topic import (
    LIVE,
    LIVE_KEY,
    ME,
    ChannelTopic,
    ChatTopic,
    Key,
    TopicError,
    account_key,
    channel_key,
    chat_account_key,
    chat_key,
    chat_staff_key,
    parse_topic,
    staff_key,
)

RECALL_LIMIT = 1000  # facts at most; who missed more reads the API anew
REPLIES_LIMIT_BYTES = 256 * 1024  # nobody reads so much late who reads at all


class Resumed(StrEnum):
    """How much of what was missed is told now."""

    EXACT = "exact"  # all of it
    FACTS = "facts"  # what must not be missed; not what is only of the moment
    NONE = "none"  # nothing was asked for, or too much was missed: read the API anew


class Refused(StrEnum):
    """Why a topic is not told."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"  # there is no such channel, as far as the listener may know
    SIGN_IN = "sign-in"
    TOO_MANY = "too-many"


@dataclass(slots=True)
class Subscribed:
    """What became of a wish to hear of topics."""

    topics: list[str] = field(default_factory=list)
    refused: dict[str, Refused] = field(default_factory=dict)
    resumed: Resumed = Resumed.NONE


class Conversation:
    """One client's. Owned by one event loop; `close` it in the end."""

    def __init__(
        self,
        bus: Bus,
        rights: Rights,
        archive: Archive,
        *,
        capacity: int,
        topic_limit: int,
        backlog_limit: int,
        ready: Callable[[], None],
    ) -> None:
        self.listener: Listener = ANYBODY
        self.ended: CloseCode | None = None
        self._replies: deque[bytes] = deque()  # told before any event
        self._reply_bytes = 0
        self._bus = bus
        self._rights = rights
        self._archive = archive
        self._topic_limit = topic_limit
        self._backlog_limit = backlog_limit
        self._ready = ready
        self._subscriber = bus.subscribe(capacity, WhenFull.CLOSE, self._look)
        self._topics: dict[str, frozenset[Key]] = {}
        self._seats: dict[str, set[str]] = {}  # topics by the channel's id
        self._backlog: deque[Notice] = deque()
        self._recalled: dict[Key, int] = {}  # up to which fact the archive has told
        self._recalling = 0

    @property
    def topics(self) -> Collection[str]:
        """What is told, as the client wrote it."""
        return self._topics.keys()

    @property
    def channel_ids(self) -> Collection[str]:
        """The channels that are told of."""
        return self._seats.keys()

    def take_reply(self) -> bytes | None:
        """Return the next thing to be said that is no event; None if there is none now."""
        if not self._replies:
            return None
        text = self._replies.popleft()
        self._reply_bytes -= len(text)
        return text

    def take(self) -> Notice | None:
        """Return the next event; None if there is none now."""
        if self._recalling:
            return None  # what was missed comes first
        while True:
            if self._backlog:
                notice: Notice | None = self._backlog.popleft()
            else:
                notice = self._subscriber.take()
                if notice is not None and self._was_recalled(notice):
                    continue
            if notice is None or not notice.keys.isdisjoint(self._subscriber.keys):
                return notice

    def take_messages(self) -> bytes | None:
        """Return what comes next as WebSocket messages; None if there is nothing now."""
        if self._recalling:
            return None
        if self._backlog or self._recalled or self._subscriber.has_strays:
            notice = self.take()
            return None if notice is None else notice.message
        batch = self._subscriber.take_batch()
        return None if batch is None else batch.messages

    async def subscribe(self, topics: Collection[str], after: EventId | None) -> Subscribed:
        """Hear of topics, from now on or from an id on. Raises UnavailableError.

        Those that are heard already stay as they are.
        """
        done = Subscribed()
        new: set[Key] = set()
        for text in dict.fromkeys(map(_canonical, topics)):
            keys = await self._keys_of(text, done)
            if keys is not None and self.ended is None:
                new |= keys - self._subscriber.keys
        if self.ended is None:
            done.resumed = await self._begin(new, after)
        return done

    def unsubscribe(self, topics: Collection[str]) -> list[str]:
        """Hear of topics no more; return those that were heard."""
        gone = [text for text in dict.fromkeys(map(_canonical, topics)) if text in self._topics]
        for text in gone:
            self._bus.stop_listening(self._subscriber, self._topics.pop(text))
        heard = {id_: texts & self._topics.keys() for id_, texts in self._seats.items()}
        self._seats = {id_: texts for id_, texts in heard.items() if texts}
        if gone and self._backlog:  # else who resumes and leaves again collects what nobody takes
            keys = self._subscriber.keys
            self._backlog = deque(each for each in self._backlog if not each.keys.isdisjoint(keys))
        return gone

    def reseat(self, channel_id: str, seat: Seat | None) -> list[str]:
        """Hear a channel from another place, or no more; return the topics that are gone."""
        gone = []
        for text in sorted(self._seats.get(channel_id, ())):
            keys = None if seat is None else self._keys_from(parse_topic(text), seat)
            if keys is None:
                gone.append(text)
                continue
            self._bus.stop_listening(self._subscriber, self._topics[text] - keys)
            self._bus.listen(self._subscriber, keys)
            self._topics[text] = keys
        self.unsubscribe(gone)
        return gone

    def say(self, text: bytes) -> None:
        """Say something that is no event, before the events that wait.

        Who asks and asks, and takes no answer, is too slow.
        """
        if self._reply_bytes + len(text) > REPLIES_LIMIT_BYTES:
            self.end(CloseCode.TOO_SLOW)
            return
        self._replies.append(text)
        self._reply_bytes += len(text)
        self._ready()

    def end(self, code: CloseCode) -> None:
        """Let it be over."""
        if self.ended is None:
            self.ended = code
            self._ready()

    def close(self) -> None:
        """Hear nothing any more."""
        self._bus.unsubscribe(self._subscriber)
        self._topics.clear()
        self._seats.clear()
        self._backlog.clear()
        self._replies.clear()

    def _look(self) -> None:
        if self._subscriber.closed_for_overflow:
            self.end(CloseCode.TOO_SLOW)
        else:
            self._ready()

    async def _keys_of(self, text: str, done: Subscribed) -> frozenset[Key] | None:
        """Return the keys of one topic, noted as told; None if it is refused, noted as such."""
        if text not in self._topics and len(self._topics) >= self._topic_limit:
            done.refused[text] = Refused.TOO_MANY
            return None
        try:
            topic = parse_topic(text)
        except TopicError:
            done.refused[text] = Refused.MALFORMED
            return None
        keys: frozenset[Key] | None = None
        if topic == LIVE:
            keys = frozenset({LIVE_KEY})
        elif topic == ME:
            account_id = self.listener.account_id
            if account_id is None or not self.listener.hears_me:
                done.refused[text] = Refused.SIGN_IN
            else:
                keys = frozenset({account_key(account_id)})
        elif isinstance(topic, ChannelTopic | ChatTopic):
            seat = await self._rights.seat(topic.name, self.listener)
            keys = None if seat is None else self._keys_from(topic, seat)
            if seat is None or keys is None:
                done.refused[text] = Refused.UNKNOWN
            else:
                self._seats.setdefault(seat.channel_id, set()).add(text)
        if keys is not None:
            self._topics[text] = keys
            done.topics.append(text)
        return keys

    def _keys_from(
        self, topic: ChannelTopic | ChatTopic | str, seat: Seat
    ) -> frozenset[Key] | None:
        """Return what is heard of a topic from a seat; None if nothing may be."""
        channel_id = seat.channel_id
        if not isinstance(topic, ChatTopic):
            keys = {channel_key(channel_id)}
            staff = staff_key(channel_id)
        elif not seat.hears_chat:
            return None
        else:
            keys = {chat_key(channel_id)}
            staff = chat_staff_key(channel_id)
            if self.listener.account_id is not None:
                keys.add(chat_account_key(channel_id, self.listener.account_id))
        if seat.is_staff:
            keys.add(staff)
        return frozenset(keys)

    async def _begin(self, keys: Collection[Key], after: EventId | None) -> Resumed:
        """Listen, and put what was missed before what comes."""
        self._bus.listen(self._subscriber, keys)
        if after is None or not keys:
            return Resumed.NONE
        missed = self._bus.missed(after, keys)
        if missed is not None and len(self._backlog) + len(missed) > self._backlog_limit:
            return Resumed.NONE  # what was resumed before is not even taken yet
        if missed is not None:
            self._backlog.extend(missed)
            self._ready()
            return Resumed.EXACT
        here = self._bus.here
        if after.fact >= here.fact:
            return Resumed.FACTS
        self._recalling += 1
        try:
            account_id = self.listener.account_id
            recalled = await self._archive.recall(after.fact, keys, account_id, RECALL_LIMIT)
        finally:
            self._recalling -= 1
        if len(self._backlog) + len(recalled.tellings) > self._backlog_limit:
            return Resumed.NONE
        for telling in recalled.tellings:
            # Of no run: who loses the connection among these must ask the archive again.
            id_ = EventId(NO_RUN, 0, telling.fact)
            notice = Notice.of(telling.event, id_, telling.topics, telling.keys, telling.fact)
            self._backlog.append(notice)
        self._recalled |= dict.fromkeys(keys, recalled.until)
        self._ready()
        return Resumed.FACTS if recalled.is_whole else Resumed.NONE

    def _was_recalled(self, notice: Notice) -> bool:
        """Whether the archive has told it already: the bus may come later to what was committed."""
        return bool(
            notice.fact
            and self._recalled
            and any(self._recalled.get(key, 0) >= notice.fact for key in notice.keys)
        )


def _canonical(text: str) -> str:
    """Write a topic as it is noted: channels' names are lower case."""
    return text.lower() if text.startswith(("channel:", "chat:")) else text

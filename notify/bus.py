"""Bus: tells events to those who subscribed to their keys, in this process.

Nothing here waits. An event is written once, whoever hears it, and what a slow subscriber cannot
take is that subscriber's affair. Events are told when they are published, unless somebody wants to
say when: what was published by then is told together.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from notify.batch import Batch
from notify.event_id import EventId
from notify.events.event import Event
from notify.notice import Notice
from notify.replay_ring import ReplayRing
from notify.subscriber import Subscriber, WhenFull
from notify.topic import Key

# Keys or offers, at some microseconds each where somebody must be found and woken.
_AT_A_TIME: Final = 64


class Bus:
    """Owned by one event loop. `run` names this run of this server, and no other."""

    def __init__(self, run: str, ring: ReplayRing) -> None:
        self._run = run
        self._ring = ring
        # In the order they came, with the number of the last event that was not for them any more.
        self._subscribers: dict[Key, dict[Subscriber, int]] = {}
        self._pending: list[Notice] = []
        self._published: Callable[[], None] | None = None
        self._all: set[Subscriber] = set()
        self._changes = 0  # how often somebody has left a topic
        self._number = 0
        self._fact = 0
        self.published_count = 0
        self.delivered_count = 0
        self.dropped_count = 0

    def __len__(self) -> int:
        """Count the subscribers."""
        return len(self._all)

    @property
    def here(self) -> EventId:
        """Where who subscribes now begins: behind the last event."""
        return EventId(self._run, self._number, self._fact)

    @property
    def key_count(self) -> int:
        """Count the keys that somebody listens to."""
        return len(self._subscribers)

    @property
    def longest_queue(self) -> int:
        """How much waits for the slowest subscriber."""
        return max(map(len, self._all), default=0)

    def start_after(self, fact: int) -> None:
        """Begin behind a fact; before anything is published."""
        self._fact = fact

    def subscribe(
        self, capacity: int, when_full: WhenFull, ready: Callable[[], None]
    ) -> Subscriber:
        """Make a subscriber, that hears nothing yet."""
        subscriber = Subscriber(capacity, when_full, ready)
        self._all.add(subscriber)
        return subscriber

    def listen(self, subscriber: Subscriber, keys: Iterable[Key]) -> None:
        """Let a subscriber hear what is published on these keys from now on."""
        if subscriber not in self._all:
            raise ValueError("expected a subscriber of this bus")
        for key in keys:
            if key not in subscriber.keys:
                self._subscribers.setdefault(key, {})[subscriber] = self._number
                subscriber.keys.add(key)

    def stop_listening(self, subscriber: Subscriber, keys: Iterable[Key]) -> None:
        """Let it hear these keys no more; what waits for it already is still there."""
        self._changes += 1
        subscriber.has_strays = len(subscriber) > 0
        for key in list(keys):
            subscriber.keys.discard(key)
            listening = self._subscribers.get(key)
            if listening is not None:
                listening.pop(subscriber, None)
                if not listening:
                    del self._subscribers[key]

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a subscriber."""
        self.stop_listening(subscriber, subscriber.keys)
        self._all.discard(subscriber)
        subscriber.close()

    def when_published(self, published: Callable[[], None]) -> None:
        """Have `published` called for each event, and leave it to the caller when to `tell`."""
        self._published = published

    @property
    def pending_count(self) -> int:
        """Count what is published and not told."""
        return len(self._pending)

    def publish(
        self, event: Event, *, topics: Sequence[str], keys: Collection[Key], fact: int = 0
    ) -> Notice:
        """Tell an event to all who listen to one of the keys, each of them once.

        `topics` are what clients call the keys. `fact` is the position of the fact that it tells.
        """
        self._number += 1
        if fact:
            self._fact = max(self._fact, fact)
        notice = Notice.of(event, self.here, topics, frozenset(keys), fact)
        self._ring.put(notice)
        self.published_count += 1
        self._pending.append(notice)
        if self._published is not None:
            self._published()
        else:
            for _ in self.tell():
                pass
        return notice

    def tell(self) -> Iterator[None]:
        """Tell what is pending, a few dozen subscribers at a time.

        Others may come, go and publish between two steps; what they publish is told next time.
        """
        pending, self._pending = self._pending, []
        heard: dict[Key, list[Notice]] = {}
        looked = 0
        for notice in pending:
            for key in notice.keys:
                looked += 1
                if looked % _AT_A_TIME == 0:  # an alert has a thousand keys
                    yield
                if key in self._subscribers:
                    heard.setdefault(key, []).append(notice)
        if len(heard) == 1:
            ((key, notices),) = heard.items()
            listening = list(self._subscribers.get(key, {}).items())
            batch, first, changes = Batch(notices), notices[0].id.number, self._changes
            for count, (subscriber, began_at) in enumerate(listening, 1):
                if count % _AT_A_TIME == 0:
                    yield
                is_so = self._changes == changes
                began = began_at if is_so else self._began(subscriber, key)
                if began < first:
                    self._offer(subscriber, batch)
                elif new := _later_than(began, notices):  # they came meanwhile
                    self._offer(subscriber, Batch(new))
        elif heard:
            yield from self._tell_several(heard)

    def _tell_several(self, heard: Mapping[Key, list[Notice]]) -> Iterator[None]:
        """Tell notices of several keys: who hears more than one gets them in order."""
        changes = self._changes
        wanted: dict[Subscriber, tuple[Notice, ...]] = {}
        count = 0
        for key, notices in heard.items():
            whole = tuple(notices)
            for subscriber, began in list(self._subscribers.get(key, {}).items()):
                count += 1
                if count % _AT_A_TIME == 0:
                    yield
                new = whole if began < notices[0].id.number else _later_than(began, notices)
                if new:
                    before = wanted.get(subscriber)
                    wanted[subscriber] = new if before is None else _merged(before, new)
        batches: dict[tuple[Notice, ...], Batch] = {}
        for count, (subscriber, found) in enumerate(wanted.items(), 1):
            if count % _AT_A_TIME == 0:
                yield
            is_so = self._changes == changes
            several = found if is_so else self._still_wanted(subscriber, found)
            if several:
                batch = batches.get(several)
                if batch is None:
                    batch = batches[several] = Batch(several)
                self._offer(subscriber, batch)

    def _still_wanted(
        self, subscriber: Subscriber, notices: tuple[Notice, ...]
    ) -> tuple[Notice, ...]:
        """Return what somebody hears still, where some have left topics meanwhile."""
        return tuple(
            notice
            for notice in notices
            if any(
                self._began(subscriber, key) < notice.id.number
                for key in notice.keys & subscriber.keys
            )
        )

    def _began(self, subscriber: Subscriber, key: Key) -> int:
        """Return behind which number it listens; behind all that there are if it does not."""
        return self._subscribers.get(key, {}).get(subscriber, self._number)

    def _offer(self, subscriber: Subscriber, batch: Batch) -> None:
        self.delivered_count += batch.count
        self.dropped_count += subscriber.offer(batch)

    def pass_over(self, fact: int) -> None:
        """Note that a fact was reached of which nobody is told."""
        self._fact = max(self._fact, fact)

    def missed(self, since: EventId, keys: Collection[Key]) -> list[Notice] | None:
        """Return what was told on these keys after an id; None if this run does not know."""
        if since.run != self._run or since.number > self._number:
            return None
        return self._ring.after(since.number, keys)


def _later_than(number: int, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return what was published after somebody had begun to listen."""
    return tuple(notice for notice in notices if notice.id.number > number)


def _merged(first: Iterable[Notice], second: Iterable[Notice]) -> tuple[Notice, ...]:
    """Put notices in order, each once."""
    by_number = {notice.id.number: notice for notices in (first, second) for notice in notices}
    return tuple(by_number[number] for number in sorted(by_number))

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

_AT_A_TIME: Final = 256  # offers, at well under a microsecond each


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
        """Tell what is pending, some hundred subscribers at a time.

        Others may come, go and publish between two steps; what they publish is told next time.
        """
        pending, self._pending = self._pending, []
        heard: dict[Key, list[Notice]] = {}
        for notice in pending:
            for key in notice.keys:
                if key in self._subscribers:
                    heard.setdefault(key, []).append(notice)
        if len(heard) == 1:
            ((key, notices),) = heard.items()
            batch = Batch(notices)
            for count, subscriber in enumerate(list(self._subscribers[key])):
                if count % _AT_A_TIME == _AT_A_TIME - 1:
                    yield
                if self._began(subscriber, key) < notices[0].id.number:
                    self._offer(subscriber, batch)
                else:
                    self._offer_wanted(subscriber, {key: notices})
        elif heard:
            yield from self._tell_several(heard)

    def _tell_several(self, heard: Mapping[Key, list[Notice]]) -> Iterator[None]:
        """Tell notices of several keys: who hears more than one gets them in order."""
        keys_of: dict[Subscriber, tuple[Key, ...]] = {}
        for key in heard:
            for subscriber in self._subscribers.get(key, ()):
                keys_of[subscriber] = (*keys_of.get(subscriber, ()), key)
        batches: dict[tuple[Key, ...], Batch] = {}
        for count, (subscriber, keys) in enumerate(keys_of.items()):
            if count % _AT_A_TIME == _AT_A_TIME - 1:
                yield
            if all(self._began(subscriber, key) < heard[key][0].id.number for key in keys):
                if keys not in batches:
                    batches[keys] = _merged([heard[key] for key in keys])
                self._offer(subscriber, batches[keys])
            else:
                self._offer_wanted(subscriber, {key: heard[key] for key in keys})

    def _offer_wanted(self, subscriber: Subscriber, heard: Mapping[Key, list[Notice]]) -> None:
        """Offer what was published after somebody had begun to listen: they came meanwhile."""
        wanted = [
            [notice for notice in notices if notice.id.number > self._began(subscriber, key)]
            for key, notices in heard.items()
        ]
        if any(wanted):
            self._offer(subscriber, _merged(wanted))

    def _began(self, subscriber: Subscriber, key: Key) -> int:
        """Return behind which number it listens; behind all that there are if it does not."""
        return self._subscribers.get(key, {}).get(subscriber, self._number)

    def _offer(self, subscriber: Subscriber, batch: Batch) -> None:
        self.delivered_count += len(batch)
        self.dropped_count += subscriber.offer(batch)

    def pass_over(self, fact: int) -> None:
        """Note that a fact was reached of which nobody is told."""
        self._fact = max(self._fact, fact)

    def missed(self, since: EventId, keys: Collection[Key]) -> list[Notice] | None:
        """Return what was told on these keys after an id; None if this run does not know."""
        if since.run != self._run or since.number > self._number:
            return None
        return self._ring.after(since.number, keys)


def _merged(several: Iterable[Iterable[Notice]]) -> Batch:
    """Put notices in order, each once."""
    by_number = {notice.id.number: notice for notices in several for notice in notices}
    return Batch([by_number[number] for number in sorted(by_number)])

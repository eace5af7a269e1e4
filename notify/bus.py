"""Bus: tells events to those who subscribed to their keys, in this process.

Nothing here waits. An event is written once, whoever hears it, and what a slow subscriber cannot
take is that subscriber's affair.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from notify.event_id import EventId
from notify.events.event import Event
from notify.notice import Notice
from notify.replay_ring import ReplayRing
from notify.subscriber import Subscriber, WhenFull
from notify.topic import Key


class Bus:
    """Owned by one event loop. `run` names this run of this server, and no other."""

    def __init__(self, run: str, ring: ReplayRing) -> None:
        self._run = run
        self._ring = ring
        self._subscribers: dict[Key, dict[Subscriber, None]] = {}  # in the order they came
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
            self._subscribers.setdefault(key, {})[subscriber] = None
            subscriber.keys.add(key)

    def stop_listening(self, subscriber: Subscriber, keys: Iterable[Key]) -> None:
        """Let it hear these keys no more; what waits for it already is still there."""
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
        told: set[Subscriber] | None = None if len(notice.keys) == 1 else set()
        for key in notice.keys:
            for subscriber in self._subscribers.get(key, ()):
                if told is not None:
                    if subscriber in told:
                        continue
                    told.add(subscriber)
                self.delivered_count += 1
                self.dropped_count += subscriber.offer(notice)
        return notice

    def pass_over(self, fact: int) -> None:
        """Note that a fact was reached of which nobody is told."""
        self._fact = max(self._fact, fact)

    def missed(self, since: EventId, keys: Collection[Key]) -> list[Notice] | None:
        """Return what was told on these keys after an id; None if this run does not know."""
        if since.run != self._run or since.number > self._number:
            return None
        return self._ring.after(since.number, keys)

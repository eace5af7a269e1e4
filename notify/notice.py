"""Notice: an event on its way, written once for all who hear it. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from notify.event_id import EventId
from notify.events.event import Event
from notify.frame import text_frame
from notify.topic import Key


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """One event with its place.

    `keys` are whom it is for. `fact` is the position of the fact that it tells, 0 if it tells
    none. `message` is what goes to a WebSocket: the JSON that clients get, behind its head.
    """

    id: EventId
    keys: frozenset[Key]
    fact: int
    message: bytes = field(repr=False)
    _head_bytes: int = field(repr=False)

    @classmethod
    def of(
        cls, event: Event, id_: EventId, topics: Sequence[str], keys: frozenset[Key], fact: int
    ) -> "Notice":
        """Write an event down."""
        around: dict[str, Any] = {
            "type": event.TYPE,
            "version": event.VERSION,
            "id": id_.text(),
            "topics": list(topics),
        }
        said = around | event.model_dump(mode="json", by_alias=True)
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        message = text_frame(text)
        return cls(id_, keys, fact, message, len(message) - len(text))

    @property
    def text(self) -> bytes:
        """The JSON alone."""
        return self.message[self._head_bytes :]

    @property
    def frame(self) -> bytes:
        """The same as a server-sent event."""
        # JSON has no raw line ends, so that one data line holds all of it.
        return b"id: %b\ndata: %b\n\n" % (self.id.text().encode(), self.text)

"""Batch: notices that were published within a moment, written once for all who hear just these."""

from collections.abc import Sequence

from notify.deflation import WORTH_BYTES, deflated_messages
from notify.notice import Notice


class Batch:
    """At least one notice, in the order of their numbers. Shared, and never changed. Pure."""

    __slots__ = ("_deflated", "_messages", "count", "notices")

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.notices = tuple(notices)
        self.count = len(self.notices)
        self._messages: bytes | None = None
        self._deflated: bytes | None = None

    @property
    def messages(self) -> bytes:
        """All as WebSocket messages, one behind the other."""
        if self._messages is None:
            if len(self.notices) == 1:
                return self.notices[0].message
            self._messages = b"".join([notice.message for notice in self.notices])
        return self._messages

    @property
    def deflated_messages(self) -> bytes:
        """The same, compressed if that is worth it; to be sent whole."""
        if self._deflated is None:
            plain = self.messages
            self._deflated = (
                plain
                if len(plain) < WORTH_BYTES
                else deflated_messages([notice.text for notice in self.notices])
            )
        return self._deflated

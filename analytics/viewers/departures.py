"""Departures: how long sessions were seen that are over, for what they still have to say. Pure.

The last word of a page comes within seconds of its last request. Who comes back soon, as after a
tunnel, goes on where he was.
"""

from typing import Final, NamedTuple

_TURN_MS: Final = 60_000


class Departure(NamedTuple):
    """How long a session was seen in all, and for how much of that it was vouched."""

    span_ms: int
    vouched_ms: int


class Departures:
    """The sessions that ended in the last minute or two; at most `limit`, the newest."""

    def __init__(self, limit: int, now: int) -> None:
        self._half = max(1, limit // 2)
        self._turned = now
        self._young: dict[bytes, Departure] = {}
        self._old: dict[bytes, Departure] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def turn(self, now: int) -> None:
        """Forget what is too old; to be called now and then."""
        if now - self._turned >= _TURN_MS:
            self._turn(now)

    def add(self, sid: bytes, departure: Departure, now: int) -> None:
        """Remember one more."""
        if len(self._young) >= self._half:
            self._turn(now)
        self._young[sid] = departure

    def take(self, sid: bytes) -> Departure | None:
        """Return what is known of a session, and forget it."""
        found = self._young.pop(sid, None)
        return self._old.pop(sid, None) if found is None else found

    def _turn(self, now: int) -> None:
        self._turned = now
        self._old, self._young = self._young, {}

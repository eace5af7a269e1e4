"""Telling a streamer of a repeated mishap once in a while, not at every unit."""

from dataclasses import dataclass

from ingest.media import PublisherWarning, WarningCode

INTERVAL_S = 10.0
# Subjects are track names; a sender of endless new ones must not fill the memory.
_MAX_REMEMBERED = 256


@dataclass(slots=True)
class _Held:
    told_at: float
    count: int
    text: str


class WarningGate:
    """Lets a warning through at once the first time, then every INTERVAL_S with a count."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[tuple[WarningCode, str], _Held] = {}

    def pass_on(
        self, code: WarningCode, subject: str, text: str, now: float
    ) -> list[PublisherWarning]:
        """Give the warning about `subject`, or nothing if it is too early to tell again."""
        held = self._held.get((code, subject))
        if held is None:
            if len(self._held) >= _MAX_REMEMBERED:
                return []
            self._held[code, subject] = _Held(now, 0, text)
            return [PublisherWarning(code, f"{subject}: {text}")]
        held.count += 1
        held.text = text
        if now - held.told_at < INTERVAL_S:
            return []
        held.told_at = now
        return [self._tell(code, subject, held)]

    def flush(self) -> list[PublisherWarning]:
        """Give what was held back."""
        return [
            self._tell(code, subject, held)
            for (code, subject), held in self._held.items()
            if held.count
        ]

    def _tell(self, code: WarningCode, subject: str, held: _Held) -> PublisherWarning:
        """Word a repeated warning and begin to count anew."""
        count = held.count
        held.count = 0
        times = f" ({count} times)" if count > 1 else ""
        return PublisherWarning(code, f"{subject}: {held.text}{times}", count)

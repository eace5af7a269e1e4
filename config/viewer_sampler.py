"""ViewerSampler: how many watch each channel, from who waits for what comes next.

A low-latency player asks for the next part before it is there, and so waits nearly always: over
five seconds the most that wait at one moment are those who watch. That costs a request nothing,
and neither reloads nor several renditions of one player count twice. Players that never wait, of
plain HLS, are not seen, nor are viewers behind a proxy that asks once for all of them.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from packager.live import Publications

_SAMPLE_INTERVAL_S: Final = 0.25
_SAMPLES: Final = 20  # for one count

NoteViewers = Callable[[str, int], None]
"""Takes a channel and how many watch it."""


class ViewerSampler:
    """Looks four times a second, and says every five seconds what it saw."""

    def __init__(self, publications: Publications, note: NoteViewers) -> None:
        self._publications = publications
        self._note = note
        self._most: dict[str, int] = {}
        self._sample_count = 0

    async def run(self) -> None:
        """Count until cancelled."""
        while True:
            await asyncio.sleep(_SAMPLE_INTERVAL_S)
            self.sample()

    def sample(self) -> None:
        """Look once."""
        for publication in self._publications.live():
            seen = publication.waiting_player_count
            self._most[publication.channel] = max(self._most.get(publication.channel, 0), seen)
        self._sample_count += 1
        if self._sample_count == _SAMPLES:
            for channel, viewers in self._most.items():
                self._note(channel, viewers)
            self._most.clear()
            self._sample_count = 0

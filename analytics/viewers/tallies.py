"""Tallies: how many watch each channel that is live or has players, and who is told of it. Pure."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol

from analytics.viewers.session import Session
from analytics.viewers.tally import ChannelTally

# The longest that a request waits is 9 s, whoever is turned away then asks again a second later,
# and may be on a slow network. Plain players look once in a target duration: twice they may miss.
_LEAST_SILENCE_MS: Final = 12_000
SILENT_TARGET_DURATIONS: Final = 3

Tell = Callable[[str, int], None]
"""Takes a channel and how many watch it."""


class OnAir(Protocol):
    """What tallies need to know of what is on air."""

    def target_duration_s(self, channel: str) -> int:
        """Return how long segments may be; 0 if that is not known."""
        ...

    def live_channels(self) -> Iterable[str]:
        """Name the channels on air."""
        ...


class Tallies:
    """Owns the tallies, `by_channel`. `tell` hears of each count that has changed."""

    def __init__(self, shows: OnAir, tell: Tell) -> None:
        self.by_channel: dict[str, ChannelTally[Session]] = {}
        self._shows = shows
        self._tell = tell

    @property
    def viewer_count(self) -> int:
        """How many watch, on all channels."""
        return sum(tally.viewers for tally in self.by_channel.values())

    def of(self, channel: str) -> ChannelTally[Session]:
        """Return the tally of a channel, begun if need be."""
        silence_ms = max(
            _LEAST_SILENCE_MS,
            SILENT_TARGET_DURATIONS * self._shows.target_duration_s(channel) * 1000,
        )
        tally = self.by_channel.get(channel)
        if tally is None:
            tally = self.by_channel[channel] = ChannelTally(channel, silence_ms)
        tally.silence_ms = silence_ms
        return tally

    def look(self, *, is_sample: bool) -> None:
        """Tell what has changed, once a second; note it for the chart if it is time to."""
        live = set(self._shows.live_channels())
        for channel in live - self.by_channel.keys():
            self.of(channel)
        for tally in list(self.by_channel.values()):
            if tally.viewers != tally.told:
                tally.told = tally.viewers
                self._tell(tally.channel, tally.viewers)
            if is_sample:
                tally.samples.append(tally.viewers)
            if not tally.session_count and tally.channel not in live:
                del self.by_channel[tally.channel]

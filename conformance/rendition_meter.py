"""RenditionMeter: counts and distributions of one rendition, as its follower sees it. Pure."""

from collections import deque

from conformance.measurement import Distribution, Playhead
from conformance.playlist import MediaPlaylist, Part

_BITRATE_WINDOW_S = 6.0


class RenditionMeter:
    """Takes what arrives and keeps the measures. One follower owns it."""

    def __init__(self) -> None:
        self.requests = 0
        self.failures = 0
        self.parts = 0
        self.segments = 0
        self.jitter_ms = Distribution()
        self.latency_s = Distribution()
        self.playhead: Playhead | None = None
        self._last_part_s: float | None = None
        self._received: deque[tuple[float, int]] = deque()

    def take_parts(
        self,
        playlist: MediaPlaylist,
        new_parts: list[tuple[int, int, Part]],
        arrived_s: float,
        server_unix_s: float,
    ) -> None:
        """Take the parts that an answer listed for the first time.

        Several parts at once count as one arrival of their joint duration.
        """
        edge_us = playlist.edge_us
        self.take_media(
            len(new_parts),
            sum(part.duration_us for _, _, part in new_parts) / 1_000_000,
            arrived_s,
            latency_s=None if edge_us is None else server_unix_s - edge_us / 1_000_000,
            hold_back_s=_hold_back_s(playlist),
        )

    def take_media(
        self,
        parts: int,
        duration_s: float,
        arrived_s: float,
        *,
        latency_s: float | None,
        hold_back_s: float,
    ) -> None:
        """Take media that came at the monotonic time `arrived_s`.

        `latency_s` is the age of its end by then; `hold_back_s` how far a player stays behind.
        """
        if self._last_part_s is not None:
            self.jitter_ms.add(abs(arrived_s - self._last_part_s - duration_s) * 1000)
        self._last_part_s = arrived_s
        self.parts += parts
        if latency_s is not None:
            self.latency_s.add(latency_s)
        if self.playhead is None:
            self.playhead = Playhead(hold_back_s)
        self.playhead.receive(arrived_s, duration_s)

    def take_body(self, size_bytes: int, duration_s: float) -> None:
        """Take media bytes for the bitrate of the last few seconds of media."""
        self._received.append((duration_s, size_bytes))
        while sum(each[0] for each in self._received) > _BITRATE_WINDOW_S:
            self._received.popleft()

    @property
    def bitrate_bps(self) -> int | None:
        """Bits a second of the newest media, or None without any."""
        duration_s = sum(each[0] for each in self._received)
        if not duration_s:
            return None
        return round(sum(each[1] for each in self._received) * 8 / duration_s)


def _hold_back_s(playlist: MediaPlaylist) -> float:
    control = playlist.server_control
    if control is not None and control.part_hold_back_us is not None:
        return control.part_hold_back_us / 1_000_000
    if control is not None and control.hold_back_us is not None:
        return control.hold_back_us / 1_000_000
    return 3.0 * playlist.target_duration_s

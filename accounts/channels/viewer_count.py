"""ViewerCount: what is known of a broadcast's viewers between two writes. Pure."""

from dataclasses import dataclass

# Whoever counts says so every few seconds; a longer silence is no count.
LONGEST_GAP_MS = 60_000


@dataclass(slots=True)
class ViewerCount:
    """Sums up counts as they come: the peak, and each count times how long it stood."""

    viewers: int | None = None
    since_ms: int = 0
    peak: int = 0
    viewer_ms: int = 0
    counted_ms: int = 0

    def note(self, viewers: int, now_ms: int) -> None:
        """Take a new count; the one before stood until now. A clock set back counts nothing."""
        self.settle(now_ms)
        self.viewers = viewers
        self.since_ms = now_ms
        self.peak = max(self.peak, viewers)

    def settle(self, now_ms: int) -> None:
        """Sum up to now."""
        if self.viewers is None:
            return
        stood_ms = now_ms - self.since_ms
        if 0 < stood_ms <= LONGEST_GAP_MS:
            self.viewer_ms += self.viewers * stood_ms
            self.counted_ms += stood_ms
        self.since_ms = now_ms

    def take(self, now_ms: int) -> tuple[int, int, int]:
        """Return (peak, viewer_ms, counted_ms) since the last time, and begin anew."""
        self.settle(now_ms)
        taken = (self.peak, self.viewer_ms, self.counted_ms)
        self.peak, self.viewer_ms, self.counted_ms = self.viewers or 0, 0, 0
        return taken

"""Patience: when a disk that refused something is asked again."""

# A disk that goes on refusing is asked about once a minute in the end, and so is the log.
_MOST_SEGMENTS = 32


class Patience:
    """Counts complete segments: one after the first refusal, twice as many after each that follows.

    What has gone well for as long as the longest wait is forgiven.
    """

    def __init__(self) -> None:
        self._wait_segments = 1
        self._left_segments = 0
        self._calm_segments = 0

    def note_refusal(self) -> None:
        """Take note that the disk refused something."""
        self._left_segments = self._wait_segments
        self._wait_segments = min(2 * self._wait_segments, _MOST_SEGMENTS)
        self._calm_segments = 0

    def note_success(self) -> None:
        """Take note of a segment that was kept."""
        self._calm_segments += 1
        if self._calm_segments >= _MOST_SEGMENTS:
            self._wait_segments = 1

    def is_over(self) -> bool:
        """Say, once at the end of each segment, whether to ask again."""
        self._left_segments -= 1
        return self._left_segments <= 0

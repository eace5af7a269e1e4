"""StartWait: how long media comes, by the wall clock, without a show that could begin."""

from packager.segmenter.analysis import Analysis
from packager.segmenter.settings import SegmenterSettings

# Beyond the first segment's length; an analysis that gets on takes 3 s of it at most.
_SLACK_MS = 8000
_SILENT_SHARE = 0.5  # of the wait without any media: then that is what is wrong


class StartWait:
    """Bounds the wait for a beginning: media time, which an analysis goes by, may stand still.

    Counts from the first sample, over as many analyses as there are, until the show begins.
    """

    def __init__(self, settings: SegmenterSettings) -> None:
        self._limit_s = (settings.segment_target_ms + _SLACK_MS) / 1000
        self._since: float | None = None
        self._heard_at = 0.0
        self._was_broken = False

    def hear(self, now: float) -> None:
        """Take note that a sample came to be analysed."""
        self._heard_at = now
        if self._since is None:
            self._since = now

    def note_break(self) -> None:
        """Take note that what had come was of no use for what comes."""
        self._was_broken = True

    def stop(self) -> None:
        """Wait no more: the show begins, or another wait does."""
        self._since = None
        self._was_broken = False

    def is_over(self, now: float) -> bool:
        """Whether the show should have begun by now."""
        return self._since is not None and now - self._since >= self._limit_s

    def complaint(self, analysis: Analysis, now: float) -> str:
        """Say in words for the streamer what keeps the show from going on."""
        silent_s = now - self._heard_at
        if silent_s > self._limit_s * _SILENT_SHARE:
            return f"No media has come for {silent_s:.0f} s: the show cannot start."
        return (
            f"Media has come for {self._limit_s:.0f} s, but the show cannot start: "
            f"{self._cause(analysis)}."
        )

    def _cause(self, analysis: Analysis) -> str:
        if self._was_broken:
            return "its timestamps or its configuration change all the time"
        if not analysis.is_advancing:
            return "its timestamps do not advance"
        if analysis.leader is None:
            return "no key frame has come"
        return "its timestamps advance too slowly"

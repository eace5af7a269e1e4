"""MediaMeter: what a publisher's samples are like, collected for whoever judges them."""

from collections.abc import Sequence
from typing import Final, cast

from ingest.events import MediaMeasured, MediaStretch
from ingest.media import (
    Discontinuity,
    MediaEvent,
    Sample,
    TrackEnded,
    TracksAnnounced,
    TrackStarted,
)

_INTERVAL_S: Final = 1.0
# A burst is told in parts; nothing holds more than this.
_MOST_SAMPLES: Final = 4096
_CHANGES: Final = (TrackStarted, TrackEnded, TracksAnnounced, Discontinuity)


class MediaMeter:
    """Keeps numbers of samples, never their bytes, for a second at a time.

    `note` is called for every read: a fifth of a microsecond a sample is what it may take.
    """

    __slots__ = ("_channel", "_due_at", "_publisher_id", "_sample_count", "_stretches")

    def __init__(self, publisher_id: int, channel: str, now: float) -> None:
        self._publisher_id = publisher_id
        self._channel = channel
        self._stretches: list[MediaStretch] = []
        self._sample_count = 0
        self._due_at = now + _INTERVAL_S

    def note(self, events: Sequence[MediaEvent], sample_count: int, now: float) -> bool:
        """Take what one read brought, `sample_count` of them samples; return whether to tell."""
        if sample_count == len(events):
            self._append(now, (), cast("Sequence[Sample]", events))
        else:
            self._note_changes(events, now)
        self._sample_count += sample_count
        return now >= self._due_at or self._sample_count >= _MOST_SAMPLES

    def take(self, now: float) -> MediaMeasured | None:
        """Give what has been collected, if anything, and begin anew."""
        stretches = self._stretches
        if not stretches:
            return None
        self._stretches = []
        self._sample_count = 0
        self._due_at = now + _INTERVAL_S
        return MediaMeasured(self._publisher_id, self._channel, stretches)

    def _append(
        self,
        now: float,
        changes: tuple[TrackStarted | TrackEnded | TracksAnnounced | Discontinuity, ...],
        samples: Sequence[Sample],
    ) -> None:
        measured = [
            (track, dts, pts, is_sync, len(payload))
            for track, dts, pts, _, is_sync, payload in samples
        ]
        self._stretches.append(MediaStretch(now, changes, measured))

    def _note_changes(self, events: Sequence[MediaEvent], now: float) -> None:
        """Cut what came where something changes, as times before and after it are of two kinds."""
        changes: list[TrackStarted | TrackEnded | TracksAnnounced | Discontinuity] = []
        samples: list[Sample] = []
        for event in events:
            if isinstance(event, Sample):
                samples.append(event)
            elif isinstance(event, _CHANGES):
                if samples:
                    self._append(now, tuple(changes), samples)
                    changes, samples = [], []
                changes.append(event)
        self._append(now, tuple(changes), samples)

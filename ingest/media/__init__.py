"""The published language of ingest: what a publisher sends, freed of the protocol that carried it.

Pure values: no I/O, no clocks. `packager` may import this package and nothing else of `ingest`.
"""

from ingest.media.codec import Codec, MediaKind
from ingest.media.event import (
    Discontinuity,
    MediaEvent,
    PublisherWarning,
    Sample,
    TrackEnded,
    TracksAnnounced,
    TrackStarted,
    WarningCode,
)
from ingest.media.track import AudioFormat, ColorDescription, Track, VideoFormat, track_name

__all__ = [
    "AudioFormat",
    "Codec",
    "ColorDescription",
    "Discontinuity",
    "MediaEvent",
    "MediaKind",
    "PublisherWarning",
    "Sample",
    "Track",
    "TrackEnded",
    "TrackStarted",
    "TracksAnnounced",
    "VideoFormat",
    "WarningCode",
    "track_name",
]

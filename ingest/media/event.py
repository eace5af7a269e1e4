"""What a publisher's media says, in the order in which it was said."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ingest.media.track import Track


class Sample(NamedTuple):
    """One coded access unit of a track.

    A NamedTuple, not a dataclass: hundreds of publishers make tens of thousands a second.
    `dts` and `pts` count in ticks of the track's timescale, may be negative, and share one origin
    among all tracks of a publisher between two Discontinuities; `dts` rises strictly per track.
    `pts` may lie before `dts` (signed composition offset). `duration` is exact for audio and 0
    (unknown) for video. `payload` is the unit as it goes into an `mdat`: NAL units with length
    prefixes of the size that the decoder configuration names, AV1 OBUs without temporal
    delimiters, raw AAC without ADTS; a view if it is a share of what came.
    """

    track: str
    dts: int
    pts: int
    duration: int
    is_sync: bool
    payload: bytes | memoryview


@dataclass(frozen=True, slots=True)
class TracksAnnounced:
    """The publisher's metadata says that these tracks will come. A hint, never a promise."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class TrackStarted:
    """A track begins, or goes on with a different decoder configuration.

    Comes before the first sample it describes, and only if the description really differs from
    the one before: encoders repeat identical sequence headers every few seconds.
    """

    track: Track


@dataclass(frozen=True, slots=True)
class TrackEnded:
    """The publisher says that no more samples of this track will come."""

    name: str


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """Times after this have no relation to times before; every track starts anew."""

    reason: str


class WarningCode(Enum):
    """What a publisher should be told about its own stream."""

    TIMESTAMPS_REPAIRED = "timestamps-repaired"
    TIMESTAMPS_JUMPED = "timestamps-jumped"
    UNSUPPORTED_TRACK = "unsupported-track"
    BROKEN_PAYLOAD = "broken-payload"
    LONG_GOP = "long-gop"
    NO_KEYFRAME = "no-keyframe"
    TRACK_STALLED = "track-stalled"
    SHOW_NOT_STARTED = "show-not-started"
    FRAME_RATE_VARIES = "frame-rate-varies"


@dataclass(frozen=True, slots=True)
class PublisherWarning:
    """Something about the stream that its streamer could mend, in a sentence for the streamer.

    `count` is how often it was seen since it was told last.
    """

    code: WarningCode
    text: str
    count: int = 1


MediaEvent = Sample | TracksAnnounced | TrackStarted | TrackEnded | Discontinuity | PublisherWarning

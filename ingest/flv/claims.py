"""What onMetaData claims about the tracks (FLV E.5; Enhanced RTMP v2 "onMetaData").

Claims announce tracks and help to guess a frame rate; codec, size and sample rate come from the
bitstream alone.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ingest.media import MediaKind, track_name

_MAX_BITRATE_KBPS = 10_000_000
_MAX_FRAME_RATE = 1000
_TRACK_ID = re.compile(r"[0-9]{1,3}")
_FRAME_RATE_DENOMINATOR = 100_000


@dataclass(frozen=True, slots=True)
class TrackClaims:
    """What the publisher says about one track; None where it says nothing usable."""

    bitrate_bps: int | None = None
    frame_rate: Fraction | None = None


NO_CLAIMS = TrackClaims()


@dataclass(frozen=True, slots=True)
class PublisherClaims:
    """What the publisher says about its tracks, by track name."""

    tracks: Mapping[str, TrackClaims] = field(default_factory=dict)

    def of(self, name: str) -> TrackClaims:
        """Give the claims about a track, known or not."""
        return self.tracks.get(name, NO_CLAIMS)


def read_claims(values: Mapping[str, object]) -> PublisherClaims:
    """Read the values of onMetaData; what is missing, of a wrong type or absurd is left out."""
    tracks: dict[str, TrackClaims] = {}
    for kind in MediaKind:
        prefix = kind.value
        # A codec id of 0 is how some encoders say that there is no such track.
        if values.get(f"{prefix}codecid"):
            tracks[track_name(kind, 0)] = _read_track(kind, values)
        described = values.get(f"{prefix}TrackIdInfoMap")
        if not isinstance(described, Mapping):
            continue
        for track_id, claims in described.items():
            if _TRACK_ID.fullmatch(str(track_id)) and int(track_id) < 256:
                about = claims if isinstance(claims, Mapping) else {}
                tracks[track_name(kind, int(track_id))] = _read_track(kind, about)
    return PublisherClaims(tracks)


def _read_track(kind: MediaKind, values: Mapping[str, object]) -> TrackClaims:
    """Read the claims about one track."""
    kilobits = _number(values.get(f"{kind.value}datarate"), _MAX_BITRATE_KBPS)
    bitrate_bps = None if kilobits is None else round(kilobits * 1000)
    frame_rate = None
    if kind is MediaKind.VIDEO:
        frames = _number(values.get("framerate"), _MAX_FRAME_RATE)
        if frames is not None:
            frame_rate = Fraction(frames).limit_denominator(_FRAME_RATE_DENOMINATOR)
    return TrackClaims(bitrate_bps or None, frame_rate or None)


def _number(value: object, limit: int) -> float | None:
    """Give a number between 0 and `limit`, or None for anything else, NaN and text included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and 0 < value <= limit else None

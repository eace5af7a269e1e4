"""PublisherMedia: the FLV messages of one connection in, MediaEvents out."""

from collections.abc import Mapping

from ingest.flv.audio_track import AudioTrack
from ingest.flv.body import (
    LEGACY_AUDIO_HEADER_BYTES,
    LEGACY_VIDEO_HEADER_BYTES,
    BodyUnit,
    UnitRole,
    has_legacy_audio,
    has_legacy_video,
    parse_audio_body,
    parse_video_body,
)
from ingest.flv.claims import PublisherClaims, read_claims
from ingest.flv.clock import Continuity, Verdict, WireClock
from ingest.flv.errors import RemoteProtocolError, UnsupportedCodec, unsupported_text
from ingest.flv.video_track import VideoTrack
from ingest.flv.warning_gate import WarningGate
from ingest.media import (
    Codec,
    Discontinuity,
    MediaEvent,
    MediaKind,
    TrackEnded,
    TracksAnnounced,
    WarningCode,
    track_name,
)
from ingest.media.codecs.errors import BitstreamError
from ingest.rtmp.event import MediaMessage, MediaMessageKind

# OBS sends up to 10 video and 6 audio tracks; each one costs a rendition.
_MAX_TRACKS_OF_A_KIND = 16

_MediaTrack = VideoTrack | AudioTrack

# Looked up for every message; a member's access costs more than a global's in Python 3.11.
_CODED = UnitRole.CODED
_AUDIO, _VIDEO = MediaMessageKind.AUDIO, MediaMessageKind.VIDEO
_CONTINUES, _STALE, _ALIGNED = Verdict.CONTINUES, Verdict.STALE, Verdict.ALIGNED


class PublisherMedia:
    """Reads the media of one publisher from its messages.

    Pure: `now` is monotonic seconds and only paces warnings. Bad bytes of a track cost that unit
    and a warning; times are repaired and breaks told as `ingest.media` promises. Times count from
    the first coded unit after the start or a Discontinuity, whatever track it belongs to.
    Samples before the first sync sample are passed on: whether to wait is the cutter's decision.
    """

    def __init__(self) -> None:
        self._claims = PublisherClaims()
        self._video: dict[int, _MediaTrack] = {}
        self._audio: dict[int, _MediaTrack] = {}
        # By the first two bytes of coded frames of FLV's own codecs, which are nearly all messages.
        self._usual_video: dict[bytes, VideoTrack] = {}
        self._usual_audio: dict[bytes, AudioTrack] = {}
        self._wire_clock = WireClock()
        self._continuity = Continuity()
        self._origin_ms: int | None = None
        self._gate = WarningGate()

    def receive(self, message: MediaMessage, now: float) -> list[MediaEvent]:
        """Take an audio or video message; data messages give nothing here.

        Raises UnsupportedCodec if the main track (id 0) of a kind is coded in a format that is
        not carried and no other has been going on under that id.
        """
        events: list[MediaEvent] = []
        self.receive_into(events, message, now)
        return events

    def receive_into(self, events: list[MediaEvent], message: MediaMessage, now: float) -> None:
        """Do as `receive`, and append to `events`."""
        kind, timestamp_ms, payload = message
        track: _MediaTrack | None
        composition_ms = 0
        if kind is _VIDEO:
            track = self._usual_video.get(payload[:2])
            start = LEGACY_VIDEO_HEADER_BYTES
            composition_ms = int.from_bytes(payload[2:start], "big", signed=True)
        elif kind is _AUDIO:
            track = self._usual_audio.get(payload[:2])
            start = LEGACY_AUDIO_HEADER_BYTES
        else:
            return
        if track is None or len(payload) <= start:
            self._receive_any(events, message, now)
            return
        try:
            place_ms = self._place(track, self._wire_clock.unwrap(timestamp_ms), now, events)
            if place_ms is not None:
                track.read(payload, start, place_ms, composition_ms, 0, events)
        except (BitstreamError, RemoteProtocolError) as error:
            self._warn(WarningCode.BROKEN_PAYLOAD, track.name, str(error), now, events)
        if track.complaints:
            self._complain(track, now, events)

    def receive_metadata(self, values: Mapping[str, object]) -> list[MediaEvent]:
        """Take the values of onMetaData. They hold for tracks that start after."""
        self._claims = read_claims(values)
        names = frozenset(self._claims.tracks)
        return [TracksAnnounced(names)] if names else []

    def flush(self) -> list[MediaEvent]:
        """Give what is held back at the end of the media: warnings not yet told."""
        return [*self._gate.flush()]

    def _receive_any(self, events: list[MediaEvent], message: MediaMessage, now: float) -> None:
        """Take a message of any form."""
        message_kind, timestamp_ms, payload = message
        try:
            if message_kind is _VIDEO:
                tracks, units = self._video, parse_video_body(payload)
            else:
                tracks, units = self._audio, parse_audio_body(payload)
        except RemoteProtocolError as error:
            subject = message_kind.name.lower()
            self._warn(WarningCode.BROKEN_PAYLOAD, subject, str(error), now, events)
            return
        time_ms: int | None = None
        for unit in units:
            track = tracks.get(unit.track_id)
            if track is None or track.codec is not unit.codec:
                kind = MediaKind.VIDEO if message_kind is _VIDEO else MediaKind.AUDIO
                track = self._admit(kind, tracks, unit, now, events)
                if track is None:
                    continue
            try:
                if unit.role is not _CODED:
                    _configure(track, unit, events)
                elif unit.start < len(unit.payload):
                    if time_ms is None:
                        # Only coded units: headers come with time 0 wherever the media is.
                        time_ms = self._wire_clock.unwrap(timestamp_ms)
                    place_ms = self._place(track, time_ms, now, events)
                    if place_ms is not None:
                        self._note_usual(track, unit)
                        _, _, _, composition_ms, offset_ns, body, start = unit
                        track.read(body, start, place_ms, composition_ms, offset_ns, events)
            except (BitstreamError, RemoteProtocolError) as error:
                self._warn(WarningCode.BROKEN_PAYLOAD, track.name, str(error), now, events)
            if track.complaints:
                self._complain(track, now, events)

    def _note_usual(self, track: _MediaTrack, unit: BodyUnit) -> None:
        """Remember how coded frames of this track begin, if two bytes say it all."""
        if isinstance(track, VideoTrack):
            if has_legacy_video(unit):
                self._usual_video[unit.payload[:2]] = track
        elif has_legacy_audio(unit):
            self._usual_audio[unit.payload[:2]] = track

    def _complain(self, track: _MediaTrack, now: float, events: list[MediaEvent]) -> None:
        for complaint in track.complaints:
            self._warn(complaint.code, track.name, complaint.text, now, events)
        track.complaints.clear()

    def _admit(
        self,
        kind: MediaKind,
        tracks: dict[int, _MediaTrack],
        unit: BodyUnit,
        now: float,
        events: list[MediaEvent],
    ) -> _MediaTrack | None:
        """Give the track for a new id or another codec, or None if it cannot be carried."""
        self._usual_video.clear()
        self._usual_audio.clear()
        track_id, codec = unit.track_id, unit.codec
        track = tracks.get(track_id)
        name = track_name(kind, track_id)
        if not isinstance(codec, Codec):
            if track_id == 0 and track is None:
                raise UnsupportedCodec(kind, codec)
            text = unsupported_text(kind, codec)
            self._warn(WarningCode.UNSUPPORTED_TRACK, name, text, now, events)
            return None
        if track is not None:
            track.change_codec(codec)
            return track
        if len(tracks) >= _MAX_TRACKS_OF_A_KIND:
            text = f"only {_MAX_TRACKS_OF_A_KIND} {kind.value} tracks are carried"
            self._warn(WarningCode.UNSUPPORTED_TRACK, name, text, now, events)
            return None
        track_type = VideoTrack if kind is MediaKind.VIDEO else AudioTrack
        track = tracks[track_id] = track_type(track_id, codec, self._claims.of(name))
        return track

    def _place(
        self, track: _MediaTrack, time_ms: int, now: float, events: list[MediaEvent]
    ) -> int | None:
        """Give the time of a unit from the common origin, or None if it has no place in time."""
        verdict, place_ms = self._continuity.judge(track.name, time_ms)
        if verdict is not _CONTINUES:
            if verdict is _STALE:
                return None
            if verdict is _ALIGNED:
                text = _alignment_text(time_ms - place_ms)
                self._warn(WarningCode.TIMESTAMPS_JUMPED, track.name, text, now, events)
            else:
                self._break(track, place_ms, now, events)
        if self._origin_ms is None:
            self._origin_ms = place_ms
        return place_ms - self._origin_ms

    def _break(
        self, track: _MediaTrack, time_ms: int, now: float, events: list[MediaEvent]
    ) -> None:
        """Begin all clocks anew at a unit of this track."""
        text = f"timestamps jumped to {time_ms} ms"
        events.append(Discontinuity(f"{track.name}: {text}"))
        self._warn(WarningCode.TIMESTAMPS_JUMPED, track.name, text, now, events)
        self._origin_ms = time_ms
        for broken in (*self._video.values(), *self._audio.values()):
            broken.restart_clock()

    def _warn(
        self, code: WarningCode, subject: str, text: str, now: float, events: list[MediaEvent]
    ) -> None:
        """Tell of a mishap, unless it was told of a moment ago."""
        events.extend(self._gate.pass_on(code, subject, text, now))


def _alignment_text(offset_ms: int) -> str:
    """Tell a streamer that a track was moved by so much."""
    side = "after" if offset_ms > 0 else "before"
    return (
        f"timestamps begin {abs(offset_ms) / 1000:g} seconds {side} those of the other tracks; "
        "the track was moved to begin with them, and may not be exactly in step"
    )


def _configure(track: _MediaTrack, unit: BodyUnit, events: list[MediaEvent]) -> None:
    """Give a track a unit that holds no coded frames."""
    body = unit.payload[unit.start :]
    match unit.role:
        case UnitRole.SEQUENCE_START:
            track.configure(body, events)
        case UnitRole.SEQUENCE_END:
            if track.is_started:
                events.append(TrackEnded(track.name))
                track.end()
        case UnitRole.METADATA | UnitRole.MULTICHANNEL_CONFIG:
            track.annotate(body, events)

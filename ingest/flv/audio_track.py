"""One audio track of a publisher: its reader, clock and current description."""

from ingest.flv.claims import TrackClaims
from ingest.flv.clock import AudioClock
from ingest.flv.complaint import NO_SEQUENCE_HEADER, TIMESTAMPS_REPAIRED, Complaint
from ingest.flv.units import AudioDescription, OpusReader, audio_reader
from ingest.media import Codec, MediaEvent, MediaKind, Sample, Track, TrackStarted, track_name


class AudioTrack:
    """Turns the bodies of one audio track into events. Times are milliseconds from the origin.

    `complaints` collects what was mended; its owner empties it.
    """

    __slots__ = (
        "_claims",
        "_clock",
        "_described",
        "_rate_hz",
        "_reader",
        "_record",
        "codec",
        "complaints",
        "name",
        "track_id",
    )

    def __init__(self, track_id: int, codec: Codec, claims: TrackClaims) -> None:
        self.name = track_name(MediaKind.AUDIO, track_id)
        self.track_id = track_id
        self.codec = codec
        self.complaints: list[Complaint] = []
        self._claims = claims
        self._reader = audio_reader(codec)
        self._described: AudioDescription | None = None
        self._record: bytes | None = None
        self._clock: AudioClock | None = None
        self._rate_hz = 0

    @property
    def is_started(self) -> bool:
        """Whether TrackStarted has been given and no end since."""
        return self._described is not None

    def configure(self, record: bytes, events: list[MediaEvent]) -> None:
        """Take a sequence header.

        The same one again, which encoders send every few seconds, says nothing: what came in-band
        since is newer.
        """
        if record == self._record:
            return
        self._reader.configure(record)
        self._record = record
        self._describe(events)

    def annotate(self, body: bytes, events: list[MediaEvent]) -> None:
        """Take a MultichannelConfig body; only Opus may need it, the other headers say it all."""
        if isinstance(self._reader, OpusReader):
            self._reader.set_channels(body)
            self._describe(events)

    def read(  # noqa: PLR0917 - called for every frame, where names would cost as much again
        self,
        payload: bytes,
        start: int,
        time_ms: int,
        composition_ms: int,
        offset_ns: int,
        events: list[MediaEvent],
    ) -> None:
        """Take the coded frames in `payload[start:]`.

        The nanosecond offset is below what sample counts already give; nothing is composed.
        """
        del composition_ms, offset_ns
        coded = self._reader.read(payload, start)
        if self._reader.description is not self._described:
            self._describe(events)
        if self._described is None:
            self.complaints.append(NO_SEQUENCE_HEADER)
            return
        clock = self._clock
        if clock is None:
            clock = self._clock = AudioClock(self._rate_hz)
        before = 0
        for frame, duration in coded:
            start_ms = time_ms + before * 1000 // self._rate_hz
            dts, is_repaired = clock.place(start_ms, duration)
            if is_repaired:
                self.complaints.append(TIMESTAMPS_REPAIRED)
            before += duration
            fields = (self.name, dts, dts, duration, True, frame)
            events.append(tuple.__new__(Sample, fields))

    def change_codec(self, codec: Codec) -> None:
        """Go on with another codec under the same track id; times go on as they were."""
        self.codec = codec
        self._reader = audio_reader(codec)
        self._described = self._record = None

    def restart_clock(self) -> None:
        """Forget all times: the connection's clock broke."""
        self._clock = None

    def end(self) -> None:
        """Forget the description, so that media after the end starts the track again."""
        self._described = self._record = None

    def _describe(self, events: list[MediaEvent]) -> None:
        """Start the track, or go on with another description; nothing if it says the same."""
        description = self._reader.description
        is_news = description != self._described
        self._described = description
        if not is_news or description is None:
            return
        audio = description.audio
        if audio.sample_rate_hz != self._rate_hz:
            self._rate_hz = audio.sample_rate_hz
            self._clock = None
        track = Track(
            self.name,
            self.track_id,
            self.codec,
            audio.sample_rate_hz,
            description.decoder_configuration,
            audio=audio,
            bitrate_bps=self._claims.bitrate_bps,
        )
        events.append(TrackStarted(track))

"""One video track of a publisher: its reader, clock and current description."""

from dataclasses import replace

from ingest.flv.claims import TrackClaims
from ingest.flv.clock import VideoClock, common_rate
from ingest.flv.color_info import ColorInfo, parse_color_info
from ingest.flv.complaint import (
    FRAME_RATE_VARIES,
    NO_SEQUENCE_HEADER,
    TIMESTAMPS_REPAIRED,
    Complaint,
)
from ingest.flv.units import VideoDescription, video_reader
from ingest.media import Codec, MediaEvent, MediaKind, Sample, Track, TrackStarted, VideoFormat
from ingest.media.track import VIDEO_TIMESCALE, track_name


class VideoTrack:
    """Turns the bodies of one video track into events. Times are milliseconds from the origin.

    `complaints` collects what was mended; its owner empties it.
    """

    __slots__ = (
        "_claims",
        "_clock",
        "_color_info",
        "_described",
        "_is_told_to_vary",
        "_reader",
        "_record",
        "codec",
        "complaints",
        "name",
        "track_id",
    )

    def __init__(self, track_id: int, codec: Codec, claims: TrackClaims) -> None:
        self.name = track_name(MediaKind.VIDEO, track_id)
        self.track_id = track_id
        self.codec = codec
        self.complaints: list[Complaint] = []
        self._claims = claims
        self._reader = video_reader(codec)
        self._described: VideoDescription | None = None
        self._record: bytes | None = None
        self._color_info = ColorInfo()
        self._clock: VideoClock | None = None
        self._is_told_to_vary = False

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
        """Take a Metadata body; it holds from the next unit on and may come before the header."""
        color_info = parse_color_info(body)
        if color_info is None or color_info == self._color_info:
            return
        self._color_info = color_info
        if self._described is not None:
            self._start(self._described, events)

    def read(  # noqa: PLR0917 - called for every frame, where names would cost as much again
        self,
        payload: bytes,
        start: int,
        time_ms: int,
        composition_ms: int,
        offset_ns: int,
        events: list[MediaEvent],
    ) -> None:
        """Take the coded frames in `payload[start:]`; the rest is as in BodyUnit."""
        pictures = self._reader.read(payload, start)
        if self._reader.description is not self._described:
            self._describe(events)
        if self._described is None:
            self.complaints.append(NO_SEQUENCE_HEADER)
            return
        clock = self._clock
        if clock is None:
            claimed = (self._claims.frame_rate, self._described.video.frame_rate)
            clock = self._clock = VideoClock([rate for rate in claimed if rate])
        for picture, is_sync in pictures:
            dts, pts, is_repaired = clock.place(time_ms, composition_ms, offset_ns)
            if is_repaired:
                self.complaints.append(TIMESTAMPS_REPAIRED)
            fields = (self.name, dts, pts, 0, is_sync, picture)
            events.append(tuple.__new__(Sample, fields))
            if is_sync and clock.frame_rate_varies and not self._is_told_to_vary:
                self._is_told_to_vary = True
                self.complaints.append(FRAME_RATE_VARIES)

    def change_codec(self, codec: Codec) -> None:
        """Go on with another codec under the same track id; times go on as they were."""
        self.codec = codec
        self._reader = video_reader(codec)
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
        if is_news and description is not None:
            self._start(description, events)

    def _start(self, description: VideoDescription, events: list[MediaEvent]) -> None:
        """Tell of the track as it is now described."""
        track = Track(
            self.name,
            self.track_id,
            self.codec,
            VIDEO_TIMESCALE,
            description.decoder_configuration,
            video=self._completed(description.video),
            bitrate_bps=self._claims.bitrate_bps,
        )
        events.append(TrackStarted(track))

    def _completed(self, video: VideoFormat) -> VideoFormat:
        """Add what the publisher says to what the bitstream says.

        colorInfo may change without a new header, so it goes before the bitstream's description;
        the range is in the bitstream alone. A claimed frame rate is what the encoder is set to,
        while VUI timing may count fields.
        """
        info = self._color_info
        color = video.color
        if info.color is not None:
            color = replace(info.color, full_range=color is not None and color.full_range)
        claimed = self._claims.frame_rate
        return replace(
            video,
            color=color,
            frame_rate=common_rate(claimed) if claimed else video.frame_rate,
            mastering_display=info.mastering_display,
            content_light_level=info.content_light_level,
        )

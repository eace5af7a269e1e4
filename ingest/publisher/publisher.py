"""Publisher: one who is on air, and the way of its media into its sink."""

from collections.abc import Sequence

import structlog

from ingest.events import Emit, PublisherEnded, PublisherStarted, PublisherWarned
from ingest.flv import PublisherMedia
from ingest.media import MediaEvent, PublisherWarning, Sample, WarningCode
from ingest.ports import EndReason, MediaSink, PublishAttempt
from ingest.publisher.media_meter import MediaMeter
from ingest.rtmp import MediaMessage, MetadataReceived

_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.publisher")


class Publisher:
    """Takes the messages of one publication. Owns the sink and closes it exactly once."""

    def __init__(
        self,
        *,
        publisher_id: int,
        attempt: PublishAttempt,
        channel: str,
        sink: MediaSink,
        emit: Emit,
        now: float,
        is_measured: bool = False,
    ) -> None:
        self.publisher_id = publisher_id
        self.channel = channel
        self.sink = sink
        self._attempt = attempt
        self._emit = emit
        self._media = PublisherMedia()
        self._meter = MediaMeter(publisher_id, channel, now) if is_measured else None
        self._started_at = now
        self.wanted_at = 0.0  # from when on the sink wants what comes at once
        self._sample_count = 0
        self._payload_bytes = 0
        self._logged_warnings: set[WarningCode] = set()
        self._log = _log.bind(channel=channel, publisher_id=publisher_id)

    @property
    def encoder(self) -> str:
        """What the encoder calls itself; made by a stranger."""
        return self._attempt.encoder

    @property
    def started_at(self) -> float:
        """When it came on air, in the loop's seconds."""
        return self._started_at

    @property
    def payload_bytes(self) -> int:
        """How many bytes of media it has sent."""
        return self._payload_bytes

    def announce(self) -> None:
        """Tell that the publisher is on air."""
        encoder, remote_host = self._attempt.encoder, self._attempt.remote_host
        self._log.info("publisher started", encoder=encoder, remote_host=remote_host)
        self._emit(PublisherStarted(self.publisher_id, self.channel, encoder, remote_host))

    def take(self, messages: Sequence[MediaMessage | MetadataReceived], now: float) -> None:
        """Pass on what messages hold, in one go.

        Raises UnsupportedCodec, after all that came before it has been passed on, and
        OutputEndedError.
        """
        media: list[MediaEvent] = []
        try:
            for message in messages:
                if isinstance(message, MediaMessage):
                    self._payload_bytes += len(message.payload)
                    self._media.receive_into(media, message, now)
                else:
                    media += self._media.receive_metadata(message.values)
        finally:
            self._pass_on(media, now)

    def end(self, reason: EndReason, detail: str, now: float) -> None:
        """Close the sink and tell why, `detail` in words for the log. Call it exactly once."""
        try:
            self._pass_on(self._media.flush(), now)
            self._tell_measured(now)
        finally:
            try:
                self.sink.close(reason, now)
            finally:
                self._announce_end(reason, detail, now)

    def _announce_end(self, reason: EndReason, detail: str, now: float) -> None:
        duration_s = now - self._started_at
        self._log.info(
            "publisher ended",
            reason=reason.value,
            detail=detail,
            duration_s=round(duration_s, 1),
            samples=self._sample_count,
            payload_bytes=self._payload_bytes,
        )
        self._emit(
            PublisherEnded(
                self.publisher_id,
                self.channel,
                reason,
                duration_s,
                self._sample_count,
                self._payload_bytes,
            )
        )

    def _pass_on(self, events: list[MediaEvent], now: float) -> None:
        """Give the media to the sink, and tell the warnings here: a sink would tell them again."""
        kinds = list(map(type, events))
        sample_count = kinds.count(Sample)
        self._sample_count += sample_count
        meter = self._meter
        if meter is not None and events and meter.note(events, sample_count, now):
            self._tell_measured(now)
        warnings: list[PublisherWarning] = []
        if PublisherWarning in kinds:
            warnings = [event for event in events if isinstance(event, PublisherWarning)]
            events = [event for event in events if not isinstance(event, PublisherWarning)]
        if events:
            self.wanted_at = self.sink.receive(events, now)
        for warning in warnings:
            self._warn(warning)

    def _tell_measured(self, now: float) -> None:
        measured = None if self._meter is None else self._meter.take(now)
        if measured is not None:
            self._emit(measured)

    def _warn(self, warning: PublisherWarning) -> None:
        if warning.code not in self._logged_warnings:
            self._logged_warnings.add(warning.code)
            self._log.warning("publisher warned", code=warning.code.value, text=warning.text)
        self._emit(PublisherWarned(self.publisher_id, self.channel, warning))

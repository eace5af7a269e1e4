"""PublisherSession: one connection's socket, joined to its protocol, its decision and its media."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from functools import partial
from typing import assert_never, cast

import structlog

from ingest.events import PublisherRefused
from ingest.flv import UnsupportedCodec
from ingest.ports import (
    EndReason,
    MediaSink,
    OutputEndedError,
    PublishAttempt,
    Refusal,
)
from ingest.publisher.entrance import let_in, status_of
from ingest.publisher.last_heard import LastHeard
from ingest.publisher.line import Line
from ingest.publisher.publisher import Publisher
from ingest.publisher.surroundings import Surroundings
from ingest.rtmp import (
    HANDSHAKE_RANDOM_BYTES,
    Connected,
    Event,
    MediaMessage,
    MetadataReceived,
    PublishEnded,
    PublishRequested,
    RemoteProtocolError,
    ServerConnection,
    StatusCode,
)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.publisher")

# After its linger time a connection is closed in order, and this much later without.
_ABORT_AFTER_S = 2.0
# One read can hold seconds of media; more at a time than this, and the sink could not tell before
# it has all of it that it is full, and viewers would get it in bursts. A rest leaves less.
_BATCH_MESSAGES = 64
# Of a publisher who was too fast before: a tenth of a second of pictures and sound, so that what is
# held back comes evenly. 64 came as a burst of most of a second, which players take for jitter.
_SLOWED_BATCH_MESSAGES = 8
_MEDIA = frozenset({MediaMessage, MetadataReceived})
# Then the rest of a read is delivered at once: only reading shows whether the peer is still there.
_LONGEST_HOLD_S = 60.0


class PublisherSession(asyncio.Protocol):
    """Serves one publisher from accept to close.

    Reading rests while a decision is awaited and while the sink is full, so that neither costs
    memory: TCP makes the encoder wait, and what came in the same read is held. Nothing here has a
    timer of its own; the server calls `check` on all sessions from time to time.
    """

    def __init__(
        self, surroundings: Surroundings, remote_host: str, on_gone: Callable[[], None]
    ) -> None:
        """Serve an admitted connection; `on_gone` is called once when it is no more."""
        self._surroundings = surroundings
        self._settings = surroundings.settings
        self._loop = surroundings.loop
        self._remote_host = remote_host
        self._on_gone = on_gone
        self._transport: asyncio.Transport | None = None
        self._line: Line | None = None  # the transport, if it is one that can rest
        self._connection = ServerConnection(
            self._settings.limits,
            handshake_random=os.urandom(HANDSHAKE_RANDOM_BYTES),
            opened_at=self._loop.time(),
        )
        self._encoder = ""
        self._publisher: Publisher | None = None
        self._awaited: asyncio.Task[None] | None = None  # a decision, or room in the sink
        self._held: list[Event] = []  # what came in the same read as that
        self._read_at = 0.0
        self._slowed_id: int | None = None  # of the last publisher whose reading rested
        self._batch_messages = _BATCH_MESSAGES
        self._last_heard = LastHeard()
        self._closing_since: float | None = None
        self._is_gone = False

    @property
    def is_connected(self) -> bool:
        """Whether there is, or was, a transport that owns the socket."""
        return self._transport is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass
        self._transport = transport
        self._line = transport if isinstance(transport, Line) else None
        if self._closing_since is not None:
            transport.abort()
            return
        transport.set_write_buffer_limits(high=self._settings.write_buffer_bytes)

    def data_received(self, data: bytes) -> None:
        """Read on: the one hot path of a publisher."""
        if self._transport is None or self._closing_since is not None:
            return
        self._read_at = now = self._loop.time()
        try:
            events = self._connection.receive_data(data, now)
            if events:
                self._take(events, now)
        except RemoteProtocolError as error:
            self._break_off(error)
            return
        except Exception:  # noqa: BLE001 - our fault ends this session and no other
            self._fail()
            return
        self._send()
        if self._line is not None and self._publisher is not None:
            self._line.rest_until(self._publisher.wanted_at)

    def pause_writing(self) -> None:
        """Cut off a peer that lets our few replies pile up."""
        self._end_publisher(EndReason.PROTOCOL_ERROR, "reads nothing")
        self._abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up, whoever closed."""
        if self._is_gone:
            return
        self._is_gone = True
        self._cancel_awaited()
        self._closing_since = self._loop.time()
        self._take_leftovers()
        self._end_publisher(EndReason.CONNECTION_LOST, str(exc) if exc is not None else "")
        self._on_gone()

    def check(self, now: float) -> None:
        """Close what has been silent, or closing, for too long."""
        if self._closing_since is not None:
            if now - self._closing_since >= self._settings.linger_s + _ABORT_AFTER_S:
                self._abort()
            return
        if self._awaited is not None:
            return  # it is us that the peer waits for
        try:
            self._connection.handle_deadline(now)
        except RemoteProtocolError as error:
            self._break_off(error)
            return
        text = self._last_heard.look(self._connection, now, self._settings.idle_timeout_s)
        if self._publisher is not None and text is not None:
            self._show_out(EndReason.SILENT, StatusCode.FAILED, text)

    def stop(self) -> None:
        """End because the server does, with all that has come."""
        self._read_now()
        if self._closing_since is None:
            self._cancel_awaited()
            self._take_leftovers()
            self._show_out(
                EndReason.SERVER_STOPPING, StatusCode.FAILED, "The server is being stopped."
            )

    def abort(self) -> None:
        """Close at once, without a word."""
        self._end_publisher(EndReason.SERVER_STOPPING, "")
        self._abort()

    @property
    def publisher(self) -> Publisher | None:
        """Who is on air over this connection, if anybody."""
        return self._publisher

    @property
    def channel(self) -> str | None:
        """The channel that the peer is on air on, if any."""
        return None if self._publisher is None else self._publisher.channel

    def cut(self, text: str) -> None:
        """End because somebody who may has decided so; the encoder can show `text`."""
        if self._closing_since is None:
            self._show_out(EndReason.CUT, StatusCode.DENIED, text)

    def _take(self, events: list[Event], now: float, *, at_once: bool = False) -> None:
        """Act on events in their order; what must wait is held, all behind it with it."""
        if self._awaited is not None:
            self._held += events
            return
        batch_messages = len(events) if at_once else self._batch_messages
        if len(events) <= batch_messages and _MEDIA.issuperset(map(type, events)):
            self._deliver(cast("list[MediaMessage | MetadataReceived]", events), now)
            return
        messages: list[MediaMessage | MetadataReceived] = []
        for index, event in enumerate(events):
            # The usual events first: a pattern costs more than isinstance with a tuple.
            if isinstance(event, (MediaMessage, MetadataReceived)):
                messages.append(event)
                if len(messages) >= batch_messages:
                    self._deliver(messages, now)
                    messages = []
                    if self._awaited is not None:
                        self._held += events[index + 1 :]
                        return
                continue
            match event:
                case Connected():
                    self._encoder = event.encoder
                case PublishRequested():
                    if self._closing_since is None:
                        self._held += events[index + 1 :]
                        self._consider(event)
                    return
                case PublishEnded():
                    self._deliver(messages, now)
                    messages = []
                    self._end_publisher(EndReason.UNPUBLISHED, "")
                case _:
                    assert_never(event)
        self._deliver(messages, now)

    def _go_on(self) -> None:
        """Act on what was held, and read on when nothing more has to wait."""
        self._awaited = None
        now = self._loop.time()
        self._last_heard.restart(now)
        held, self._held = self._held, []
        self._take(held, now, at_once=now - self._read_at >= _LONGEST_HOLD_S)
        self._read_on()

    def _read_on(self) -> None:
        transport = self._transport
        if self._awaited is None and transport is not None and not transport.is_closing():
            transport.resume_reading()

    def _take_leftovers(self) -> None:
        """Take what was held when the connection was lost, or is to end: it had come before."""
        held, self._held = self._held, []
        try:
            self._take(held, self._loop.time(), at_once=True)
        except Exception:  # noqa: BLE001 - our fault ends this session and no other
            self._fail()

    def _deliver(self, messages: list[MediaMessage | MetadataReceived], now: float) -> None:
        publisher = self._publisher
        if publisher is None or not messages:
            return
        try:
            publisher.take(messages, now)
        except UnsupportedCodec as error:
            self._show_out(EndReason.PROTOCOL_ERROR, StatusCode.REJECTED, str(error))
            return
        except OutputEndedError:
            text = "The server had to end this show. Start streaming again."
            self._show_out(EndReason.SERVER_ERROR, StatusCode.FAILED, text)
            return
        if self._awaited is None and not self._is_gone and publisher.sink.is_full:
            if self._slowed_id != publisher.publisher_id:
                self._slowed_id = publisher.publisher_id
                self._batch_messages = _SLOWED_BATCH_MESSAGES
                _log.info(
                    "publisher sends faster than real time",
                    channel=publisher.channel,
                    publisher_id=publisher.publisher_id,
                )
            self._await(partial(self._wait_for_room, publisher.sink))

    async def _wait_for_room(self, sink: MediaSink) -> None:
        await sink.wait_for_room()
        self._go_on()

    def _consider(self, request: PublishRequested) -> None:
        attempt = PublishAttempt(
            app=request.app,
            key=request.key,
            query=dict(request.query),
            remote_host=self._remote_host,
            encoder=self._encoder,
        )
        self._await(partial(self._decide, request.request_id, attempt))

    async def _decide(self, request_id: int, attempt: PublishAttempt) -> None:
        publisher_id = next(self._surroundings.publisher_ids)
        outcome = await let_in(self._surroundings, attempt, publisher_id, self._give_way)
        if isinstance(outcome, Refusal):
            self._refuse(request_id, attempt, outcome)
            return
        self._publisher = outcome
        self._batch_messages = _BATCH_MESSAGES
        outcome.announce()
        self._connection.accept_publish(request_id)
        self._send()
        self._go_on()

    def _refuse(self, request_id: int, attempt: PublishAttempt, refusal: Refusal) -> None:
        code = refusal.code.value
        self._log_seldom("publisher refused", code, code=code, encoder=attempt.encoder)
        self._surroundings.emit(PublisherRefused(refusal.code, attempt.remote_host))
        self._connection.reject_publish(request_id, status_of(refusal), refusal.text)
        self._close()

    def _give_way(self) -> None:
        self._read_now()
        if self._publisher is not None:
            self._show_out(
                EndReason.TAKEN_OVER,
                StatusCode.UNPUBLISHED,
                "A newer connection publishes with the same key.",
            )

    def _read_now(self) -> None:
        """Take the media that has been left waiting: it belongs to what is about to end."""
        if self._line is not None and self._publisher is not None:
            self._line.read_now()

    def _show_out(self, reason: EndReason, code: StatusCode, text: str) -> None:
        """End the publication and the connection, with a reason that the encoder can show."""
        self._end_publisher(reason, text)
        self._connection.stop(code, text)
        self._close()

    def _break_off(self, error: RemoteProtocolError) -> None:
        """Close on a peer that broke the protocol."""
        if self._publisher is None:
            self._log_seldom("connection closed", error.code.value, reason=str(error))
        self._show_out(EndReason.PROTOCOL_ERROR, StatusCode.FAILED, str(error))

    def _log_seldom(self, event: str, subject: str, **facts: str) -> None:
        host = self._remote_host
        self._surroundings.log_seldom(_log.info, event, subject, **facts, remote_host=host)

    def _fail(self) -> None:
        """Close after an error of our own, which must not reach other sessions."""
        _log.exception("session failed", remote_host=self._remote_host)
        self._end_publisher(EndReason.SERVER_ERROR, "")
        self._abort()

    def _end_publisher(self, reason: EndReason, detail: str) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is None:
            return
        if self._line is not None:
            self._line.rest_until(0)
        self._surroundings.on_air.release(publisher.channel, publisher.publisher_id)
        try:
            publisher.end(reason, detail, self._loop.time())
        except Exception:  # noqa: BLE001 - a sink's fault must not keep the connection open
            _log.exception("publisher not ended cleanly", channel=publisher.channel)

    def _await(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Let reading rest until `work` resumes it.

        One thing is awaited at a time: a sink's room is nobody's business any more when its
        publisher has ended and asks to publish again.
        """
        self._cancel_awaited()
        if self._transport is not None:
            self._transport.pause_reading()
        self._awaited = self._surroundings.spawn(self._guarded(work))

    async def _guarded(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - our fault ends this session and no other
            self._fail()

    def _cancel_awaited(self) -> None:
        awaited, self._awaited = self._awaited, None
        if awaited is not None and awaited is not asyncio.current_task(self._loop):
            awaited.cancel()

    def _send(self) -> None:
        replies = self._connection.data_to_send()
        if replies and self._transport is not None:
            self._transport.write(replies)

    def _close(self) -> None:
        """Send what is left and close a little later.

        Until then incoming bytes are read and dropped: closing a socket with unread bytes makes
        TCP throw away what the peer has not read yet, the reason for the refusal with it.
        """
        self._send()
        was_resting = self._awaited is not None
        self._cancel_awaited()
        self._held.clear()
        self._closing_since = self._loop.time()
        if self._transport is not None:
            if was_resting and not self._transport.is_closing():
                self._transport.resume_reading()
            self._loop.call_later(self._settings.linger_s, self._transport.close)

    def _abort(self) -> None:
        self._closing_since = self._loop.time()
        self._cancel_awaited()
        if self._transport is not None:
            self._transport.abort()

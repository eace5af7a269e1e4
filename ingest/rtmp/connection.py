"""ServerConnection: the server's end of one RTMP connection, without a socket.

Bytes go in, events and bytes come out, and time is an argument. Three things drive it: the
network (`receive_data`), its owner (`accept_publish` and the like) and the clock
(`handle_deadline`). It never waits; a decision that needs somebody else surfaces as the event
`PublishRequested` and comes back as a method call.
"""

import math

from ingest.rtmp import control
from ingest.rtmp.aggregate import split_aggregate
from ingest.rtmp.answers import answer
from ingest.rtmp.chunk_reader import ChunkReader
from ingest.rtmp.chunk_writer import ChunkWriter
from ingest.rtmp.command import Command, read_command, write_command
from ingest.rtmp.connect import ConnectRequest, connect_result, read_connect
from ingest.rtmp.control import LimitType, UserControl
from ingest.rtmp.data_message import read_data_message
from ingest.rtmp.destination import read_destination
from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError
from ingest.rtmp.event import (
    Connected,
    Event,
    MediaMessage,
    MediaMessageKind,
    PublishEnded,
    PublishRequested,
)
from ingest.rtmp.handshake import ServerHandshake
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.message import Message, MessageType
from ingest.rtmp.phase import TRANSITIONS, Phase, Step
from ingest.rtmp.status import StatusCode, on_status

WINDOW_BYTES = 2_500_000
# Told before the answer to connect, so that ffmpeg, which adopts it, writes large chunks too.
CHUNK_SIZE_BYTES = 65_536
_CONTROL_CSID = 2
_COMMAND_CSID = 3
_STATUS_CSID = 5

_MEDIA_KINDS: dict[int, MediaMessageKind] = {
    MessageType.AUDIO: MediaMessageKind.AUDIO,
    MessageType.VIDEO: MediaMessageKind.VIDEO,
}
_TAGS = frozenset({MessageType.AUDIO, MessageType.VIDEO, MessageType.DATA_AMF0})
_GOODBYES = frozenset({"FCUnpublish", "closeStream", "deleteStream"})


class ServerConnection:
    """Reads what a publisher sends and answers as encoders expect."""

    def __init__(self, limits: RtmpLimits, *, handshake_random: bytes, opened_at: float) -> None:
        """Begin with a peer that connected at `opened_at`, monotonic seconds.

        `handshake_random` are the 1528 random bytes of S1.
        """
        self._limits = limits
        self._phase = Phase.HANDSHAKING
        self._handshake = ServerHandshake(handshake_random)
        self._reader = ChunkReader(limits)
        self._writer = ChunkWriter()
        self._outbound: list[bytes] = []
        self._deadline: float | None = opened_at + limits.handshake_timeout_s
        self._app = self._tc_url = ""
        self._message_streams = 0
        self._publish_stream_id = 0
        self._request_id = 0
        self._takes_media = False
        self._speaks_chunks = False
        self._received_bytes = 0
        self._media_bytes = 0
        # The counts of received bytes at which an acknowledgement is due, and at which a peer
        # that publishes nothing has said enough.
        self._acknowledge_at_bytes = WINDOW_BYTES
        self._publish_until_bytes: float = limits.max_bytes_before_publish
        self._peer_window_bytes = WINDOW_BYTES
        self._own_window_bytes = WINDOW_BYTES

    @property
    def phase(self) -> Phase:
        """How far the peer has come."""
        return self._phase

    @property
    def received_bytes(self) -> int:
        """All bytes that the peer sent."""
        return self._received_bytes

    @property
    def media_progress_bytes(self) -> int:
        """A number that changes whenever media comes, be it a part of a message."""
        return self._media_bytes + self._reader.progress_bytes

    @property
    def media_bytes(self) -> int:
        """Payload of all audio and video messages."""
        return self._media_bytes

    def receive_data(self, data: bytes | bytearray | memoryview, now: float) -> list[Event]:
        """Take bytes as they were read at `now`; return what they say.

        Raises RemoteProtocolError if the peer broke the protocol or a limit: send what is left in
        `data_to_send` and close the connection. Once closing, bytes are dropped.
        """
        if type(data) is not bytes:
            data = bytes(data)
        self._received_bytes += len(data)
        if not self._speaks_chunks:
            data = self._read_handshake(data, now)
        events: list[Event] = []
        messages = self._reader.receive(data)
        if messages:
            self._act_on_all(messages, events, now)
        if self._received_bytes >= self._acknowledge_at_bytes:
            self._acknowledge_at_bytes = self._received_bytes + self._peer_window_bytes
            self._send(_CONTROL_CSID, control.acknowledgement(self._received_bytes))
        if self._received_bytes >= self._publish_until_bytes:
            raise RemoteProtocolError(
                f"expected a publisher within {self._limits.max_bytes_before_publish} bytes",
                ErrorCode.LIMIT_EXCEEDED,
            )
        return events

    def accept_publish(self, request_id: int) -> None:
        """Let the publisher begin. Nothing happens if it has ended that request meanwhile."""
        if not self._is_current(request_id):
            return
        self._advance(Step.ACCEPT)
        self._publish_until_bytes = math.inf
        self._send(_CONTROL_CSID, control.stream_begin(self._publish_stream_id))
        self._send_status(StatusCode.PUBLISH_START, "Publishing.")

    def reject_publish(self, request_id: int, code: StatusCode, description: str) -> None:
        """Turn the publisher away: send what is to be sent, then close the connection."""
        if not self._is_current(request_id):
            return
        self._advance(Step.REJECT)
        self._send_status(code, description)
        self._deadline = None

    def stop(self, code: StatusCode, description: str) -> None:
        """End whatever goes on, with a reason for the person at the encoder; then close."""
        has_publisher = self._phase in (Phase.REQUESTED, Phase.PUBLISHING)
        self._advance(Step.STOP)
        self._deadline = None
        if has_publisher:
            self._send_status(code, description)

    def data_to_send(self) -> bytes:
        """Take all bytes that are to be sent now."""
        if not self._outbound:
            return b""
        data = b"".join(self._outbound)
        self._outbound.clear()
        return data

    def next_deadline(self) -> float | None:
        """When `handle_deadline` should be called, or None while the peer owes nothing."""
        return self._deadline

    def handle_deadline(self, now: float) -> None:
        """Raise RemoteProtocolError if the peer has let its deadline pass."""
        if self._deadline is not None and now >= self._deadline:
            raise RemoteProtocolError(
                f"nothing asked for in time (phase: {self._phase.value})", ErrorCode.TIMED_OUT
            )

    def _is_current(self, request_id: int) -> bool:
        if not 1 <= request_id <= self._request_id:
            raise LocalProtocolError(
                f"request_id: expected 1 to {self._request_id}, got {request_id}"
            )
        return request_id == self._request_id and self._phase is Phase.REQUESTED

    def _advance(self, step: Step) -> None:
        phase = TRANSITIONS[self._phase].get(step)
        if phase is None:
            raise RemoteProtocolError(
                f"{step.value} is not possible while {self._phase.value}", ErrorCode.BAD_COMMAND
            )
        self._phase = phase
        self._takes_media = phase in (Phase.REQUESTED, Phase.PUBLISHING)
        self._speaks_chunks = phase not in (Phase.HANDSHAKING, Phase.CLOSING)

    def _read_handshake(self, data: bytes, now: float) -> bytes:
        """Return what follows the handshake: nothing before its end, or once closing."""
        if self._phase is Phase.CLOSING:
            return b""
        reply, rest = self._handshake.receive(data)
        if reply:
            self._outbound.append(reply)
        if rest is None:
            return b""
        self._advance(Step.SHAKE_HANDS)
        self._deadline = now + self._limits.publish_timeout_s
        return rest

    def _act_on_all(self, messages: list[Message], events: list[Event], now: float) -> None:
        """Act on messages in their order; `events` takes what the owner should know."""
        for message in messages:
            kind = _MEDIA_KINDS.get(message.type_id)
            if kind is None:
                self._act_on(message, events, now)
            elif self._takes_media:
                payload = message.payload
                self._media_bytes += len(payload)
                # Half the cost of MediaMessage(...), for tens of thousands a second.
                fields = (kind, message.timestamp_ms, payload)
                events.append(tuple.__new__(MediaMessage, fields))

    def _act_on(self, message: Message, events: list[Event], now: float) -> None:
        """Act on a message that is neither audio nor video."""
        match message.type_id:
            case MessageType.COMMAND_AMF0 | MessageType.COMMAND_AMF3:
                self._obey(read_command(message, self._limits), events, now)
            case MessageType.DATA_AMF0 | MessageType.DATA_AMF3:
                if self._takes_media:
                    events.append(read_data_message(message, self._limits))
            case MessageType.AGGREGATE:
                parts = split_aggregate(message, self._limits)
                self._act_on_all([part for part in parts if part.type_id in _TAGS], events, now)
            case MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE:
                self._peer_window_bytes = max(control.window_bytes(message), 1)
                self._acknowledge_at_bytes = self._received_bytes + self._peer_window_bytes
            case MessageType.SET_PEER_BANDWIDTH:
                self._limit_own_window(control.window_bytes(message))
            case MessageType.USER_CONTROL:
                if control.user_control_event(message) == UserControl.PING_REQUEST:
                    self._send(_CONTROL_CSID, control.ping_response(message))
            case _:
                # Acknowledgements, shared objects and what nobody knows ask for nothing.
                pass

    def _limit_own_window(self, window_bytes: int) -> None:
        # 5.4.5: answer with Window Acknowledgement Size if it differs from the last one sent.
        if window_bytes != self._own_window_bytes:
            self._own_window_bytes = window_bytes
            self._send(_CONTROL_CSID, control.window_acknowledgement_size(window_bytes))

    def _obey(self, command: Command, events: list[Event], now: float) -> None:
        """Act on a command. Its place in the sequence matters for connect and publish alone."""
        match command.name:
            case "connect":
                self._advance(Step.CONNECT)
                events.append(self._answer_connect(read_connect(command)))
            case "createStream":
                self._message_streams += 1
                self._send(
                    _COMMAND_CSID,
                    write_command(
                        "_result", command.transaction_id, None, float(self._message_streams)
                    ),
                )
            case "publish":
                self._advance(Step.PUBLISH)
                events.append(self._request_publish(command))
            case name if name in _GOODBYES:
                # OBS says FCUnpublish and deleteStream; the first one counts.
                if self._phase in (Phase.REQUESTED, Phase.PUBLISHING):
                    events.append(self._end_publish(now))
            case _:
                for reply in answer(command):
                    self._send(_COMMAND_CSID, reply)

    def _answer_connect(self, request: ConnectRequest) -> Connected:
        self._app, self._tc_url = request.app, request.tc_url
        for message in (
            control.window_acknowledgement_size(WINDOW_BYTES),
            control.set_peer_bandwidth(WINDOW_BYTES, LimitType.DYNAMIC),
            control.set_chunk_size(CHUNK_SIZE_BYTES),
        ):
            self._send(_CONTROL_CSID, message)
        self._writer.set_chunk_size(CHUNK_SIZE_BYTES)
        self._send(_COMMAND_CSID, connect_result(request))
        return Connected(request.encoder, request.is_enhanced)

    def _request_publish(self, command: Command) -> PublishRequested:
        # Message stream 0 is accepted too: some encoders publish without createStream.
        self._publish_stream_id = command.message_stream_id
        self._request_id += 1
        self._deadline = None
        place = read_destination(self._app, self._tc_url, command.text(1))
        return PublishRequested(self._request_id, place.app, place.key, place.query)

    def _end_publish(self, now: float) -> PublishEnded:
        self._advance(Step.UNPUBLISH)
        self._deadline = now + self._limits.publish_timeout_s
        self._publish_until_bytes = self._received_bytes + self._limits.max_bytes_before_publish
        self._send_status(StatusCode.UNPUBLISHED, "Unpublished.")
        return PublishEnded(self._request_id)

    def _send_status(self, code: StatusCode, description: str) -> None:
        self._send(_STATUS_CSID, on_status(code, description, self._publish_stream_id))

    def _send(self, csid: int, message: Message) -> None:
        self._outbound.append(self._writer.write(csid, message))

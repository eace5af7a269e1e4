"""RtmpSession: one connection from the TCP handshake to an accepted publish, and the goodbye."""

import os
import socket
import struct
from collections import deque
from urllib.parse import urlsplit

from tests.support.rtmp_publisher import Message, MessageType, amf0
from tests.support.rtmp_publisher.chunk_reader import ChunkReader
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter

_HANDSHAKE_BYTES = 1536
_ANSWER_LIMIT_S = 20.0
_PING_REQUEST, _PING_RESPONSE = 6, 7
_READ_BYTES = 65_536


class PublishFailedError(Exception):
    """The server refused, or went away before it let the publisher in."""


class RtmpSession:
    """Speaks as OBS does. Blocking until `publish` returned; from then on `socket` never blocks."""

    def __init__(self, url: str, key: str, chunk_bytes: int) -> None:
        place = urlsplit(url)
        self.key = key
        self.message_stream_id = 0
        self._reader, self._writer = ChunkReader(), ChunkWriter()
        self._transactions = 0
        self._heard: deque[list[amf0.AmfValue]] = deque()
        self.socket = socket.create_connection(
            (place.hostname or "127.0.0.1", place.port or 1935), timeout=_ANSWER_LIMIT_S
        )
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._shake_hands()
            self._publish(url, place.path.lstrip("/"), chunk_bytes)
        except (OSError, EOFError) as error:
            self.socket.close()
            raise PublishFailedError(f"{key}: {type(error).__name__} {error}") from error
        except PublishFailedError:
            self.socket.close()
            raise
        self.socket.setblocking(False)

    def answer_server(self) -> None:
        """Read what the server said, and answer its pings. Raises EOFError when it hung up."""
        try:
            received = self.socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        if not received:
            raise EOFError
        for message in self._reader.receive(received):
            is_control = message.type_id == MessageType.USER_CONTROL
            if is_control and message.payload[:2] == _PING_REQUEST.to_bytes(2, "big"):
                pong = _PING_RESPONSE.to_bytes(2, "big") + message.payload[2:6]
                self.socket.sendall(self._writer.write(Message(message.type_id, 0, pong), 2))

    def say_goodbye(self) -> None:
        """Unpublish as OBS does, and close."""
        self.socket.settimeout(1)
        try:
            self._command("FCUnpublish", None, self.key)
            self._command("deleteStream", None, self.message_stream_id)
        except OSError:
            self.cut()
        self.socket.close()

    def cut(self) -> None:
        """Reset the connection."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _shake_hands(self) -> None:
        self.socket.sendall(b"\x03" + bytes(8) + os.urandom(_HANDSHAKE_BYTES - 8))
        answer = b""
        while len(answer) < 1 + 2 * _HANDSHAKE_BYTES:
            received = self.socket.recv(1 + 2 * _HANDSHAKE_BYTES - len(answer))
            if not received:
                raise EOFError
            answer += received
        self.socket.sendall(answer[1 : 1 + _HANDSHAKE_BYTES])

    def _publish(self, url: str, app: str, chunk_bytes: int) -> None:
        size = Message(MessageType.SET_CHUNK_SIZE, 0, chunk_bytes.to_bytes(4, "big"))
        self.socket.sendall(self._writer.write(size, 2))
        self._writer.chunk_size_bytes = chunk_bytes
        wishes: dict[str, amf0.AmfValue] = {
            "app": app,
            "type": "nonprivate",
            "flashVer": "FMLE/3.0 (compatible; FMSc/1.0)",
            "swfUrl": url,
            "tcUrl": url,
        }
        self._command("connect", wishes)
        self._await("_result")
        self._command("releaseStream", None, self.key)
        self._command("FCPublish", None, self.key)
        created = self._command("createStream", None)
        while True:
            values = self._await("_result")
            if values[1] == created:
                break
        assert isinstance(values[-1], float)
        self.message_stream_id = int(values[-1])
        self._command("publish", None, self.key, "live", stream=self.message_stream_id)
        status = self._await("onStatus")[-1]
        if not isinstance(status, dict) or status.get("level") == "error":
            raise PublishFailedError(f"{self.key}: {status}")

    def _command(self, name: str, *values: amf0.AmfValue, stream: int = 0) -> int:
        self._transactions += 1
        payload = amf0.encode(name, self._transactions, *values)
        message = Message(MessageType.COMMAND_AMF0, 0, payload, stream)
        self.socket.sendall(self._writer.write(message, 3))
        return self._transactions

    def _await(self, name: str) -> list[amf0.AmfValue]:
        """Return the values of the next command of this name. Others are of no interest."""
        while True:
            while self._heard:
                values = self._heard.popleft()
                if values[0] == "_error":
                    raise PublishFailedError(f"{self.key}: {values}")
                if values[0] == name:
                    return values
            received = self.socket.recv(_READ_BYTES)
            if not received:
                raise EOFError
            self._heard += [
                amf0.decode(message.payload)
                for message in self._reader.receive(received)
                if message.type_id == MessageType.COMMAND_AMF0
            ]

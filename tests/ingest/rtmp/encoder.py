"""The client's side of RTMP as encoders speak it: bytes for tests to feed to a server."""

from collections.abc import Iterator

from ingest.rtmp.amf import AmfValue
from ingest.rtmp.amf0 import encode_values
from ingest.rtmp.message import Message, MessageType

C0_C1 = b"\x03" + bytes(8) + bytes(range(256)) * 5 + bytes(248)
C2 = bytes(1536)
OBS = "FMLE/3.0 (compatible; FMSc/1.0)"
LAVF = "FMLE/3.0 (compatible; Lavf59.27.100)"


def basic_header(chunk_type: int, csid: int, *, form: int = 0) -> bytes:
    """Write a basic header in one, two or three bytes; 0 takes the shortest form."""
    form = form or (1 if csid < 64 else 2 if csid < 320 else 3)
    match form:
        case 1:
            return bytes((chunk_type << 6 | csid,))
        case 2:
            return bytes((chunk_type << 6, csid - 64))
        case _:
            return bytes((chunk_type << 6 | 1,)) + (csid - 64).to_bytes(2, "little")


class ChunkEncoder:
    """Writes chunks with every economy that the specification offers.

    `repeats_extended` says whether type 3 chunks carry the extended timestamp, as they should.
    """

    def __init__(self, *, repeats_extended: bool = True) -> None:
        self.chunk_size = 128
        self._repeats_extended = repeats_extended
        self._sent: dict[int, tuple[Message, int]] = {}  # message, wire time

    def encode(self, csid: int, message: Message) -> bytes:
        return b"".join(self.chunks(csid, message))

    def chunks(self, csid: int, message: Message) -> Iterator[bytes]:
        chunk_type, wire_time = self._shortest_header(csid, message)
        is_extended = wire_time >= 0xFFFFFF
        extension = wire_time.to_bytes(4, "big") if is_extended else b""
        header = basic_header(chunk_type, csid)
        if chunk_type < 3:
            header += min(wire_time, 0xFFFFFF).to_bytes(3, "big")
        if chunk_type < 2:
            header += len(message.payload).to_bytes(3, "big") + bytes((message.type_id,))
        if chunk_type == 0:
            header += message.message_stream_id.to_bytes(4, "little")
        if chunk_type < 3 or self._repeats_extended:
            header += extension
        yield header + message.payload[: self.chunk_size]
        continuation = basic_header(3, csid) + (extension if self._repeats_extended else b"")
        for start in range(self.chunk_size, len(message.payload), self.chunk_size):
            yield continuation + message.payload[start : start + self.chunk_size]
        self._sent[csid] = (message, wire_time)
        if message.type_id == MessageType.SET_CHUNK_SIZE:
            self.chunk_size = min(int.from_bytes(message.payload, "big"), 0xFFFFFF)

    def _shortest_header(self, csid: int, message: Message) -> tuple[int, int]:
        before, wire_time = self._sent.get(csid, (None, 0))
        if before is None or before.message_stream_id != message.message_stream_id:
            return 0, message.timestamp_ms
        delta = message.timestamp_ms - before.timestamp_ms
        if delta < 0:
            return 0, message.timestamp_ms
        if (len(before.payload), before.type_id) != (len(message.payload), message.type_id):
            return 1, delta
        return (3 if delta == wire_time else 2), delta


def command(name: str, txn: float, *arguments: AmfValue, msid: int = 0) -> Message:
    return Message(MessageType.COMMAND_AMF0, 0, msid, encode_values(name, txn, *arguments))


def set_chunk_size(size: int) -> Message:
    return Message(MessageType.SET_CHUNK_SIZE, 0, 0, size.to_bytes(4, "big"))


def set_data_frame(values: dict[str, AmfValue], msid: int = 1) -> Message:
    body = encode_values("@setDataFrame", "onMetaData", values)
    return Message(MessageType.DATA_AMF0, 0, msid, body)


def connect(app: str = "live", *, encoder: str = OBS, **more: AmfValue) -> Message:
    tc_url = f"rtmp://localhost/{app}"
    properties: dict[str, AmfValue] = {"app": app, "type": "nonprivate", "flashVer": encoder}
    return command("connect", 1, {**properties, "swfUrl": tc_url, "tcUrl": tc_url, **more})


class ObsEncoder:
    """Speaks as OBS does: everything after the commands on chunk stream 4, in chunks of 4096."""

    def __init__(self, *, chunk_size: int = 4096, app: str = "live", key: str = "key") -> None:
        self.chunks = ChunkEncoder()
        self._chunk_size = chunk_size
        self._app = app
        self._key = key

    def open(self) -> bytes:
        """Everything up to publish, as if the server answered at once."""
        encode = self.chunks.encode
        return b"".join(
            (
                C0_C1,
                C2,
                encode(2, set_chunk_size(self._chunk_size)),
                encode(3, connect(self._app)),
                self.publish(),
            )
        )

    def publish(self) -> bytes:
        """Everything from connect to publish."""
        encode = self.chunks.encode
        return b"".join(
            (
                encode(3, command("releaseStream", 2, None, self._key)),
                encode(3, command("FCPublish", 3, None, self._key)),
                encode(3, command("createStream", 4, None)),
                encode(4, command("publish", 5, None, self._key, "live", msid=1)),
            )
        )

    def media(self, type_id: int, timestamp_ms: int, payload: bytes) -> bytes:
        return self.chunks.encode(4, Message(type_id, timestamp_ms, 1, payload))

    def metadata(self) -> bytes:
        values: dict[str, AmfValue] = {"width": 1280.0, "height": 720.0, "videocodecid": 7.0}
        return self.chunks.encode(4, set_data_frame(values))

    def close(self) -> bytes:
        unpublish = command("FCUnpublish", 6, None, self._key)
        delete = command("deleteStream", 7, None, 1.0)
        return self.chunks.encode(3, unpublish) + self.chunks.encode(3, delete)

"""Whole publisher sessions against ServerConnection."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.rtmp import (
    UNDEFINED,
    AmfValue,
    Connected,
    ErrorCode,
    Event,
    LocalProtocolError,
    MediaMessage,
    MediaMessageKind,
    MetadataReceived,
    Phase,
    PublishEnded,
    PublishRequested,
    RemoteProtocolError,
    RtmpLimits,
    ServerConnection,
    StatusCode,
)
from ingest.rtmp.amf0 import decode_values, encode_values
from ingest.rtmp.chunk_reader import ChunkReader
from ingest.rtmp.message import Message, MessageType
from tests.ingest.rtmp.encoder import (
    C0_C1,
    C2,
    LAVF,
    ChunkEncoder,
    ObsEncoder,
    command,
    connect,
    set_chunk_size,
    set_data_frame,
)

AUDIO, VIDEO = MediaMessageKind.AUDIO, MediaMessageKind.VIDEO
RANDOM = bytes(1528)


class Dialogue:
    """A server connection and the encoder's way of writing to and reading from it."""

    def __init__(self, limits: RtmpLimits | None = None) -> None:
        self.server = ServerConnection(
            limits or RtmpLimits(), handshake_random=RANDOM, opened_at=0.0
        )
        self.chunks = ChunkEncoder()
        self._reader = ChunkReader(RtmpLimits())

    def say(self, *messages: Message, csid: int = 3) -> list[Event]:
        data = b"".join(self.chunks.encode(csid, message) for message in messages)
        return self.server.receive_data(data, 1.0)

    def heard(self) -> list[Message]:
        data = self.server.data_to_send()
        if data[1537:3073] == C0_C1[1:]:
            data = data[3073:]
        return self._reader.receive(data)

    def understand(self, data: bytes) -> list[Message]:
        """Read chunks of 65,536 bytes."""
        return self._reader.receive(ChunkEncoder().encode(2, set_chunk_size(65536)) + data)

    def heard_commands(self) -> list[list[AmfValue]]:
        return [
            decode_values(message.payload, RtmpLimits())
            for message in self.heard()
            if message.type_id == MessageType.COMMAND_AMF0
        ]

    def shake_hands(self) -> "Dialogue":
        assert self.server.receive_data(C0_C1 + C2, 0.0) == []
        return self

    def connect(self) -> "Dialogue":
        self.shake_hands().say(connect())
        self.heard()
        return self

    def publish(self) -> "Dialogue":
        self.connect().say(command("publish", 5, None, "key", "live", msid=1))
        self.server.accept_publish(1)
        self.heard()
        return self


def connection(limits: RtmpLimits | None = None) -> ServerConnection:
    return ServerConnection(limits or RtmpLimits(), handshake_random=RANDOM, opened_at=0.0)


def obs_session() -> tuple[bytes, list[Event]]:
    obs = ObsEncoder(key="key?token=x")
    data = obs.open() + obs.metadata()
    data += obs.media(AUDIO, 0, bytes.fromhex("af001190"))
    data += obs.media(VIDEO, 0, b"\x17\x00" + b"c" * 40)
    data += obs.media(VIDEO, 0, b"\x17\x01" + b"k" * 9000)
    data += obs.media(AUDIO, 21, b"\xaf\x01" + b"a" * 300)
    data += obs.media(VIDEO, 33, b"\x27\x01" + b"p" * 3000)
    data += obs.media(AUDIO, 0x1000010, b"\xaf\x01" + b"a" * 300)
    data += obs.media(VIDEO, 0x2000030, b"\x27\x01" + b"p" * 5000)
    data += obs.close()
    events: list[Event] = [
        Connected("FMLE/3.0 (compatible; FMSc/1.0)", is_enhanced=False),
        PublishRequested(1, "live", "key", {"token": "x"}),
        MetadataReceived({"width": 1280.0, "height": 720.0, "videocodecid": 7.0}),
        MediaMessage(AUDIO, 0, bytes.fromhex("af001190")),
        MediaMessage(VIDEO, 0, b"\x17\x00" + b"c" * 40),
        MediaMessage(VIDEO, 0, b"\x17\x01" + b"k" * 9000),
        MediaMessage(AUDIO, 21, b"\xaf\x01" + b"a" * 300),
        MediaMessage(VIDEO, 33, b"\x27\x01" + b"p" * 3000),
        MediaMessage(AUDIO, 0x1000010, b"\xaf\x01" + b"a" * 300),
        MediaMessage(VIDEO, 0x2000030, b"\x27\x01" + b"p" * 5000),
        PublishEnded(1),
    ]
    return data, events


def test_obs_session_gives_its_events_whole() -> None:
    data, events = obs_session()
    server = connection()
    assert server.receive_data(data, 0.0) == events
    assert server.media_bytes == sum(len(e.payload) for e in events if isinstance(e, MediaMessage))


@pytest.mark.parametrize("convert", [bytes, bytearray, memoryview])
def test_obs_session_gives_its_events_byte_by_byte(convert: type) -> None:
    data, events = obs_session()
    server = connection()
    got: list[Event] = []
    for index in range(len(data)):
        got += server.receive_data(convert(data[index : index + 1]), 0.0)
    assert got == events


def test_obs_session_gives_its_events_split_anywhere() -> None:
    data, events = obs_session()
    for offset in [*range(1530, 3800), *range(3800, len(data), 7)]:
        server = connection()
        got = server.receive_data(data[:offset], 0.0)
        assert got + server.receive_data(data[offset:], 0.0) == events


def test_recorded_ffmpeg_session_gives_the_same_events_split_anywhere() -> None:
    data = (Path(__file__).parent / "ffmpeg-5.1-publish.bin").read_bytes()
    events = connection().receive_data(data, 0.0)
    media = [event for event in events if isinstance(event, MediaMessage)]
    assert events[1] == PublishRequested(1, "live", "key", {"token": "x"})
    assert isinstance(events[2], MetadataReceived)
    assert events[-1] == PublishEnded(1)
    assert [event.timestamp_ms for event in media if event.kind is VIDEO] == [
        *(0, 23, 123, 223, 323, 423, 523),
        523,  # the end of the sequence
    ]
    assert sum(event.kind is AUDIO for event in media) == len(media) - 8
    for read_size in (1, 2, 3, 7, 1448):
        server = connection()
        got: list[Event] = []
        for start in range(0, len(data), read_size):
            got += server.receive_data(data[start : start + read_size], 0.0)
        assert got == events
    for offset in range(3073, len(data), 5):
        server = connection()
        got = server.receive_data(data[:offset], 0.0)
        assert got + server.receive_data(data[offset:], 0.0) == events


def test_server_answers_obs_in_the_order_that_encoders_need() -> None:
    dialogue = Dialogue().shake_hands()
    dialogue.say(set_chunk_size(4096), csid=2)
    dialogue.say(connect())
    data = dialogue.server.data_to_send()[3073:]
    controls = bytes.fromhex(
        "02 000000 000004 05 00000000 002625a0"
        "02 000000 000005 06 00000000 002625a0 02"
        "02 000000 000004 01 00000000 00010000"
    )
    assert data.startswith(controls)
    (result,) = dialogue.understand(data[len(controls) :])
    name, txn, properties, status = decode_values(result.payload, RtmpLimits())
    assert (name, txn) == ("_result", 1.0)
    assert isinstance(properties, dict)
    assert properties["fmsVer"] == "FMS/3,5,7,7009"
    assert isinstance(status, dict)
    assert status["code"] == "NetConnection.Connect.Success"
    assert status["objectEncoding"] == 0.0
    assert "videoFourCcInfoMap" not in status

    dialogue.say(
        command("releaseStream", 2, None, "key"),
        command("FCPublish", 3, None, "key"),
        command("createStream", 4, None),
    )
    answers = dialogue.heard_commands()
    assert answers[0] == ["_result", 2.0, None, UNDEFINED]
    assert answers[1] == ["_result", 3.0, None, UNDEFINED]
    assert answers[2][0] == "onFCPublish"
    assert answers[3] == ["_result", 4.0, None, 1.0]  # exactly so: ffmpeg counts

    (event,) = dialogue.say(command("publish", 5, None, "key", "live", msid=1), csid=4)
    assert event == PublishRequested(1, "live", "key", {})
    assert dialogue.heard() == []
    dialogue.server.accept_publish(1)
    begin, started = dialogue.heard()
    assert (begin.type_id, begin.payload) == (4, bytes.fromhex("0000 00000001"))
    assert started.message_stream_id == 1
    assert decode_values(started.payload, RtmpLimits()) == [
        "onStatus",
        0.0,
        None,
        {"level": "status", "code": "NetStream.Publish.Start", "description": "Publishing."},
    ]


def test_enhanced_rtmp_is_answered_when_spoken() -> None:
    dialogue = Dialogue().shake_hands()
    (event,) = dialogue.say(connect(encoder=LAVF, fourCcList=["av01", "hvc1"]))
    assert event == Connected(LAVF, is_enhanced=True)
    ((_, _, _, status),) = dialogue.heard_commands()
    assert isinstance(status, dict)
    video, audio = status["videoFourCcInfoMap"], status["audioFourCcInfoMap"]
    assert isinstance(video, dict)
    assert isinstance(audio, dict)
    assert {"avc1", "hvc1", "av01", "vp09"} == set(video)
    assert {"mp4a", "Opus", "fLaC", "ac-3", "ec-3"} == set(audio)
    assert status["capsEx"] == 6.0


@pytest.mark.parametrize(
    "commands",
    [
        [command("publish", 2, None, "key", "live", msid=0)],
        [command("createStream", 2, None), command("publish", 0, None, "key", msid=1)],
        [
            command("_checkbw", 2, None),
            command("FCSubscribe", 3, None, "key"),
            command("getStreamLength", 4, None, "key"),
            command("setSomething", 5, None),
            command("notify", 0, None),
            command("_result", 6, None),
            command("onStatus", 0, None, {}),
            command("createStream", 7, None),
            command("createStream", 8, None),
            command("publish", 9, None, "key", "live", msid=2),
        ],
        [
            Message(MessageType.COMMAND_AMF3, 0, 0, b"\0" + encode_values("createStream", 2.0)),
            Message(
                MessageType.COMMAND_AMF3,
                0,
                1,
                b"\0" + encode_values("publish", 3.0, None) + b"\x11\x06\x07key",
            ),
        ],
    ],
)
def test_every_order_that_encoders_publish_in_is_accepted(commands: list[Message]) -> None:
    dialogue = Dialogue().connect()
    (event,) = dialogue.say(*commands)
    assert event == PublishRequested(1, "live", "key", {})
    dialogue.server.accept_publish(1)
    started = [values for values in dialogue.heard_commands() if values[0] == "onStatus"]
    assert len(started) == 1
    assert dialogue.say(Message(VIDEO, 5, 1, b"v"), csid=6) == [MediaMessage(VIDEO, 5, b"v")]


def test_replies_to_unknown_calls_and_to_players() -> None:
    dialogue = Dialogue().connect()
    dialogue.say(command("whatIsThis", 2, None), command("play", 3, None, "key", msid=1))
    error, status = dialogue.heard_commands()
    assert error[:3] == ["_error", 2.0, None]
    assert isinstance(status[3], dict)
    assert status[3]["code"] == "NetStream.Play.Failed"


@pytest.mark.parametrize("code", [StatusCode.BAD_NAME, StatusCode.DENIED, StatusCode.FAILED])
def test_refusal_is_an_error_status_and_ends_the_dialogue(code: StatusCode) -> None:
    dialogue = Dialogue().connect()
    dialogue.say(command("publish", 5, None, "key", "live", msid=1))
    dialogue.server.reject_publish(1, code, "no such key")
    ((name, _, _, status),) = dialogue.heard_commands()
    assert name == "onStatus"
    assert status == {"level": "error", "code": code.value, "description": "no such key"}
    assert dialogue.server.phase is Phase.CLOSING
    assert dialogue.server.next_deadline() is None
    assert dialogue.server.receive_data(b"\xff" * 100, 2.0) == []


def test_stop_tells_the_publisher_why() -> None:
    dialogue = Dialogue().publish()
    dialogue.server.stop(StatusCode.UNPUBLISHED, "taken over")
    ((_, _, _, status),) = dialogue.heard_commands()
    assert isinstance(status, dict)
    assert status["description"] == "taken over"
    dialogue.server.stop(StatusCode.UNPUBLISHED, "again")
    assert dialogue.heard() == []


def test_stop_before_publishing_says_nothing() -> None:
    dialogue = Dialogue().connect()
    dialogue.server.stop(StatusCode.FAILED, "stopping")
    assert dialogue.heard() == []


@pytest.mark.parametrize("goodbye", ["FCUnpublish", "deleteStream", "closeStream"])
def test_every_goodbye_ends_the_publication_once(goodbye: str) -> None:
    dialogue = Dialogue().publish()
    assert dialogue.say(command(goodbye, 6, None, "key")) == [PublishEnded(1)]
    assert dialogue.say(command("deleteStream", 7, None, 1.0)) == []
    assert dialogue.say(Message(VIDEO, 5, 1, b"v"), csid=6) == []
    (again,) = dialogue.say(command("publish", 8, None, "other", msid=1))
    assert again == PublishRequested(2, "live", "other", {})


def test_late_answer_to_a_request_that_has_ended_is_no_error() -> None:
    dialogue = Dialogue().connect()
    dialogue.say(command("publish", 5, None, "key"), command("deleteStream", 6, None, 1.0))
    dialogue.heard()
    dialogue.server.accept_publish(1)
    dialogue.server.reject_publish(1, StatusCode.DENIED, "too late")
    assert dialogue.heard() == []
    assert dialogue.server.phase is Phase.CONNECTED


def test_answer_to_a_request_that_was_never_made_is_our_own_error() -> None:
    with pytest.raises(LocalProtocolError):
        Dialogue().connect().server.accept_publish(1)


@pytest.mark.parametrize(
    "messages",
    [
        [command("publish", 5, None, "key")],  # before connect
        [connect(), connect()],
        [connect(), command("publish", 2, None, "a"), command("publish", 3, None, "b")],
        [Message(MessageType.COMMAND_AMF0, 0, 0, b"")],
        [Message(MessageType.COMMAND_AMF0, 0, 0, b"\x00" + bytes(8))],
        [Message(MessageType.COMMAND_AMF0, 0, 0, b"\x02\x00\x09x")],
        [Message(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, 0, 0, b"\x00")],
        [Message(MessageType.USER_CONTROL, 0, 0, b"\x00")],
    ],
)
def test_what_no_encoder_may_say_is_refused(messages: list[Message]) -> None:
    dialogue = Dialogue().shake_hands()
    data = b"".join(dialogue.chunks.encode(3, message) for message in messages)
    with pytest.raises(RemoteProtocolError):
        dialogue.server.receive_data(data, 1.0)


@pytest.mark.parametrize(
    "message",
    [
        Message(MessageType.ACKNOWLEDGEMENT, 0, 0, bytes(4)),
        Message(MessageType.USER_CONTROL, 0, 0, bytes.fromhex("0003 00000001 00000bb8")),
        Message(MessageType.USER_CONTROL, 0, 0, bytes.fromhex("001f 00000001")),
        Message(MessageType.SHARED_OBJECT_AMF0, 0, 0, b"x"),
        Message(MessageType.SHARED_OBJECT_AMF3, 0, 0, b"x"),
        Message(99, 0, 0, b"x"),
        Message(MessageType.SET_PEER_BANDWIDTH, 0, 0, (2_500_000).to_bytes(4, "big") + b"\2"),
        command("connectionless", 0),
    ],
)
def test_messages_that_ask_for_nothing_get_nothing(message: Message) -> None:
    dialogue = Dialogue().publish()
    assert dialogue.say(message, csid=2) == []
    assert dialogue.heard() == []


def test_ping_is_answered_with_its_own_time() -> None:
    dialogue = Dialogue().publish()
    ping = Message(MessageType.USER_CONTROL, 0, 0, bytes.fromhex("0006 0000002a"))
    dialogue.say(ping, csid=2)
    (pong,) = dialogue.heard()
    assert pong.payload == bytes.fromhex("0007 0000002a")


def test_bandwidth_that_differs_is_confirmed_once() -> None:
    dialogue = Dialogue().publish()
    bandwidth = Message(MessageType.SET_PEER_BANDWIDTH, 0, 0, (1000).to_bytes(4, "big") + b"\2")
    dialogue.say(bandwidth, bandwidth, csid=2)
    (window,) = dialogue.heard()
    assert (window.type_id, window.payload) == (5, (1000).to_bytes(4, "big"))


def test_received_bytes_are_acknowledged_each_window() -> None:
    dialogue = Dialogue().publish()
    window = Message(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, 0, 0, (5000).to_bytes(4, "big"))
    dialogue.say(window, csid=2)
    acknowledged = []
    for timestamp in range(0, 100, 10):
        dialogue.say(Message(VIDEO, timestamp, 1, bytes(1900)), csid=6)
        for message in dialogue.heard():
            assert message.type_id == MessageType.ACKNOWLEDGEMENT
            acknowledged.append(int.from_bytes(message.payload, "big"))
            assert acknowledged[-1] == dialogue.server.received_bytes
    assert len(acknowledged) == 3
    assert all(5000 <= b - a < 7100 for a, b in itertools.pairwise(acknowledged))


def test_window_of_nothing_is_acknowledged_at_most_once_a_read() -> None:
    dialogue = Dialogue().publish()
    window = Message(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, 0, 0, bytes(4))
    dialogue.say(window, Message(VIDEO, 0, 1, bytes(9000)), csid=2)
    dialogue.say(Message(VIDEO, 1, 1, bytes(9000)), csid=2)
    assert len(dialogue.heard()) <= 2


def test_metadata_is_read_with_and_without_set_data_frame() -> None:
    dialogue = Dialogue().publish()
    plain = Message(MessageType.DATA_AMF0, 0, 1, encode_values("onMetaData", {"width": 1.0}))
    amf3 = Message(MessageType.DATA_AMF3, 0, 1, b"\0" + encode_values("onMetaData", {"a": 2.0}))
    assert dialogue.say(set_data_frame({"width": 1.0}), plain, amf3, csid=4) == [
        MetadataReceived({"width": 1.0}),
        MetadataReceived({"width": 1.0}),
        MetadataReceived({"a": 2.0}),
    ]


@pytest.mark.parametrize(
    "body",
    [encode_values("onTextData", {"text": "hi"}), encode_values("onMetaData"), b"\xff junk", b""],
)
def test_other_data_is_passed_on_as_it_came(body: bytes) -> None:
    dialogue = Dialogue().publish()
    assert dialogue.say(Message(MessageType.DATA_AMF0, 9, 1, body), csid=4) == [
        MediaMessage(MediaMessageKind.DATA, 9, body)
    ]


def flv_tag(type_id: int, timestamp_ms: int, payload: bytes) -> bytes:
    time = timestamp_ms.to_bytes(4, "big")
    header = bytes((type_id,)) + len(payload).to_bytes(3, "big") + time[1:] + time[:1] + bytes(3)
    return header + payload + (len(payload) + 11).to_bytes(4, "big")


def test_aggregate_is_taken_apart_with_times_shifted_to_its_own() -> None:
    dialogue = Dialogue().publish()
    body = flv_tag(8, 500, b"a") + flv_tag(9, 520, b"v") + flv_tag(18, 520, b"\x05")
    body += flv_tag(22, 530, b"x") + flv_tag(8, 0x01000000, b"b")
    assert dialogue.say(Message(MessageType.AGGREGATE, 1000, 1, body), csid=4) == [
        MediaMessage(AUDIO, 1000, b"a"),
        MediaMessage(VIDEO, 1020, b"v"),
        MediaMessage(MediaMessageKind.DATA, 1020, b"\x05"),
        MediaMessage(AUDIO, 0x01000000 + 500, b"b"),
    ]
    without_back_pointer = flv_tag(8, 0, b"a")[:-4]
    assert dialogue.say(Message(MessageType.AGGREGATE, 7, 1, without_back_pointer), csid=4) == [
        MediaMessage(AUDIO, 7, b"a")
    ]


@pytest.mark.parametrize("body", [b"\x08", flv_tag(8, 0, b"aaaa")[:12], flv_tag(8, 0, b"") * 5000])
def test_aggregate_that_is_broken_or_endless_is_refused(body: bytes) -> None:
    dialogue = Dialogue().publish()
    with pytest.raises(RemoteProtocolError):
        dialogue.say(Message(MessageType.AGGREGATE, 0, 1, body), csid=4)


def test_media_before_publish_is_dropped_and_bounded() -> None:
    dialogue = Dialogue(RtmpLimits(max_bytes_before_publish=100_000)).connect()
    for timestamp in range(4):
        assert dialogue.say(Message(VIDEO, timestamp, 1, bytes(20_000)), csid=6) == []
    with pytest.raises(RemoteProtocolError) as caught:
        dialogue.say(Message(VIDEO, 9, 1, bytes(20_000)), csid=6)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_publisher_may_send_more_than_a_stranger() -> None:
    dialogue = Dialogue(RtmpLimits(max_bytes_before_publish=10_000)).publish()
    for timestamp in range(4):
        assert len(dialogue.say(Message(VIDEO, timestamp, 1, bytes(20_000)), csid=6)) == 1


def test_deadlines_follow_what_the_peer_owes() -> None:
    limits = RtmpLimits(handshake_timeout_s=5.0, publish_timeout_s=10.0)
    server = ServerConnection(limits, handshake_random=RANDOM, opened_at=100.0)
    assert server.next_deadline() == 105.0
    server.handle_deadline(104.9)
    with pytest.raises(RemoteProtocolError) as caught:
        server.handle_deadline(105.0)
    assert caught.value.code is ErrorCode.TIMED_OUT
    obs = ObsEncoder()
    server.receive_data(C0_C1 + C2, 101.0)
    assert server.next_deadline() == 111.0
    chunks = obs.chunks
    server.receive_data(
        chunks.encode(3, connect()) + chunks.encode(4, command("publish", 2, None, "k")), 102.0
    )
    assert server.next_deadline() is None
    server.handle_deadline(1e9)
    server.accept_publish(1)
    server.receive_data(obs.close(), 200.0)
    assert server.next_deadline() == 210.0


def test_media_progress_shows_within_a_message() -> None:
    dialogue = Dialogue().publish()
    before = dialogue.server.media_progress_bytes
    data = dialogue.chunks.encode(6, Message(VIDEO, 0, 1, bytes(5000)))
    assert dialogue.server.receive_data(data[:700], 1.0) == []
    assert dialogue.server.media_progress_bytes > before


@pytest.mark.parametrize("start_ms", [0, 5000, 0x7FFFFFEB, 0xFFFFF000])
def test_timestamps_of_the_wire_wrap_at_32_bits(start_ms: int) -> None:
    dialogue = Dialogue().publish()
    got = dialogue.say(Message(VIDEO, start_ms, 1, b"a"), csid=6)
    for step in range(1, 6):
        # One more each time, as a delta: past the wrap this encoder cannot say it otherwise.
        delta = bytes.fromhex("46 0003e8") + (1).to_bytes(3, "big") + b"\x09" + bytes([step])
        got += dialogue.server.receive_data(delta, 1.0)
    assert [event.timestamp_ms for event in got if isinstance(event, MediaMessage)] == [
        (start_ms + 1000 * step) % 2**32 for step in range(6)
    ]


def test_nothing_secret_is_printed() -> None:
    dialogue = Dialogue().shake_hands()
    events = dialogue.say(
        connect("live?q=hidden"), command("publish", 2, None, "hidden?token=hidden")
    )
    assert "hidden" not in repr(events)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=600), st.integers(1, 200), st.booleans())
def test_arbitrary_bytes_give_events_or_a_protocol_error(
    data: bytes, read_size: int, after_handshake: bool
) -> None:
    server = connection(RtmpLimits(max_partial_bytes=5000, max_bytes_before_publish=5000))
    try:
        if after_handshake:
            server.receive_data(C0_C1 + C2, 0.0)
        for start in range(0, len(data), read_size):
            server.receive_data(data[start : start + read_size], 0.0)
    except RemoteProtocolError:
        pass


@settings(deadline=None, max_examples=250)
@given(
    st.lists(st.tuples(st.integers(3073, 30_000), st.binary(max_size=6)), min_size=1, max_size=8),
    st.integers(100, 5000),
)
def test_mutated_session_gives_events_or_a_protocol_error(
    mutations: list[tuple[int, bytes]], read_size: int
) -> None:
    data = bytearray(obs_session()[0])
    for offset, replacement in mutations:
        at = 3073 + (offset - 3073) % (len(data) - 3073 if offset % 2 else 700)
        data[at : at + len(replacement)] = replacement
    server = connection()
    accepted = 0
    try:
        for start in range(0, len(data), read_size):
            for event in server.receive_data(bytes(data[start : start + read_size]), 0.0):
                if isinstance(event, PublishRequested):
                    server.accept_publish(event.request_id)
                    accepted += 1
            server.data_to_send()
    except RemoteProtocolError:
        pass
    assert accepted <= 2

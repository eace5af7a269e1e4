"""The test publisher's manners towards a server that writes them down."""

import pytest

from tests.support.rtmp_publisher import (
    ClientBehaviour,
    Message,
    MessageType,
    PublishRefusedError,
    RtmpPublisher,
    ServerClosedError,
    Step,
    amf0,
    make_show,
)
from tests.support_tests.rtmp_publisher.scripted_server import ACCEPTING, scripted_server

REFUSED = {
    **ACCEPTING,
    "publish": (
        "onStatus",
        None,
        {"level": "error", "code": "NetStream.Publish.BadName", "description": "no such key"},
    ),
}
NO_SUCH_APP = {
    "connect": (
        "_error",
        None,
        {"level": "error", "code": "NetConnection.Connect.Rejected", "description": "no"},
    )
}


async def test_it_publishes_like_obs_and_says_goodbye() -> None:
    async with (
        scripted_server() as server,
        RtmpPublisher(server.url, "key") as publisher,
    ):
        await publisher.send(make_show())
    assert publisher.voice.status_codes == ["NetStream.Publish.Start"]
    assert server.commands == [
        *("connect", "releaseStream", "FCPublish", "createStream", "publish"),
        *("FCUnpublish", "deleteStream"),
    ]
    assert server.messages[0] == Message(MessageType.SET_CHUNK_SIZE, 0, (4096).to_bytes(4, "big"))
    _, _, wishes = amf0.decode(server.messages[1].payload)
    assert isinstance(wishes, dict)
    assert (wishes["app"], wishes["tcUrl"]) == ("live?token=t", server.url)
    assert list(wishes) == ["app", "type", "flashVer", "swfUrl", "tcUrl"]
    media = [m for m in server.messages if m.type_id in {MessageType.AUDIO, MessageType.VIDEO}]
    show = make_show()
    expected = [*show.sequence_starts(), *show.media()]
    assert [m.payload for m in media] == [m.payload for m in expected]
    assert [m.timestamp_ms for m in media] == [m.timestamp_ms for m in expected]
    assert {m.message_stream_id for m in media} == {7}


async def test_a_show_in_real_time_is_the_same_show() -> None:
    async with (
        scripted_server() as server,
        RtmpPublisher(server.url, "key") as publisher,
    ):
        await publisher.send(make_show(), realtime=True, duration_s=0.4)
    show = make_show()
    expected = [*show.sequence_starts(), *show.media(0.4)]
    media = [m for m in server.messages if m.type_id in {MessageType.AUDIO, MessageType.VIDEO}]
    assert [m.payload for m in media] == [m.payload for m in expected]


@pytest.mark.parametrize(
    ("script", "code", "description"),
    [
        (REFUSED, "NetStream.Publish.BadName", "no such key"),
        (NO_SUCH_APP, "NetConnection.Connect.Rejected", "no"),
    ],
)
async def test_a_refusal_has_the_servers_code(
    script: dict[str, tuple[amf0.AmfValue, ...]], code: str, description: str
) -> None:
    async with scripted_server(script) as server:
        with pytest.raises(PublishRefusedError, match=description) as refused:
            async with RtmpPublisher(server.url, "key"):
                pass
    assert refused.value.code == code


async def test_a_server_that_closes_without_a_word_is_told_apart() -> None:
    async with scripted_server(closes_on="publish") as server:
        with pytest.raises(ServerClosedError):
            async with RtmpPublisher(server.url, "key"):
                pass


async def test_a_cut_is_a_reset_without_a_goodbye() -> None:
    async with scripted_server() as server:
        async with RtmpPublisher(server.url, "key") as publisher:
            await publisher.send(make_show())
            publisher.cut()
        await server.ended.wait()
    assert isinstance(server.error, ConnectionResetError)
    assert server.commands[-1] == "publish"


async def test_closing_leaves_without_a_goodbye() -> None:
    async with scripted_server() as server, RtmpPublisher(server.url, "key") as publisher:
        await publisher.close()
        await server.ended.wait()
    assert server.error is None
    assert server.commands[-1] == "publish"


async def test_steps_can_be_left_out() -> None:
    omits = frozenset(Step)
    async with scripted_server() as server:
        behaviour = ClientBehaviour(omits=omits)
        async with RtmpPublisher(server.url, "key", behaviour) as publisher:
            await publisher.send(make_show())
            await publisher.say_goodbye(make_show())
    assert server.commands == ["connect", "publish"]
    kinds = {message.type_id for message in server.messages}
    assert kinds == {MessageType.COMMAND_AMF0, MessageType.AUDIO, MessageType.VIDEO}
    assert {message.message_stream_id for message in server.messages} == {0}


async def test_times_start_and_wrap_where_they_are_told_to() -> None:
    behaviour = ClientBehaviour(start_timestamp_ms=2**31 - 1000, timestamp_bits=31)
    async with (
        scripted_server() as server,
        RtmpPublisher(server.url, "key", behaviour) as publisher,
    ):
        next_ms = await publisher.send(make_show(), from_ms=500)
    _, *video = [m.timestamp_ms for m in server.messages if m.type_id == MessageType.VIDEO]
    sent = [m for m in make_show().media() if m.type_id == MessageType.VIDEO]
    assert video == [(m.timestamp_ms + 2**31 - 500) % 2**31 for m in sent]
    assert video[0] > video[-1]
    assert next_ms > 500 + sent[-1].timestamp_ms


async def test_commands_can_be_wrapped_for_amf3_and_media_aggregated() -> None:
    behaviour = ClientBehaviour(
        wraps_commands_in_amf3=True, aggregate_count=10, four_cc_list=("hvc1",), caps_ex=1
    )
    async with scripted_server() as server:
        async with RtmpPublisher(server.url, "key", behaviour) as publisher:
            await publisher.send(make_show())
        assert server.commands[0] == "connect"
    _, _, wishes = amf0.decode(server.messages[1].payload[1:])
    assert isinstance(wishes, dict)
    assert (wishes["fourCcList"], wishes["capsEx"]) == (["hvc1"], 1)
    aggregates = [m for m in server.messages if m.type_id == MessageType.AGGREGATE]
    media = list(make_show().media())
    assert len(aggregates) == -(-len(media) // 10)
    first = media[0]
    tag = aggregates[0].payload
    assert tag[0] == first.type_id
    assert int.from_bytes(tag[1:4], "big") == len(first.payload)
    assert tag[11 : 11 + len(first.payload)] == first.payload
    assert int.from_bytes(tag[11 + len(first.payload) :][:4], "big") == 11 + len(first.payload)

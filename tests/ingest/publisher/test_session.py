"""Publishers on real sockets, from accept to close."""

import asyncio
import socket
import struct

import pytest
from structlog.testing import capture_logs

from ingest.events import PublisherEnded, PublisherRefused, PublisherStarted, PublisherWarned
from ingest.media import PublisherWarning, TracksAnnounced
from ingest.ports import EndReason, PublishAttempt, RefusalCode
from ingest.rtmp import RtmpLimits
from tests.ingest.publisher.studio import ASC, Studio, settings
from tests.ingest.rtmp.encoder import C0_C1, C2, OBS, connect


async def test_media_reaches_the_sink_of_the_granted_channel() -> None:
    async with Studio() as studio:
        encoder = await (await studio.encoder("key?token=x")).publish()
        encoder.writer.write(encoder.obs.metadata())
        encoder.send_audio(20)
        sink = await studio.gateway.sink()
        await studio.journal.until(lambda: len(sink.samples) == 20)
        assert sink.grant.channel == "studio"
        assert sink.codecs == {"AAC"}
        assert isinstance(sink.events[0], TracksAnnounced)
        assert studio.keys.attempts == [
            PublishAttempt("live", "key", {"token": "x"}, "127.0.0.1", OBS)
        ]
        encoder.writer.write(encoder.obs.close())
        await studio.journal.until(lambda: sink.end)
        assert sink.end is EndReason.UNPUBLISHED
    assert studio.events.events[0] == PublisherStarted(1, "studio", OBS, "127.0.0.1")
    (ended,) = studio.events.of(PublisherEnded)
    assert isinstance(ended, PublisherEnded)
    assert (ended.channel, ended.reason) == ("studio", EndReason.UNPUBLISHED)
    assert (ended.sample_count, ended.payload_bytes) == (20, 4 + 20 * 202)


async def test_key_may_stand_in_the_server_address() -> None:
    async with Studio() as studio:
        encoder = await studio.encoder("")
        chunks = encoder.obs.chunks
        encoder.writer.write(C0_C1 + C2 + chunks.encode(3, connect(app="live/key")))
        encoder.writer.write(encoder.obs.publish())
        assert (await encoder.status())["code"] == "NetStream.Publish.Start"
        (attempt,) = studio.keys.attempts
        assert (attempt.app, attempt.key) == ("live", "key")
        assert "key='key'" not in repr(attempt)
        await encoder.close()


async def test_media_right_behind_the_request_to_publish_is_kept() -> None:
    async with Studio() as studio:
        studio.keys.gate = asyncio.Event()
        encoder = await studio.encoder()
        encoder.writer.write(encoder.obs.open())
        encoder.send_audio(5)
        await studio.journal.until(lambda: studio.keys.attempts)
        studio.keys.gate.set()
        sink = await studio.gateway.sink()
        await studio.journal.until(lambda: len(sink.samples) == 5)


async def test_one_connection_may_publish_again() -> None:
    async with Studio() as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.writer.write(encoder.obs.close())
        assert (await encoder.status())["code"] == "NetStream.Unpublish.Success"
        await studio.journal.until(lambda: studio.gateway.sinks[0].end)
        encoder.writer.write(encoder.obs.publish())
        assert (await encoder.status())["code"] == "NetStream.Publish.Start"
        assert len(studio.gateway.sinks) == 2
        await encoder.close()


@pytest.mark.parametrize("farewell", ["fin", "reset"])
async def test_lost_connection_ends_the_publisher(farewell: str) -> None:
    async with Studio() as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.send_audio(3)
        sink = await studio.gateway.sink()
        await studio.journal.until(lambda: len(sink.samples) == 3)
        if farewell == "reset":
            raw = encoder.writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        encoder.writer.transport.abort()
        await studio.journal.until(lambda: sink.end)
        assert sink.end is EndReason.CONNECTION_LOST


async def test_newer_connection_with_the_same_key_takes_over() -> None:
    async with Studio() as studio:
        old = await (await studio.encoder()).publish()
        old.send_audio(3)
        new = await (await studio.encoder()).publish()
        first, second = studio.gateway.sinks
        assert (first.end, second.end) == (EndReason.TAKEN_OVER, None)
        status = await old.status()
        assert status["code"] == "NetStream.Unpublish.Success"
        assert "newer connection" in str(status["description"])
        await old.closed()
        new.send_audio(3)
        await studio.journal.until(lambda: len(second.samples) == 3)
        await new.close()
        await studio.journal.until(lambda: second.end)


async def test_takeover_does_not_wait_for_a_peer_that_is_gone_without_a_word() -> None:
    async with Studio() as studio:
        old = await (await studio.encoder()).publish()
        old.send_audio(3)
        # The old line is dead: nothing is read from it any more, and nothing is said on it.
        old.rest()
        await (await studio.encoder()).publish()
        assert studio.gateway.sinks[0].end is EndReason.TAKEN_OVER


async def test_attempt_that_was_decided_late_does_not_oust_a_newer_publisher() -> None:
    async with Studio() as studio:
        studio.keys.gate = asyncio.Event()
        old = await studio.encoder()
        old.writer.write(old.obs.open())
        await studio.journal.until(lambda: studio.keys.attempts)
        late, studio.keys.gate = studio.keys.gate, None
        new = await (await studio.encoder()).publish()
        late.set()
        assert (await old.status())["code"] == "NetStream.Publish.BadName"
        new.send_audio(3)
        await studio.journal.until(lambda: len(studio.gateway.sinks[0].samples) == 3)
        assert len(studio.gateway.sinks) == 1
        await new.close()


async def test_another_publisher_is_refused_while_the_channel_is_busy() -> None:
    async with Studio() as studio:
        await (await studio.encoder("key")).publish()
        other = await studio.encoder("other-key")
        other.writer.write(other.obs.open())
        status = await other.status()
        assert (status["level"], status["code"]) == ("error", "NetStream.Publish.BadName")
        await other.closed()
        await (await studio.encoder("second")).publish()
        assert [sink.end for sink in studio.gateway.sinks] == [None, None]
        assert studio.events.of(PublisherRefused) == [
            PublisherRefused(RefusalCode.CHANNEL_BUSY, "127.0.0.1")
        ]


@pytest.mark.parametrize("key", ["wrong", "", "?key=key", "a/b", "ключ"])
async def test_unknown_key_is_refused_with_its_reason_and_closed(key: str) -> None:
    async with Studio() as studio:
        encoder = await studio.encoder(key)
        encoder.writer.write(encoder.obs.open())
        status = await encoder.status()
        assert (status["level"], status["code"]) == ("error", "NetStream.Publish.Denied")
        assert status["description"] == "Unknown stream key."
        await encoder.closed()
        assert studio.gateway.sinks == []


@pytest.mark.parametrize("fault", ["authorizer", "gateway", "timeout"])
async def test_fault_behind_the_door_refuses_one_attempt_and_no_more(fault: str) -> None:
    limit_s = 1.0 if fault == "timeout" else 60.0
    async with Studio(settings(authorization_timeout_s=limit_s)) as studio:
        studio.keys.is_broken = fault == "authorizer"
        studio.gateway.is_broken = fault == "gateway"
        studio.keys.gate = asyncio.Event() if fault == "timeout" else None
        encoder = await studio.encoder()
        encoder.writer.write(encoder.obs.open())
        assert (await encoder.status())["code"] == "NetStream.Failed"
        await encoder.closed()
        studio.keys.is_broken = studio.gateway.is_broken = False
        studio.keys.gate = None
        await (await (await studio.encoder()).publish()).close()


async def test_fault_of_a_sink_ends_its_session_alone() -> None:
    async with Studio() as studio:
        broken = await (await studio.encoder("key")).publish()
        sound = await (await studio.encoder("second")).publish()
        first, second = studio.gateway.sinks
        first.is_broken = True
        broken.send_audio()
        await broken.closed()
        await studio.journal.until(lambda: studio.events.of(PublisherEnded))
        assert first.end is EndReason.SERVER_ERROR
        sound.send_audio(2)
        await studio.journal.until(lambda: len(second.samples) == 2)


async def test_full_server_refuses_without_a_traceback() -> None:
    async with Studio() as studio:
        studio.gateway.has_room = False
        with capture_logs() as logs:
            encoder = await studio.encoder()
            encoder.writer.write(encoder.obs.open())
            status = await encoder.status()
            await encoder.closed()
        assert (status["level"], status["code"]) == ("error", "NetStream.Publish.Denied")
        assert "no room" in str(status["description"])
        assert studio.events.of(PublisherRefused) == [
            PublisherRefused(RefusalCode.SERVER_FULL, "127.0.0.1")
        ]
        assert [line["event"] for line in logs] == ["publisher refused"]
        studio.gateway.has_room = True
        await (await (await studio.encoder("other-key")).publish()).close()


async def test_show_that_ended_by_itself_ends_its_publisher_without_a_traceback() -> None:
    async with Studio() as studio:
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        sink.has_ended = True
        with capture_logs() as logs:
            encoder.send_audio(2)
            assert (await encoder.status())["code"] == "NetStream.Failed"
            await encoder.closed()
        assert sink.end is EndReason.SERVER_ERROR
        assert [line["event"] for line in logs] == ["publisher ended"]


async def test_wait_for_room_ends_with_its_publisher() -> None:
    async with Studio() as studio:
        studio.gateway.opens_full = True
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        studio.keys.gate = asyncio.Event()
        obs = encoder.obs
        media = obs.media(8, 0, ASC) + obs.media(8, 21, b"\xaf\x01" + bytes(200))
        encoder.writer.write(media + obs.close() + obs.publish())  # one read fills and asks anew
        await studio.journal.until(lambda: len(studio.keys.attempts) == 2)
        sink.make_room()
        encoder.writer.transport.abort()
        stranger = await studio.encoder()
        stranger.writer.write(b"\x06")
        await stranger.closed()  # the server has had time to notice both
        studio.keys.gate.set()
        await studio.journal.until(lambda: len(studio.events.of(PublisherEnded)) == 2)
        await (await (await studio.encoder("other-key")).publish()).close()


async def test_unsupported_codec_is_refused_with_what_would_work() -> None:
    async with Studio() as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.writer.write(encoder.obs.media(9, 0, b"\x22\x00" + bytes(20)))  # Sorenson H.263
        status = await encoder.status()
        assert status["code"] == "NetStream.Publish.Rejected"
        assert "H.264" in str(status["description"])
        await encoder.closed()
        assert studio.gateway.sinks[0].end is EndReason.PROTOCOL_ERROR


async def test_broken_media_is_warned_of_and_logged_once() -> None:
    async with Studio() as studio:
        with capture_logs() as logs:
            encoder = await (await studio.encoder()).publish()
            for timestamp_ms in range(0, 500, 20):
                encoder.writer.write(encoder.obs.media(9, timestamp_ms, b"\x91hv"))
            await studio.journal.until(lambda: studio.events.of(PublisherWarned))
            await encoder.close()
            sink = await studio.gateway.sink()
            await studio.journal.until(lambda: sink.end)
        assert len([line for line in logs if line["event"] == "publisher warned"]) == 1
        assert [event for event in sink.events if isinstance(event, PublisherWarning)] == []


async def test_silent_publisher_is_taken_for_lost() -> None:
    async with Studio(settings(idle_timeout_s=0.5)) as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.send_audio(2)
        sink = await studio.gateway.sink()
        await studio.journal.until(lambda: sink.end)
        assert sink.end is EndReason.SILENT
        assert (await encoder.status())["code"] == "NetStream.Failed"
        await encoder.closed()


async def test_a_publisher_whose_messages_never_end_is_taken_for_lost() -> None:
    """A picture of 5 MB at twenty bytes a second: nobody can watch that."""
    async with Studio(settings(idle_timeout_s=2.0)) as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.send_audio(2)
        sink = await studio.gateway.sink()
        encoder.writer.write(bytes.fromhex("06 000000 4c4b40 09 01000000"))

        async def trickle() -> None:
            while sink.end is None:
                encoder.writer.write(b"\x17")
                await asyncio.sleep(0.05)

        async with asyncio.timeout(60):
            await trickle()
        assert sink.end is EndReason.SILENT
        description = (await encoder.status())["description"]
        assert description == "No picture or sound was complete for 6 seconds."
        await encoder.close()


async def test_pings_do_not_count_as_media() -> None:
    async with Studio(settings(idle_timeout_s=0.5)) as studio:
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        ping = bytes.fromhex("42 000000 000006 04 0006 00000000")

        async def keep_pinging() -> None:
            while sink.end is None:
                encoder.writer.write(ping)
                await asyncio.sleep(0.05)

        async with asyncio.timeout(60):
            await keep_pinging()
        assert sink.end is EndReason.SILENT
        await encoder.close()


@pytest.mark.parametrize(
    "said",
    [b"", C0_C1[:100], C0_C1, C0_C1 + C2, C0_C1 + C2 + b"\x03\x00"],
    ids=["nothing", "part of C1", "no C2", "no connect", "part of a chunk"],
)
async def test_peer_that_never_gets_to_publish_is_closed(said: bytes) -> None:
    limits = RtmpLimits(handshake_timeout_s=0.3, publish_timeout_s=0.3)
    async with Studio(settings(limits=limits)) as studio:
        encoder = await studio.encoder()
        encoder.writer.write(said)
        await encoder.closed()
        await encoder.close()


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\x06"])
async def test_other_protocols_are_closed_at_once_and_logged_once(said: bytes) -> None:
    async with Studio() as studio:
        with capture_logs() as logs:
            for _ in range(3):
                encoder = await studio.encoder()
                encoder.writer.write(said)
                await encoder.closed()
                await encoder.close()
        assert len([line for line in logs if line["event"] == "connection closed"]) == 1


async def test_refusals_that_a_stranger_repeats_are_logged_once() -> None:
    async with Studio() as studio:
        with capture_logs() as logs:
            for _ in range(3):
                encoder = await studio.encoder("wrong")
                encoder.writer.write(encoder.obs.open())
                await encoder.closed()
                await encoder.close()
        assert [line["event"] for line in logs] == ["publisher refused"]
        assert len(studio.events.of(PublisherRefused)) == 3


async def test_broken_chunks_end_the_publisher_as_a_protocol_error() -> None:
    async with Studio() as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.writer.write(b"\xff" * 50)
        await encoder.closed()
        assert studio.gateway.sinks[0].end is EndReason.PROTOCOL_ERROR


async def test_full_sink_makes_the_encoder_wait() -> None:
    async with Studio(settings(idle_timeout_s=1.0)) as studio:
        studio.gateway.opens_full = True
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        encoder.send_audio(1)
        await studio.journal.until(lambda: sink.waits)
        raw = encoder.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        payload = b"\xaf\x01" + bytes(60_000)
        media = b"".join(encoder.obs.media(8, 22 + index * 21, payload) for index in range(330))
        encoder.writer.write(media)
        with pytest.raises(TimeoutError):  # 20 MB do not fit between two sockets
            await asyncio.wait_for(encoder.writer.drain(), 2)
        received = len(sink.samples)
        assert received < 10
        assert sink.end is None  # it is not the encoder that is silent
        sink.make_room()
        await encoder.writer.drain()
        await studio.journal.until(lambda: len(sink.samples) > received)
        encoder.writer.transport.abort()


async def test_peer_that_reads_no_replies_is_cut_off() -> None:
    async with Studio(settings(write_buffer_bytes=1000, idle_timeout_s=60)) as studio:
        encoder = await (await studio.encoder()).publish()
        encoder.rest()
        ping = bytes.fromhex("42 000000 000006 04 0006 00000000")
        sink = await studio.gateway.sink()

        async def keep_pinging() -> None:
            while True:
                encoder.writer.write(ping * 5000)
                await encoder.writer.drain()

        with pytest.raises(ConnectionError):
            await asyncio.wait_for(keep_pinging(), 60)
        await studio.journal.until(lambda: sink.end)
        assert sink.end is EndReason.PROTOCOL_ERROR


async def test_peer_that_leaves_during_the_decision_leaves_nothing_behind() -> None:
    async with Studio() as studio:
        studio.keys.gate = asyncio.Event()
        encoder = await studio.encoder()
        encoder.writer.write(encoder.obs.open())
        await studio.journal.until(lambda: studio.keys.attempts)
        encoder.writer.transport.abort()
        newcomer = await studio.encoder()
        studio.keys.gate.set()
        await newcomer.publish()
        await newcomer.close()


async def test_connections_of_one_address_are_limited() -> None:
    async with Studio(settings(address_connection_limit=2)) as studio:
        first, second = await studio.encoder(), await studio.encoder("second")
        await first.publish()
        await second.publish()
        third = await studio.encoder()
        await third.closed()
        await third.close()
        await first.close()
        await studio.journal.until(lambda: studio.gateway.sinks[0].end)
        await (await studio.encoder()).publish()


async def test_stopping_server_says_goodbye_and_closes_every_sink() -> None:
    studio = Studio()
    async with studio:
        first = await (await studio.encoder("key")).publish()
        second = await (await studio.encoder("second")).publish()
        stranger = await studio.encoder()
    assert [sink.end for sink in studio.gateway.sinks] == [EndReason.SERVER_STOPPING] * 2
    assert "being stopped" in str((await first.status())["description"])
    for encoder in (first, second, stranger):
        await encoder.closed()
        await encoder.close()
    with pytest.raises(ConnectionRefusedError):
        await studio.encoder()


async def test_stopping_server_does_not_wait_for_a_decision() -> None:
    async with Studio() as studio:
        studio.keys.gate = asyncio.Event()
        encoder = await studio.encoder()
        encoder.writer.write(encoder.obs.open())
        await studio.journal.until(lambda: studio.keys.attempts)
    await encoder.closed()
    await encoder.close()


async def test_port_that_is_taken_is_an_os_error() -> None:
    async with Studio() as studio:
        with pytest.raises(OSError, match="in use"):
            await Studio(settings(port=studio.server.port)).server.start()


async def test_log_tells_start_end_and_refusal_but_no_key() -> None:
    with capture_logs() as logs:
        async with Studio() as studio:
            encoder = await (await studio.encoder("key?token=hidden")).publish()
            encoder.writer.write(encoder.obs.close())
            await studio.journal.until(lambda: studio.gateway.sinks[0].end)
            refused = await studio.encoder("hidden?token=hidden")
            refused.writer.write(refused.obs.open())
            await refused.closed()
            await encoder.close()
            await refused.close()
    lines = [str(line["event"]) for line in logs]
    assert lines == ["rtmp listening", "publisher started", "publisher ended", "publisher refused"]
    assert "hidden" not in repr(logs)


async def test_connect_alone_is_no_attempt() -> None:
    async with Studio() as studio:
        encoder = await studio.encoder()
        encoder.writer.write(C0_C1 + C2 + encoder.obs.chunks.encode(3, connect()))
        assert studio.keys.attempts == []

"""Publishers whose sink is full: what waits, in which order, and what is found out after."""

import asyncio
import socket
from functools import partial

from structlog.testing import capture_logs

from ingest.ports import EndReason
from ingest.publisher.session import PublisherSession
from ingest.publisher.surroundings import Surroundings
from tests.ingest.publisher.studio import ASC, Encoder, Studio, settings


def one_read(encoder: Encoder, count: int) -> bytes:
    """Units of audio that arrive together."""
    obs = encoder.obs
    units = (obs.media(8, 21 * index, b"\xaf\x01" + bytes(20)) for index in range(count))
    return b"".join((obs.media(8, 0, ASC), *units))


async def test_what_one_read_brings_waits_for_room_too_and_then_comes_in_small_steps() -> None:
    async with Studio() as studio:
        studio.gateway.opens_full = True
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        encoder.writer.write(one_read(encoder, 200))
        await studio.journal.until(lambda: sink.waits)
        assert len(sink.samples) < 64
        sink.make_room(stays_full=True)
        await studio.journal.until(lambda: sink.waits == 2)
        taken = len(sink.samples)
        sink.make_room(stays_full=True)
        await studio.journal.until(lambda: sink.waits == 3)
        assert 0 < len(sink.samples) - taken <= 8  # a tenth of a second, with pictures
        sink.make_room()
        await studio.journal.until(lambda: len(sink.samples) == 200)
        assert [sample.dts for sample in sink.samples] == [1024 * index for index in range(200)]


async def test_end_and_new_request_keep_their_places_behind_held_media() -> None:
    async with Studio() as studio:
        studio.gateway.opens_full = True
        encoder = await (await studio.encoder()).publish()
        first = await studio.gateway.sink()
        obs = encoder.obs
        shows = [one_read(encoder, 100), obs.close(), obs.publish(), one_read(encoder, 50)]
        encoder.writer.write(b"".join(shows))
        await studio.journal.until(lambda: first.waits)
        assert (first.end, len(studio.gateway.sinks)) == (None, 1)
        first.make_room()
        second = await studio.gateway.sink(2)
        assert (first.end, len(first.samples)) == (EndReason.UNPUBLISHED, 100)
        second.make_room()
        await studio.journal.until(lambda: len(second.samples) == 50)


async def test_held_media_of_a_lost_connection_is_not_lost() -> None:
    async with Studio() as studio:
        studio.gateway.opens_full = True
        loop, is_gone = asyncio.get_running_loop(), asyncio.Event()
        surroundings = Surroundings(
            settings(), studio.keys, studio.gateway, studio.events, loop, loop.create_task
        )
        session = PublisherSession(surroundings, "127.0.0.1", is_gone.set)
        ours, theirs = socket.socketpair()
        transport, _ = await loop.connect_accepted_socket(lambda: session, ours)
        encoder = Encoder(*await asyncio.open_connection(sock=theirs), "key")
        await encoder.publish()
        sink = await studio.gateway.sink()
        encoder.writer.write(one_read(encoder, 100) + encoder.obs.close())
        await studio.journal.until(lambda: sink.waits)
        transport.abort()  # as a write that fails would
        await is_gone.wait()
        assert (sink.end, len(sink.samples)) == (EndReason.UNPUBLISHED, 100)
        await encoder.close()


async def test_stopping_server_does_not_wait_for_room_and_loses_nothing() -> None:
    async with Studio() as studio:
        studio.gateway.opens_full = True
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        encoder.writer.write(one_read(encoder, 100))
        await studio.journal.until(lambda: sink.waits)
    assert (sink.end, len(sink.samples)) == (EndReason.SERVER_STOPPING, 100)


async def test_peer_that_vanishes_while_its_reading_rests_is_found_after_it() -> None:
    async with Studio(settings(idle_timeout_s=1.5)) as studio:
        studio.gateway.opens_full = True
        encoder = await (await studio.encoder()).publish()
        sink = await studio.gateway.sink()
        encoder.writer.write(one_read(encoder, 100))  # and never a word again
        await studio.journal.until(lambda: sink.waits)
        sink.make_room()
        await studio.journal.until(lambda: sink.end)
        assert (sink.end, len(sink.samples)) == (EndReason.SILENT, 100)


async def test_publisher_that_rests_longer_than_the_idle_time_is_not_idle() -> None:
    async with Studio(settings(idle_timeout_s=1.5)) as studio:
        studio.gateway.opens_full = True
        resting = await (await studio.encoder("key")).publish()
        resting.send_audio(2)
        first = await studio.gateway.sink()
        await studio.journal.until(lambda: first.waits)
        silent = await (await studio.encoder("second")).publish()
        second = await studio.gateway.sink(2)
        await studio.journal.until(lambda: second.end)  # the idle time has passed since
        assert (first.end, second.end) == (None, EndReason.SILENT)
        await silent.closed()
        first.make_room()
        resting.writer.write(resting.obs.close())
        await studio.journal.until(lambda: first.end)
        assert first.end is EndReason.UNPUBLISHED


async def test_publisher_that_sends_too_fast_is_logged_once() -> None:
    with capture_logs() as logs:
        async with Studio() as studio:
            studio.gateway.opens_full = True
            encoder = await (await studio.encoder()).publish()
            sink = await studio.gateway.sink()
            encoder.writer.write(one_read(encoder, 400))
            for rest in range(1, 4):
                await studio.journal.until(partial(sink.has_waited, rest))
                sink.make_room(stays_full=True)
            await encoder.close()
    lines = [line for line in logs if line["event"] == "publisher sends faster than real time"]
    assert [(line["channel"], line["publisher_id"]) for line in lines] == [("studio", 1)]

"""Publishers whose sink wants nothing for a while: what is left in the kernel, and what ends it."""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("only lines rest, which rest on epoll", allow_module_level=True)

from ingest.ports import EndReason
from tests.ingest.publisher.recording import RecordingSink
from tests.ingest.publisher.studio import ASC, Encoder, Studio

UNIT = b"\xaf\x01" + bytes(20)
_NEVER_S = 3600.0


async def at_rest(studio: Studio) -> tuple[Encoder, RecordingSink]:
    """Publish one sample, after which the sink wants nothing any more; then send ten."""
    studio.gateway.wants_in_s = _NEVER_S
    encoder = await (await studio.encoder()).publish()
    encoder.send_audio()
    sink = await studio.gateway.sink()
    await studio.journal.until(lambda: sink.samples)
    encoder.send_audio(10)
    return encoder, sink


async def test_media_that_nobody_wants_yet_stays_in_the_kernel() -> None:
    async with Studio() as studio:
        _, resting = await at_rest(studio)
        studio.gateway.wants_in_s = 0
        other = await (await studio.encoder("second")).publish()
        other.send_audio(3)
        sink = await studio.gateway.sink(2)
        await studio.journal.until(lambda: len(sink.samples) == 3)
        assert len(resting.samples) == 1


async def test_it_is_delivered_when_it_is_wanted() -> None:
    async with Studio() as studio:
        studio.gateway.wants_in_s = 0.02
        encoder = await (await studio.encoder()).publish()
        encoder.send_audio(30)
        sink = await studio.gateway.sink()
        await studio.journal.until(lambda: len(sink.samples) == 30)
        encoder.send_audio(30)
        await studio.journal.until(lambda: len(sink.samples) == 60)


async def test_stopping_server_takes_what_has_come() -> None:
    async with Studio() as studio:
        _, sink = await at_rest(studio)
    assert (len(sink.samples), sink.end) == (11, EndReason.SERVER_STOPPING)


async def test_takeover_leaves_nothing_of_the_older_publisher_behind() -> None:
    async with Studio() as studio:
        _, sink = await at_rest(studio)
        await (await studio.encoder()).publish()
        await studio.journal.until(lambda: sink.end)
        assert (len(sink.samples), sink.end) == (11, EndReason.TAKEN_OVER)


async def test_goodbye_found_by_a_takeover_is_a_goodbye() -> None:
    async with Studio() as studio:
        encoder, sink = await at_rest(studio)
        encoder.writer.write(encoder.obs.close())
        await (await studio.encoder()).publish()
        assert (len(sink.samples), sink.end) == (11, EndReason.UNPUBLISHED)


async def test_lost_connection_ends_the_rest_and_loses_no_media() -> None:
    async with Studio() as studio:
        encoder, sink = await at_rest(studio)
        await encoder.close()
        await studio.journal.until(lambda: sink.end)
        assert (len(sink.samples), sink.end) == (11, EndReason.CONNECTION_LOST)


async def test_publisher_who_said_goodbye_is_heard_at_once() -> None:
    async with Studio() as studio:
        studio.gateway.wants_in_s = 0.02
        encoder = await (await studio.encoder()).publish()
        encoder.send_audio(5)
        first = await studio.gateway.sink()
        await studio.journal.until(lambda: len(first.samples) == 5)
        first.wants_in_s = studio.gateway.wants_in_s = _NEVER_S
        encoder.writer.write(encoder.obs.close())
        await studio.journal.until(lambda: first.end)
        encoder.writer.write(encoder.obs.publish())
        second = await studio.gateway.sink(2)
        encoder.writer.write(encoder.obs.media(8, 0, ASC) + encoder.obs.media(8, 21, UNIT))
        await studio.journal.until(lambda: second.samples)

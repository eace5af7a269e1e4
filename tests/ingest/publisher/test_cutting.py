"""Publishers that somebody who may shows out."""

from ingest.events import PublisherEnded
from ingest.ports import EndReason
from tests.ingest.publisher.studio import Studio


async def test_a_cut_publisher_is_told_why_and_leaves_its_channel_free() -> None:
    async with Studio() as studio:
        cut = await (await studio.encoder("key")).publish()
        other = await (await studio.encoder("second")).publish()
        sink, other_sink = studio.gateway.sinks
        assert studio.server.cut(sink.grant.channel, "This key is not valid any more.")
        assert (sink.end, other_sink.end) == (EndReason.CUT, None)
        assert not studio.server.cut(sink.grant.channel, "Once more.")
        status = await cut.status()
        assert status["level"] == "error"
        assert "not valid any more" in str(status["description"])
        await cut.closed()
        again = await (await studio.encoder("key")).publish()
        await again.close()
        await other.close()
    first, *_ = studio.events.of(PublisherEnded)
    assert isinstance(first, PublisherEnded)
    assert first.reason is EndReason.CUT


async def test_nobody_is_cut_where_nobody_is_on_air() -> None:
    async with Studio() as studio:
        stranger = await studio.encoder()
        assert not studio.server.cut("studio", "Nobody reads this.")
        await stranger.close()

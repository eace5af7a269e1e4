"""The desk: what ingest tells becomes reports, in a database, and news for the channel's people."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from accounts.channels.live_fact import LiveEnded, LiveStarted
from analytics.doctor.desk import DoctorDesk
from analytics.doctor.finding import Finding, Severity
from analytics.doctor.settings import DoctorSettings
from analytics.doctor.store import ReportStore
from config.doctor_collector import DoctorCollector
from ingest.events import MediaMeasured, PublisherEnded, PublisherStarted
from ingest.ports import EndReason
from packager.events import BroadcastEnded, BroadcastStarted
from tests.accounts.channels.world import World
from tests.analytics.doctor.made_media import Made

_MONO = "audio-mono"


class Ids:
    """Implements LiveIds from what the world has written down."""

    def __init__(self, world: World) -> None:
        self._world = world

    def channel_id(self, channel: str) -> str | None:
        return f"chn-of-{channel}"

    def broadcast_id(self, channel: str) -> str | None:
        return self._world.recorder.broadcast_id(channel)


class Desk:
    """A desk, and what it told; one publisher at a time, on the event loop's clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.told: list[tuple[str, str, list[str]]] = []
        self.store = ReportStore(world.database)
        self.now_s = 1000.0
        self.desk = self._make()

    def restart(self) -> None:
        """Be another process on the same database."""
        self.desk = self._make()

    async def publish(self, made: Made, publisher_id: int = 1) -> None:
        """Let a publisher come, and look every second until the end of its media."""
        desk = self.desk
        desk.note(PublisherStarted(publisher_id, "studio", "made", "192.0.2.1"))
        start_s, due_s = self.now_s - 1000, self.now_s + 1
        for stretch in made.stretches():
            moved = replace(stretch, read_at_s=stretch.read_at_s + start_s)
            while moved.read_at_s > due_s:
                await self.look(due_s)
                due_s += 1
            desk.note(MediaMeasured(publisher_id, "studio", [moved]))
        await self.look(due_s)

    async def look(self, now_s: float) -> None:
        """Let the desk's second pass."""
        self.now_s = now_s
        self.world.now_ms += 1000
        self.desk.look(now_s)
        await self.desk._learn_ids()

    def _make(self) -> DoctorDesk:
        def tell(channel_id: str, channel: str, findings: Sequence[Finding]) -> None:
            self.told.append((channel_id, channel, [each.code for each in findings]))

        return DoctorDesk(
            self.store,
            self.world.clock,
            DoctorSettings(),
            Ids(self.world),
            profile_of=lambda _: "normal",
            tell=tell,
            steady_s=lambda: self.now_s,
        )


@pytest.fixture
async def desk(world: World) -> Desk:
    await world.channel("studio")
    return Desk(world)


async def _go_live(desk: Desk) -> str:
    started = LiveStarted(channel="studio", epoch="e1", at_ms=desk.world.now_ms)
    await desk.world.recorder.write(started)
    desk.desk.note_packager(BroadcastStarted("studio", "e1", desk.world.now_ms))
    broadcast_id = desk.world.recorder.broadcast_id("studio")
    assert broadcast_id is not None
    return broadcast_id


async def test_changes_are_told_once_and_numbers_are_not(desk: Desk) -> None:
    await desk.publish(Made(channels=1, length_s=20))
    codes = [codes for _, _, codes in desk.told]
    assert codes[0] == [_MONO]
    assert all(before != after for before, after in pairwise(codes))
    assert len(codes) <= 4
    assert desk.told[0][:2] == ("chn-of-studio", "studio")
    desk.desk.note(PublisherEnded(1, "studio", EndReason.UNPUBLISHED, 20, 1, 1))
    await desk.look(desk.now_s + 1)
    assert desk.told[-1][2] == []


async def test_a_broadcast_that_ends_has_its_report(desk: Desk) -> None:
    broadcast_id = await _go_live(desk)
    await desk.publish(Made(channels=1, gop_s=5, length_s=15))
    live = desk.desk.live("studio")
    assert live is not None
    assert live[0] == broadcast_id
    desk.desk.note(PublisherEnded(1, "studio", EndReason.UNPUBLISHED, 15, 1, 1))
    desk.desk.note_packager(BroadcastEnded("studio", "e1", 15.0))
    await desk.look(desk.now_s + 1)
    assert desk.desk.live("studio") is None
    unwritten = await desk.desk.of_broadcast(broadcast_id)
    assert unwritten is not None
    await desk.desk.write(desk.now_s)
    kept = await desk.desk.of_broadcast(broadcast_id)
    assert kept == replace(unwritten, points=())
    assert {each.code for each in kept.past_findings} == {_MONO, "keyframe-interval-long"}
    assert not kept.is_publishing


async def test_another_process_goes_on_with_a_report(desk: Desk) -> None:
    broadcast_id = await _go_live(desk)
    await desk.publish(Made(channels=1, length_s=12))
    await desk.desk.drain()
    desk.restart()
    await desk.publish(Made(length_s=12), publisher_id=1)
    report = await desk.desk.of_broadcast(broadcast_id)
    assert report is not None
    assert report.reconnect_count == 1
    assert report.observed_ms >= 22_000
    assert _MONO in {each.code for each in report.past_findings}


async def test_the_next_show_of_a_channel_is_another_one(desk: Desk) -> None:
    broadcast_id = await _go_live(desk)
    await desk.publish(Made(channels=1, length_s=8))
    desk.desk.note(PublisherEnded(1, "studio", EndReason.UNPUBLISHED, 8, 1, 1))
    desk.desk.note_packager(BroadcastEnded("studio", "e1", 8.0))
    await desk.publish(Made(length_s=8), publisher_id=2)
    live = desk.desk.live("studio")  # what is written down still names the old broadcast
    assert live is not None
    assert live[0] is None
    assert live[1].reconnect_count == 0
    await desk.world.recorder.write(
        LiveEnded(channel="studio", epoch="e1", at_ms=desk.world.now_ms, technical=None)
    )
    assert broadcast_id not in {each for each, _ in [live]}


async def test_what_is_no_report_of_ours_is_none(desk: Desk) -> None:
    assert await desk.desk.of_broadcast("brc_nobody") is None
    assert desk.desk.live("studio") is None
    assert desk.desk.findings("studio") is None


async def test_too_much_at_once_is_dropped_and_counted(desk: Desk) -> None:
    event = MediaMeasured(1, "studio", [])
    for _ in range(desk.desk.capacity + 3):
        desk.desk.note(event)
    assert (desk.desk.waiting_count, desk.desk.dropped_count) == (desk.desk.capacity, 3)
    desk.desk.look(desk.now_s)
    assert desk.desk.waiting_count == 0


async def test_metrics_have_labels_of_the_doctors_own_words_alone(desk: Desk) -> None:
    await desk.publish(Made(channels=1, length_s=15))
    metrics = {each.name: each for each in DoctorCollector(desk.desk).collect()}
    assert metrics["rillcast_ingest_examined_publishers"].samples[0].value == 1
    found = {
        (each.labels["code"], each.labels["severity"]): each.value
        for each in metrics["rillcast_ingest_findings"].samples
    }
    assert found[_MONO, Severity.ADVICE.value] == 1
    assert found["keyframes-good", "good"] == 1

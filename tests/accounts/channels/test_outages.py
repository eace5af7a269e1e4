"""What happens to live channels while the database cannot be had: nothing opens that was shut."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels import broadcast_recorder
from accounts.channels.live_fact import LiveStarted
from accounts.channels.publish_gate import Admitted, NotAdmitted
from accounts.channels.settings import ChannelsSettings
from accounts.channels.stream_key import NewStreamKey
from accounts.channels.view_gate import View
from accounts.events import BroadcastStarted
from accounts.storage import BusyError, Database, PreparedRead
from config.account_authorizers import AccountPublishAuthorizer
from ingest.ports import Grant, PublishAttempt, Refusal, RefusalCode
from tests.accounts.channels.world import OWNER, World
from tests.support.postgresql import PostgresServer


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """An outage looks the same from here, whatever is out."""
    return sqlite_model


@contextmanager
def outage(
    world: World, monkeypatch: pytest.MonkeyPatch, *, but_first: int = 0
) -> Iterator[list[str]]:
    """Let every transaction and read fail but the first few; yields what was attempted."""
    attempts: list[str] = []
    real = world.database.reading

    @asynccontextmanager
    async def fail() -> AsyncIterator[AsyncConnection]:
        attempts.append("transaction")
        if len(attempts) > but_first:
            raise BusyError("no connection became free in time")
        async with real() as connection:
            yield connection

    async def fail_to_write(work: Callable[[AsyncConnection], Awaitable[object]]) -> object:
        async with fail() as connection:
            return await work(connection)

    real_fetch = world.database.fetch

    async def fail_to_fetch(read: PreparedRead, **values: object) -> list[object]:
        async with fail():
            return await real_fetch(read, **values)

    with monkeypatch.context() as patch:
        patch.setattr(world.database, "fetch", fail_to_fetch)
        patch.setattr(world.database, "reading", fail)
        patch.setattr(world.database, "writing", fail)
        patch.setattr(world.database, "write", fail_to_write)
        yield attempts


async def on_air_by_a_key_revoked_elsewhere(world: World) -> NewStreamKey:
    """Put a publisher on air whose key another process revokes; return that key."""
    await world.channel()
    key, made = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    elsewhere = World(world.database)
    elsewhere.now_ms = world.now_ms
    await elsewhere.keys.revoke("studio", OWNER, key.id)
    return made


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)


async def test_nobody_publishes_while_keys_cannot_be_looked_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    authorizer = AccountPublishAuthorizer(world.publish_gate)
    attempt = PublishAttempt("live", made.reveal(), {}, "127.0.0.1", "OBS")
    with outage(world, monkeypatch):
        refused = await authorizer.authorize_publish(attempt)
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.UNAVAILABLE
    assert made.reveal() not in str(refused)
    assert isinstance(await authorizer.authorize_publish(attempt), Grant)


async def test_whose_show_is_on_air_is_let_in_again_while_keys_cannot_be_looked_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    _, other = await world.keys.create("studio", OWNER, "two")
    admitted = await world.publish_gate.authorize(made.reveal())
    world.control.begin(admitted)
    with outage(world, monkeypatch):
        assert await world.publish_gate.authorize(made.reveal()) == admitted
        with pytest.raises(BusyError):
            await world.publish_gate.authorize(other.reveal())
        world.control.live.discard("studio")  # the show has ended
        with pytest.raises(BusyError):
            await world.publish_gate.authorize(made.reveal())


async def test_a_key_revoked_elsewhere_during_an_outage_is_cut_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await on_air_by_a_key_revoked_elsewhere(world)
    with outage(world, monkeypatch):
        assert isinstance(await world.publish_gate.authorize(made.reveal()), Admitted)
    await world.desk.look()
    assert world.control.cuts == [("studio", False)]
    assert await world.publish_gate.authorize(made.reveal()) is NotAdmitted.UNKNOWN_KEY


async def test_a_publisher_is_let_in_though_the_use_of_its_key_cannot_be_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")

    async def fail(_work: object) -> object:
        raise BusyError("the disk is full")

    monkeypatch.setattr(world.database, "write", fail)
    assert isinstance(await world.publish_gate.authorize(made.reveal()), Admitted)
    with pytest.raises(BusyError):
        await world.key_uses.write()
    monkeypatch.undo()
    await world.key_uses.write()  # kept for when there is room
    (used,) = await world.keys.of_channel("studio", OWNER)
    assert used.last_used_at_ms == world.now_ms


async def test_a_channel_whose_change_cannot_be_read_is_shut_until_it_can(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    with outage(world, monkeypatch):
        await world.desk.enforce("studio")
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.UNKNOWN
    assert world.control.cuts == []  # the publisher stays
    await world.desk.look()
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.SHARED


async def test_a_change_made_elsewhere_is_read_again_if_that_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await on_air_by_a_key_revoked_elsewhere(world)
    with outage(world, monkeypatch, but_first=2):  # the note can be read, the channel cannot
        await world.desk.look()
    assert world.control.cuts == []
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.UNKNOWN
    await world.desk.look()
    assert world.control.cuts == [("studio", False)]
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.SHARED


async def test_what_is_live_goes_on_while_nothing_changes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(database, ChannelsSettings(check_interval_s=0.05))
    await world.populate()
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    await world.publish_gate.authorize(made.reveal())
    with outage(world, monkeypatch) as attempts:
        looking = asyncio.create_task(world.desk.run())
        await until(lambda: len(attempts) >= 3)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.SHARED


async def test_a_broadcast_is_written_down_once_the_database_is_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_recorder, "_RETRY_S", 0.001)
    await world.channel()
    recording = asyncio.create_task(world.recorder.run())
    with outage(world, monkeypatch) as attempts:
        world.recorder.note(LiveStarted(channel="studio", epoch="e1", at_ms=world.now_ms))
        await until(lambda: len(attempts) >= 3)
    await until(lambda: bool(world.told(BroadcastStarted)))
    assert len((await world.broadcasts.of_channel("studio", OWNER, None, 2)).items) == 1
    recording.cancel()
    with pytest.raises(asyncio.CancelledError):
        await recording

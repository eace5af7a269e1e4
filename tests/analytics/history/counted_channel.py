"""A channel whose spells are known, and all that is told of it, on a real database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import delete, func, insert, select

from accounts.channels.channel import Channel
from accounts.channels.live_fact import LiveEnded, LiveStarted
from accounts.chat.tables import chat_messages
from accounts.storage import new_id
from analytics.history.bounds import HistoryBounds
from analytics.history.bucket_rows import TABLES, buckets_within
from analytics.history.figures import Bucket
from analytics.history.keeper import HistoryKeeper
from analytics.history.reading import ViewerHistory
from analytics.history.rollup import Spell
from analytics.history.step import DAY_MS, Step
from analytics.viewers.tables import viewer_marks, viewer_spells
from config.channel_records import ChannelBroadcastRecords, RoomAudience
from tests.accounts.channels.world import OWNER, START_MS, World

MIDNIGHT = START_MS - START_MS % DAY_MS
FOR_EVER = 100 * 365 * DAY_MS
_places = count(1)


@dataclass
class CountedChannel:
    """A channel, its world, and who counts it."""

    world: World
    channel: Channel
    keeper: HistoryKeeper
    history: ViewerHistory
    _messages: int = field(default=0)

    async def watch(
        self, spells: Sequence[Spell], *, is_open: bool = False, server: str = "srv_a"
    ) -> None:
        """Write spells, as servers do."""
        if not spells:
            return
        async with self.world.database.writing() as connection:
            await connection.execute(
                insert(viewer_spells),
                [
                    {
                        # In the order of the session, as ids made one after the other are.
                        "id": f"spl_{next(_places):012}",
                        "channel_id": self.channel.id,
                        "broadcast_id": None,
                        "session": each.session,
                        "viewer": each.viewer,
                        "rendition": each.rendition,
                        "player": "hls.js",
                        "started_ms": each.started_ms,
                        "ended_ms": each.ended_ms,
                        "is_open": is_open,
                        "server": server,
                    }
                    for each in spells
                ],
            )

    async def mark(self, at_ms: int, server: str = "srv_a") -> None:
        """Say that a server has written all until then; it is then now at least."""
        async with self.world.database.writing() as connection:
            await connection.execute(delete(viewer_marks).where(viewer_marks.c.server == server))
            await connection.execute(insert(viewer_marks).values(server=server, at_ms=at_ms))
        self.world.now_ms = max(self.world.now_ms, at_ms)

    async def say(self, at_ms: int, times: int = 1, broadcast_id: str | None = None) -> None:
        """Write messages in the room."""
        started_ms = None
        if broadcast_id is not None:
            records = await ChannelBroadcastRecords(self.world.database).on_air(0, at_ms + 1)
            (started_ms,) = (
                each.started_ms for each in records if each.broadcast_id == broadcast_id
            )
        async with self.world.database.writing() as connection:
            last = await connection.scalar(select(func.max(chat_messages.c.id))) or 0
            await connection.execute(
                insert(chat_messages),
                [
                    {
                        "id": last + 1 + number,
                        "channel_id": self.channel.id,
                        "author_id": "acc_FAN",
                        "at_ms": at_ms,
                        "role": "viewer",
                        "text": "hello",
                        "is_action": False,
                        "emotes": [],
                        "mentions": [],
                        "broadcast_id": broadcast_id,
                        "media_time_ms": None if started_ms is None else at_ms - started_ms,
                    }
                    for number in range(times)
                ],
            )

    async def broadcast(self, from_ms: int, to_ms: int | None) -> str:
        """Be live for a time, or from a time on; return the broadcast's id."""
        epoch = new_id("ep")
        world, name = self.world, self.channel.name
        now_ms, world.now_ms = world.now_ms, from_ms
        await world.recorder.write(LiveStarted(channel=name, epoch=epoch, at_ms=from_ms))
        if to_ms is not None:
            world.now_ms = to_ms
            await world.recorder.write(LiveEnded(channel=name, epoch=epoch, at_ms=to_ms))
        world.now_ms = max(now_ms, to_ms or from_ms)
        page = await world.broadcasts.of_channel(name, OWNER, None, 1)
        return page.items[0].id

    async def buckets(self, step: Step) -> list[Bucket]:
        """Return all rows of the channel."""
        async with self.world.database.reading() as connection:
            return await buckets_within(connection, step, self.channel.id, 0, FOR_EVER)

    async def forget(self) -> None:
        """Delete all that was made of spells, as if nobody had ever looked."""
        async with self.world.database.writing() as connection:
            for table in TABLES.values():
                await connection.execute(delete(table))


async def counted_channel(world: World, name: str = "studio", raw_days: int = 30) -> CountedChannel:
    """Make a channel that is counted."""
    channel = await world.channel(name)
    return CountedChannel(world, channel, keeper_of(world, raw_days), history_of(world))


def keeper_of(world: World, raw_days: int = 30) -> HistoryKeeper:
    """Make one more of those who count."""
    return HistoryKeeper(
        world.database,
        world.clock,
        HistoryBounds.of_days(raw_days, 90),
        records=ChannelBroadcastRecords(world.database),
        audience=RoomAudience(world.database),
    )


def history_of(world: World) -> ViewerHistory:
    return ViewerHistory(
        world.database, ChannelBroadcastRecords(world.database), RoomAudience(world.database)
    )

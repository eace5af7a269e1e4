"""What analytics asks of channels and rooms: broadcasts, titles, messages and followers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, cast, func, or_, select

from accounts.channels.tables import broadcast_titles, broadcasts, channels, follow_ends, follows
from accounts.chat.tables import chat_messages
from accounts.storage import Cursor, Database, PreparedList, PreparedRead
from analytics.history.figures import BroadcastRecord, Following, TitleAt

_ROWS_MAX: Final = 1_000
_CHANNEL: Final[Any] = bindparam("channel")
_FROM: Final = bindparam("from_ms", type_=BigInteger)
_TO: Final = bindparam("to_ms", type_=BigInteger)
_STEP: Final = bindparam("step_ms", type_=BigInteger)
_SECOND_MS: Final = 1_000
_MINUTE_MS: Final = 60_000
_row = broadcasts.c
_WAS_ON_AIR: Final = (
    _row.started_at_ms < _TO,
    or_(_row.ended_at_ms.is_(None), _row.ended_at_ms >= _FROM),
)


def _records() -> Select[Any]:
    return select(
        _row.id,
        _row.channel_id,
        _row.title,
        _row.category,
        _row.started_at_ms,
        _row.ended_at_ms,
        _row.alive_at_ms,
    )


def _titles_of(*where: ColumnElement[bool]) -> Select[Any]:
    title = broadcast_titles.c
    return (
        select(title.at_ms, title.broadcast_id, title.title, title.category)
        .join(broadcasts, _row.id == title.broadcast_id)
        .where(*where)
        .order_by(title.at_ms.desc(), title.broadcast_id)
        .limit(_ROWS_MAX)
    )


# Apart, so that each has its index: what goes on, and what has ended since.
_GOING_ON: Final = PreparedRead(
    _records().where(_row.ended_at_ms.is_(None), _row.started_at_ms < _TO).limit(100_000)
)
_ENDED: Final = PreparedRead(
    _records()
    .where(_row.ended_at_ms >= _FROM, _row.started_at_ms < _TO)
    .order_by(_row.ended_at_ms)
    .limit(100_000)
)
_OF_CHANNEL: Final = PreparedRead(
    _records()
    .where(_row.channel_id == _CHANNEL, *_WAS_ON_AIR)
    .order_by(_row.started_at_ms.desc(), _row.id.desc())
    .limit(_ROWS_MAX)
)
_BEFORE: Final = PreparedList(
    _records().where(_row.channel_id == _CHANNEL), _row.started_at_ms, _row.id
)
_TITLES: Final = PreparedRead(_titles_of(_row.channel_id == _CHANNEL, *_WAS_ON_AIR))


class ChannelBroadcastRecords:
    """Implements BroadcastRecords."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def on_air(self, from_ms: int, to_ms: int) -> Sequence[BroadcastRecord]:
        """Return all channels' broadcasts that were on air within a time."""
        going_on = await self._database.fetch(_GOING_ON, to_ms=to_ms)
        ended = await self._database.fetch(_ENDED, from_ms=from_ms, to_ms=to_ms)
        by_id = {row.id: row for row in (*going_on, *ended)}
        return [_record(row) for row in by_id.values()]

    async def of_channel(
        self, channel_id: str, from_ms: int, to_ms: int
    ) -> Sequence[BroadcastRecord]:
        """Return a channel's broadcasts that were on air within a time, the oldest first."""
        rows = await self._database.fetch(
            _OF_CHANNEL, channel=channel_id, from_ms=from_ms, to_ms=to_ms
        )
        return [_record(row) for row in reversed(rows)]

    async def before(
        self, channel_id: str, cursor: Cursor | None, limit: int
    ) -> Sequence[BroadcastRecord]:
        """Return the newest of a channel that began before (start, id), and one more."""
        rows = await _BEFORE.fetch(self._database, cursor, limit, channel=channel_id)
        return [_record(row) for row in rows]

    async def titles(self, channel_id: str, from_ms: int, to_ms: int) -> Sequence[TitleAt]:
        """Return what a channel's broadcasts on air within a time were called, the oldest first."""
        rows = await self._database.fetch(_TITLES, channel=channel_id, from_ms=from_ms, to_ms=to_ms)
        return [
            TitleAt(row.at_ms, row.broadcast_id, row.title, row.category) for row in reversed(rows)
        ]


def _record(row: Any) -> BroadcastRecord:
    return BroadcastRecord(
        broadcast_id=row.id,
        channel_id=row.channel_id,
        title=row.title,
        category=row.category,
        started_ms=row.started_at_ms,
        ended_ms=row.ended_at_ms,
        seen_ms=row.alive_at_ms,
    )


_minute: Final = chat_messages.c.at_ms // _MINUTE_MS
_BY_MINUTE: Final = PreparedRead(
    select(chat_messages.c.channel_id, _minute.label("minute"), func.count().label("messages"))
    .where(chat_messages.c.at_ms >= _FROM, chat_messages.c.at_ms < _TO)
    .group_by(chat_messages.c.channel_id, _minute)
)
_window: Final = (chat_messages.c.media_time_ms // _STEP).label("window")
_BY_WINDOW: Final = PreparedRead(
    select(_window, func.count().label("messages"))
    .where(
        chat_messages.c.broadcast_id == bindparam("broadcast"),
        chat_messages.c.media_time_ms >= 0,
    )
    .group_by(_window)
)
_second: Final = chat_messages.c.at_ms // _SECOND_MS
_BY_SECOND: Final = PreparedRead(
    select(_second.label("second"), func.count().label("messages"))
    .where(
        chat_messages.c.broadcast_id == bindparam("broadcast"),
        chat_messages.c.media_time_ms >= _FROM,
    )
    .group_by(_second)
)
_step: Final = (follows.c.created_at_ms // _STEP).label("step")
_GAINED: Final = PreparedRead(
    select(_step, func.count().label("followers"))
    .where(
        follows.c.channel_id == _CHANNEL,
        follows.c.created_at_ms >= _FROM,
        follows.c.created_at_ms < _TO,
    )
    .group_by(_step)
)
_end_step: Final = (follow_ends.c.at_ms // _STEP).label("step")
_ENDS: Final = PreparedRead(
    select(
        _end_step,
        cast(func.sum(follow_ends.c.begun), BigInteger).label("begun"),
        cast(func.sum(follow_ends.c.ended), BigInteger).label("ended"),
    )
    .where(
        follow_ends.c.channel_id == _CHANNEL,
        follow_ends.c.at_ms >= _FROM,
        follow_ends.c.at_ms < _TO,
    )
    .group_by(_end_step)
)
_FOLLOWERS: Final = PreparedRead(select(channels.c.follower_count).where(channels.c.id == _CHANNEL))


class RoomAudience:
    """Implements Audience."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def messages_by_minute(self, from_ms: int, to_ms: int) -> Mapping[str, Mapping[int, int]]:
        """Count what was written in rooms, by channel and minute (when it begins)."""
        rows = await self._database.fetch(_BY_MINUTE, from_ms=from_ms, to_ms=to_ms)
        found: dict[str, dict[int, int]] = {}
        for row in rows:
            found.setdefault(row.channel_id, {})[row.minute * _MINUTE_MS] = row.messages
        return found

    async def messages_by_window(self, broadcast_id: str, window_ms: int) -> Mapping[int, int]:
        """Count what was written in a broadcast, by the number of the window since it began."""
        rows = await self._database.fetch(_BY_WINDOW, broadcast=broadcast_id, step_ms=window_ms)
        return {row.window: row.messages for row in rows}

    async def messages_by_second(self, broadcast_id: str, from_ms: int) -> Mapping[int, int]:
        """Count what was written in a broadcast from a place in it on, by second since 1970."""
        rows = await self._database.fetch(_BY_SECOND, broadcast=broadcast_id, from_ms=from_ms)
        return {row.second: row.messages for row in rows}

    async def following(
        self, channel_id: str, from_ms: int, to_ms: int, step_ms: int
    ) -> Mapping[int, Following]:
        """Count who began to follow and who stopped, by step (when it begins), where any did."""
        wanted = {"channel": channel_id, "to_ms": to_ms, "step_ms": step_ms}
        stay = await self._database.fetch(_GAINED, from_ms=from_ms, **wanted)
        gone = await self._database.fetch(_ENDS, from_ms=from_ms - from_ms % _MINUTE_MS, **wanted)
        gained = {row.step: row.followers for row in stay}
        found = {step: Following(count) for step, count in gained.items()}
        for row in gone:
            # Who has left since began to follow all the same.
            found[row.step] = Following(gained.get(row.step, 0) + row.begun, row.ended)
        return {step * step_ms: each for step, each in found.items()}

    async def follower_count(self, channel_id: str) -> int:
        """Count who follows now."""
        rows = await self._database.fetch(_FOLLOWERS, channel=channel_id)
        return rows[0].follower_count if rows else 0

"""WatchHistory: what an account watched, for recommendations alone; people read and delete it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, PreparedRead
from analytics.ports import Clock
from analytics.recommendations.settings import RecommendationsSettings
from analytics.recommendations.tables import recommendation_refusals, watched
from analytics.recommendations.taste import Watched

DAY_MS: Final = 86_400_000
_ROWS_MAX: Final = 5_000  # read for one account; more is not known of anybody


@dataclass(frozen=True, slots=True)
class ChannelWatched:
    """How long somebody watched a channel in all that is remembered, and on which day last."""

    channel_id: str
    watched_ms: int
    last_day: int


class WatchHistory:
    """Reads and writes what accounts watched."""

    def __init__(self, database: Database, clock: Clock, settings: RecommendationsSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    @property
    def today(self) -> int:
        """The day that it is, counted from 1970 (UTC)."""
        return self._clock() // DAY_MS

    async def is_wanted(self, account_id: str) -> bool:
        """Whether recommendations are on, on this server and for this account."""
        if not self._settings.enabled:
            return False
        return not await self._database.fetch(_REFUSAL, account_id=account_id)

    async def note(self, account_id: str, channel_id: str, watched_ms: int) -> None:
        """Remember that an account watched a channel so much longer, unless it wants none."""
        if watched_ms <= 0 or not await self.is_wanted(account_id):
            return
        key = {"account_id": account_id, "channel_id": channel_id, "day": self.today}
        same = and_(*(watched.c[name] == value for name, value in key.items()))

        async def work(connection: AsyncConnection) -> None:
            more = func.least if connection.dialect.name == "postgresql" else func.min
            grown = more(watched.c.watched_ms + watched_ms, DAY_MS)
            found = await connection.execute(update(watched).where(same).values(watched_ms=grown))
            if not found.rowcount:
                await connection.execute(insert(watched).values(**key, watched_ms=watched_ms))

        await self._database.write(work, is_short=True)

    async def of(self, account_id: str) -> list[Watched]:
        """Return what an account watched, by channel and day, the latest days first."""
        rows = await self._database.fetch(_HISTORY, account_id=account_id)
        return [Watched(row.channel_id, row.day, row.watched_ms) for row in rows]

    async def by_channel(self, account_id: str) -> list[ChannelWatched]:
        """Return what an account watched, by channel, the latest first."""
        sums: dict[str, ChannelWatched] = {}
        for each in await self.of(account_id):
            before = sums.get(each.channel_id, ChannelWatched(each.channel_id, 0, each.day))
            sums[each.channel_id] = ChannelWatched(
                each.channel_id, before.watched_ms + each.watched_ms, before.last_day
            )
        return list(sums.values())

    async def forget(self, account_id: str, channel_id: str | None = None) -> None:
        """Forget what an account watched: of one channel, or all of it."""
        statement = delete(watched).where(watched.c.account_id == account_id)
        if channel_id is not None:
            statement = statement.where(watched.c.channel_id == channel_id)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.write(work)

    async def want(self, account_id: str, *, is_wanted: bool) -> None:
        """Switch recommendations on or off for an account; off forgets what it watched."""
        now_ms = self._clock()

        async def work(connection: AsyncConnection) -> None:
            refusal = recommendation_refusals.c.account_id == account_id
            await connection.execute(delete(recommendation_refusals).where(refusal))
            if not is_wanted:
                await connection.execute(
                    insert(recommendation_refusals).values(account_id=account_id, since_ms=now_ms)
                )
                await connection.execute(delete(watched).where(watched.c.account_id == account_id))

        await self._database.write(work)

    async def expire(self) -> int:
        """Forget what is older than the settings say; return how many rows went."""
        oldest = self.today - self._settings.history_days

        async def work(connection: AsyncConnection) -> int:
            gone = await connection.execute(delete(watched).where(watched.c.day < oldest))
            return gone.rowcount

        return await self._database.write(work)


_REFUSAL: Final = PreparedRead(
    select(recommendation_refusals.c.since_ms).where(
        recommendation_refusals.c.account_id == bindparam("account_id")
    )
)
_HISTORY: Final = PreparedRead(
    select(watched.c.channel_id, watched.c.day, watched.c.watched_ms)
    .where(watched.c.account_id == bindparam("account_id"))
    .order_by(watched.c.day.desc(), watched.c.watched_ms.desc())
    .limit(_ROWS_MAX)
)

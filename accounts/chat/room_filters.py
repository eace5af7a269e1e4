"""RoomFilters: what may not be said in a room, written down and taken back by its people."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import (
    ConflictingError,
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotFoundError,
)
from accounts.channels.sight import Asker, see_channel
from accounts.chat.context import ChatContext
from accounts.chat.filters import Filter, FilterError, FilterKind
from accounts.chat.log import LogAction, write_log
from accounts.chat.message import ActKind
from accounts.chat.rows import write_acts
from accounts.chat.tables import chat_filters
from accounts.storage import new_id

FILTER_ID_PREFIX: Final = "flt"


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter with its id."""

    id: str
    filter: Filter
    since_ms: int


class RoomFilters:
    """For the channel's moderators and owner: who is filtered needs not know how."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def of_channel(self, channel: str, asker: Asker) -> tuple[KeptFilter, ...]:
        """List a room's filters, the oldest first. Raises NotFoundError, NotAllowedError."""
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._context.clock())
            rows = await connection.execute(
                select(chat_filters)
                .where(chat_filters.c.channel_id == sight.require_moderator().channel.id)
                .order_by(chat_filters.c.created_at_ms, chat_filters.c.id)
            )
            return tuple(
                KeptFilter(row.id, Filter(FilterKind(row.kind), row.pattern), row.created_at_ms)
                for row in rows
            )

    async def add(self, channel: str, asker: Asker, kind: FilterKind, text: str) -> KeptFilter:
        """Add a filter.

        Raises NotFoundError, NotAllowedError, InvalidFieldsError, ConflictingError,
        LimitReachedError.
        """
        try:
            made = Filter.of(kind, text)
        except FilterError as error:
            raise InvalidFieldsError([FieldFault("pattern", str(error))]) from None
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, str]:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            own = chat_filters.c.channel_id == channel_id
            same = (
                own
                & (chat_filters.c.kind == made.kind.value)
                & (chat_filters.c.pattern == made.pattern)
            )
            if await connection.scalar(select(chat_filters.c.id).where(same)) is not None:
                raise ConflictingError("this is filtered already")
            count = await connection.scalar(
                select(func.count()).select_from(chat_filters).where(own)
            )
            limit = self._context.settings.filters_per_channel
            if (count or 0) >= limit:
                raise LimitReachedError(f"a room has {limit} filters at most")
            filter_id = new_id(FILTER_ID_PREFIX)
            await connection.execute(
                insert(chat_filters).values(
                    id=filter_id,
                    channel_id=channel_id,
                    kind=made.kind.value,
                    pattern=made.pattern,
                    by_id=asker.account_id,
                    created_at_ms=now_ms,
                )
            )
            await _note(
                connection, channel_id, asker, LogAction.FILTER_ADDED, which=made, now_ms=now_ms
            )
            return channel_id, filter_id

        channel_id, filter_id = await self._context.database.write(work)
        self._context.changed(channel_id)
        return KeptFilter(filter_id, made, now_ms)

    async def remove(self, channel: str, asker: Asker, filter_id: str) -> None:
        """Take a filter back. Raises NotFoundError, NotAllowedError."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> str:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            here = (chat_filters.c.channel_id == channel_id) & (chat_filters.c.id == filter_id)
            row: Any = (await connection.execute(select(chat_filters).where(here))).first()
            if row is None:
                raise NotFoundError("there is no such filter")
            await connection.execute(delete(chat_filters).where(here))
            gone = Filter(FilterKind(row.kind), row.pattern)
            await _note(
                connection, channel_id, asker, LogAction.FILTER_REMOVED, which=gone, now_ms=now_ms
            )
            return channel_id

        self._context.changed(await self._context.database.write(work))


async def _note(
    connection: AsyncConnection,
    channel_id: str,
    asker: Asker,
    action: LogAction,
    *,
    which: Filter,
    now_ms: int,
) -> None:
    details = {"kind": which.kind.value, "pattern": which.pattern}
    await write_log(connection, channel_id, asker, action, now_ms, details=details)
    await write_acts(connection, ActKind.FILTERS, [channel_id], now_ms)

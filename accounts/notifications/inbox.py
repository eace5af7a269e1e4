"""Inbox: somebody's notifications, and what of them is unread."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import channels
from accounts.channels.visibility import Visibility
from accounts.events import NotificationsRead
from accounts.notifications.kind import Kind, broadcast_of
from accounts.notifications.tables import notices, notifications
from accounts.ports import Clock, Emit
from accounts.storage import Cursor, Database, Page
from accounts.storage.cursor import page_of

COUNT_LIMIT: Final = 1000  # nobody reads a longer number than "999+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing that somebody was told of."""

    id: str
    kind: Kind
    channel: Channel
    title: str
    broadcast_id: str
    at_ms: int
    is_quiet: bool
    is_read: bool


class Inbox:
    """Lists, counts and marks. What is of a channel that is hidden by now is not shown."""

    def __init__(self, database: Database, clock: Clock, emit: Emit) -> None:
        self._database = database
        self._clock = clock
        self._emit = emit

    async def page(
        self, account_id: str, cursor: Cursor | None, limit: int, *, unread_only: bool
    ) -> Page[Notification]:
        """List notifications, the newest first."""
        key = (notifications.c.at_ms, notifications.c.notice_id)
        query = (
            _shown(
                select_channels().add_columns(
                    notices.c.kind,
                    notices.c.title.label("told_title"),
                    notices.c.broadcast_id,
                    notifications.c.notice_id,
                    notifications.c.at_ms.label("told_at_ms"),
                    notifications.c.is_quiet,
                    notifications.c.read_at_ms,
                ),
                account_id,
            )
            .order_by(key[0].desc(), key[1].desc())
            .limit(limit + 1)
        )
        if unread_only:
            query = query.where(notifications.c.read_at_ms.is_(None))
        if cursor is not None:
            query = query.where(cursor.before(*key))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return page_of(rows, limit, _notification, lambda row: (row.told_at_ms, row.notice_id))

    async def unread_count(self, account_id: str) -> int:
        """Count what is unread, up to COUNT_LIMIT."""
        async with self._database.reading() as connection:
            return await _count_unread(connection, account_id)

    async def mark(self, account_id: str, notice_id: str, *, is_read: bool) -> bool:
        """Mark one as read or unread; whether there is such a one."""
        now_ms = self._clock()

        async def work(connection: AsyncConnection) -> tuple[bool, int]:
            here = _own(account_id) & (notifications.c.notice_id == notice_id)
            done: Any = await connection.execute(
                update(notifications).where(here).values(read_at_ms=now_ms if is_read else None)
            )
            return bool(done.rowcount), await _count_unread(connection, account_id)

        is_there, left = await self._database.write(work, is_short=True)
        if is_there:
            self._tell(account_id, left, now_ms)
        return is_there

    async def mark_all_read(self, account_id: str, until_id: str | None) -> int:
        """Mark all as read, or those up to one of them; return how many are unread still.

        That one is the newest that was seen: what came since stays unread. If there is no such
        one, nothing was seen.
        """
        now_ms = self._clock()

        async def work(connection: AsyncConnection) -> int:
            here = _own(account_id) & notifications.c.read_at_ms.is_(None)
            if until_id is not None:
                until_ms = await connection.scalar(
                    select(notifications.c.at_ms).where(
                        _own(account_id), notifications.c.notice_id == until_id
                    )
                )
                last = Cursor((until_ms or 0, until_id))
                key = (notifications.c.at_ms, notifications.c.notice_id)
                here &= ~last.after(*key)
            await connection.execute(update(notifications).where(here).values(read_at_ms=now_ms))
            return await _count_unread(connection, account_id)

        left = await self._database.write(work)
        self._tell(account_id, left, now_ms)
        return left

    def _tell(self, account_id: str, unread_count: int, now_ms: int) -> None:
        self._emit(
            NotificationsRead(at_ms=now_ms, account_id=account_id, unread_count=unread_count)
        )


async def _count_unread(connection: AsyncConnection, account_id: str) -> int:
    unread = _shown(select(notifications.c.notice_id), account_id).where(
        notifications.c.read_at_ms.is_(None)
    )
    found = await connection.scalar(
        select(func.count()).select_from(unread.limit(COUNT_LIMIT).subquery())
    )
    return found or 0


def _own(account_id: str) -> ColumnElement[bool]:
    return notifications.c.account_id == account_id


def _shown(query: Select[Any], account_id: str) -> Select[Any]:
    return (
        query.select_from(notifications)
        .join(notices, notices.c.id == notifications.c.notice_id)
        .join(channels, channels.c.id == notices.c.channel_id)
        .where(
            and_(
                _own(account_id),
                or_(
                    channels.c.visibility != Visibility.PRIVATE.value,
                    channels.c.owner_id == account_id,
                ),
                channels.c.banned_at_ms.is_(None),
                ~owner_is_closed(),
            )
        )
    )


def _notification(row: Any) -> Notification:
    return Notification(
        id=row.notice_id,
        kind=Kind(row.kind),
        channel=channel_of(row),
        title=row.told_title,
        broadcast_id=broadcast_of(row.kind, row.broadcast_id),
        at_ms=row.told_at_ms,
        is_quiet=row.is_quiet,
        is_read=row.read_at_ms is not None,
    )

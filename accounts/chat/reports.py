"""Reports: messages that somebody wants administrators to look at."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.errors import ConflictingError, LimitReachedError, NotFoundError
from accounts.channels.owners import PersonCard, cards_of
from accounts.channels.sight import Asker, see_channel
from accounts.channels.tables import channels
from accounts.channels.viewer_bans import checked_reason
from accounts.chat.context import ChatContext
from accounts.chat.deletion import NO_SUCH_MESSAGE
from accounts.chat.tables import chat_messages, chat_reports
from accounts.storage import Cursor, Page, new_id
from accounts.storage.cursor import page_of

REPORT_ID_PREFIX: Final = "rpt"
_OPEN_PER_ACCOUNT: Final = 50
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report. The message may be gone; `text` is what it said."""

    id: str
    channel: Channel
    message_id: int
    is_there: bool
    author: PersonCard
    text: str
    reporter: PersonCard | None
    reason: str
    at_ms: int
    closed_at_ms: int | None
    closed_by: PersonCard | None


class Reports:
    """Takes reports from whoever has signed in, and shows them to administrators."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def add(self, channel: str, asker: Asker, message_id: int, reason: str) -> None:
        """Report a message; once is enough.

        Raises NotFoundError, InvalidFieldsError, ConflictingError, LimitReachedError.
        """
        now_ms, text = self._context.clock(), checked_reason(reason)

        async def work(connection: AsyncConnection) -> None:
            sight = await see_channel(connection, channel, asker, now_ms)
            row = (
                await connection.execute(
                    select(chat_messages.c.author_id, chat_messages.c.text).where(
                        chat_messages.c.channel_id == sight.channel.id,
                        chat_messages.c.id == message_id,
                    )
                )
            ).first()
            if row is None or not sight.may_watch:
                raise NotFoundError(NO_SUCH_MESSAGE)
            if row.author_id == asker.account_id:
                raise ConflictingError("nobody reports themselves; take the message back")
            known = select(literal(1)).where(
                chat_reports.c.message_id == message_id,
                chat_reports.c.reporter_id == asker.account_id,
            )
            if await connection.scalar(known) is not None:
                return
            count = await connection.scalar(
                select(func.count())
                .select_from(chat_reports)
                .where(
                    chat_reports.c.reporter_id == asker.account_id,
                    chat_reports.c.at_ms > now_ms - _DAY_MS,
                )
            )
            if (count or 0) >= _OPEN_PER_ACCOUNT:
                raise LimitReachedError(f"an account reports {_OPEN_PER_ACCOUNT} a day at most")
            await connection.execute(
                insert(chat_reports).values(
                    id=new_id(REPORT_ID_PREFIX),
                    channel_id=sight.channel.id,
                    message_id=message_id,
                    author_id=row.author_id,
                    text=row.text,
                    reporter_id=asker.account_id,
                    reason=text,
                    at_ms=now_ms,
                )
            )

        await self._context.database.write(work)

    async def page(self, *, open_only: bool, cursor: Cursor | None, limit: int) -> Page[Report]:
        """Return reports, the newest first."""
        key = (chat_reports.c.at_ms, chat_reports.c.id)
        there = select(chat_messages.c.id).where(chat_messages.c.id == chat_reports.c.message_id)
        query = (
            select_channels()
            .add_columns(
                chat_reports.c.id.label("report_id"),
                chat_reports.c.message_id,
                chat_reports.c.author_id,
                chat_reports.c.text,
                chat_reports.c.reporter_id,
                chat_reports.c.reason,
                chat_reports.c.at_ms,
                chat_reports.c.closed_at_ms,
                chat_reports.c.closed_by_id,
                there.exists().label("is_there"),
            )
            .join(channels, channels.c.id == chat_reports.c.channel_id)
            .order_by(key[0].desc(), key[1].desc())
            .limit(limit + 1)
        )
        if open_only:
            query = query.where(chat_reports.c.closed_at_ms.is_(None))
        if cursor is not None:
            query = query.where(cursor.before(*key))
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
            people = {
                each for row in rows for each in (row.author_id, row.reporter_id, row.closed_by_id)
            }
            cards = await cards_of(connection, {each for each in people if each is not None})
        return page_of(
            rows,
            limit,
            lambda row: _report_of(row, cards),
            lambda row: (row.at_ms, row.report_id),
        )

    async def close(self, report_id: str, asker: Asker) -> None:
        """Say that a report was looked at. Raises NotFoundError."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> None:
            done: Any = await connection.execute(
                update(chat_reports)
                .where(chat_reports.c.id == report_id)
                .values(closed_at_ms=now_ms, closed_by_id=asker.account_id)
            )
            if not done.rowcount:
                raise NotFoundError("there is no such report")

        await self._context.database.write(work)


def _report_of(row: Any, cards: Any) -> Report:
    return Report(
        id=row.report_id,
        channel=channel_of(row),
        message_id=row.message_id,
        is_there=bool(row.is_there),
        author=cards[row.author_id],
        text=row.text,
        reporter=cards.get(row.reporter_id),
        reason=row.reason,
        at_ms=row.at_ms,
        closed_at_ms=row.closed_at_ms,
        closed_by=cards.get(row.closed_by_id),
    )

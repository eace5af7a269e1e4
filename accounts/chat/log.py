"""Log: what moderators did in a room, kept for them for some time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.owners import PersonCard, cards_of
from accounts.channels.sight import Asker, see_channel
from accounts.chat.context import ChatContext
from accounts.chat.tables import chat_log
from accounts.storage import Cursor, Page, new_id
from accounts.storage.cursor import page_of

LOG_ID_PREFIX: Final = "mod"


class LogAction(StrEnum):
    """What was done."""

    DELETE = "delete"
    CLEAR = "clear"
    TIMEOUT = "timeout"
    BAN = "ban"
    LIFT = "lift"
    RULES = "rules"
    MOD = "mod"
    UNMOD = "unmod"
    FILTER_ADDED = "filter-added"
    FILTER_REMOVED = "filter-removed"
    EMOTE_ADDED = "emote-added"
    EMOTE_REMOVED = "emote-removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One thing that was done. `by` None: somebody who has left. `text`: what was taken away."""

    id: str
    at_ms: int
    action: LogAction
    by: PersonCard | None
    about: PersonCard | None
    message_id: int | None
    text: str | None
    reason: str
    details: Mapping[str, Any]


async def write_log(
    connection: AsyncConnection,
    channel_id: str,
    asker: Asker,
    action: LogAction,
    at_ms: int,
    *,
    account_id: str | None = None,
    message_id: int | None = None,
    text: str | None = None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down what somebody does, in the transaction that does it."""
    await connection.execute(
        insert(chat_log).values(
            id=new_id(LOG_ID_PREFIX),
            channel_id=channel_id,
            at_ms=at_ms,
            action=action.value,
            by_id=asker.account_id,
            account_id=account_id,
            message_id=message_id,
            text=text,
            reason=reason,
            details=None if details is None else dict(details),
        )
    )


class ModerationLog:
    """Shows what was done to the channel's own people."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def page(
        self, channel: str, asker: Asker, cursor: Cursor | None, limit: int
    ) -> Page[LogEntry]:
        """Return what was done, the newest first. Raises NotFoundError, NotAllowedError."""
        key = (chat_log.c.at_ms, chat_log.c.id)
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._context.clock())
            query = (
                select(chat_log)
                .where(chat_log.c.channel_id == sight.require_moderator().channel.id)
                .order_by(key[0].desc(), key[1].desc())
                .limit(limit + 1)
            )
            if cursor is not None:
                query = query.where(cursor.before(*key))
            rows = (await connection.execute(query)).all()
            people = {row.by_id for row in rows} | {row.account_id for row in rows}
            cards = await cards_of(connection, {each for each in people if each is not None})
        return page_of(
            rows,
            limit,
            lambda row: LogEntry(
                id=row.id,
                at_ms=row.at_ms,
                action=LogAction(row.action),
                by=cards.get(row.by_id),
                about=cards.get(row.account_id),
                message_id=row.message_id,
                text=row.text,
                reason=row.reason,
                details=row.details or {},
            ),
            lambda row: (row.at_ms, row.id),
        )

"""Deletion: messages that are taken away, one or many, gone for all readers at once."""

from typing import Final

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import NotAllowedError, NotFoundError
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.chat.context import ChatContext
from accounts.chat.log import LOG_ID_PREFIX, LogAction, write_log
from accounts.chat.message import ActKind
from accounts.chat.rows import write_acts
from accounts.chat.tables import chat_log, chat_messages
from accounts.storage import new_id

KEPT_TEXTS: Final = 200  # of one clearing, for the log
NO_SUCH_MESSAGE: Final = "there is no such message"


class Deletion:
    """Takes away; authors their own, moderators anybody's but the owner's."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def delete(
        self, channel: str, asker: Asker, message_id: int, *, may_moderate: bool = True
    ) -> None:
        """Take one message away. Raises NotFoundError, NotAllowedError.

        `may_moderate`: whether the asker's token reaches as far as others' messages.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> None:
            sight = await see_channel(connection, channel, asker, now_ms)
            here = (chat_messages.c.channel_id == sight.channel.id) & (
                chat_messages.c.id == message_id
            )
            row = (
                await connection.execute(
                    select(chat_messages.c.author_id, chat_messages.c.text).where(here)
                )
            ).first()
            if row is None:
                raise NotFoundError(NO_SUCH_MESSAGE)
            is_own = row.author_id == asker.account_id
            if not is_own and not (may_moderate and sight.standing.watches_over_it):
                raise NotAllowedError("only its author and the channel's moderators may do this")
            _require_not_over_owner(sight, row.author_id)
            await connection.execute(delete(chat_messages).where(here))
            await write_log(
                connection,
                sight.channel.id,
                asker,
                LogAction.DELETE,
                now_ms,
                account_id=row.author_id,
                message_id=message_id,
                text=row.text,
            )
            await write_acts(
                connection,
                ActKind.DELETED,
                [sight.channel.id],
                now_ms,
                {"messageId": message_id, "byModerator": not is_own},
            )

        await self._context.database.write(work)
        self._context.wake()

    async def clear(self, channel: str, asker: Asker, account_id: str | None) -> int:
        """Take away all that somebody has said, or all that anybody has; return how much it was.

        Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Sight, int]:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            _require_not_over_owner(sight, account_id)
            return sight, await clear_messages(connection, channel_id, asker, account_id, now_ms)

        sight, count = await self._context.database.write(work)
        if account_id is not None:
            self._context.hushed.add(sight.channel.id, account_id)
        self._context.wake()
        return count


def _require_not_over_owner(sight: Sight, author_id: str | None) -> None:
    """Let moderators not take away what the owner said, as they cannot silence them either."""
    if author_id == sight.channel.owner_id and not sight.standing.runs_it:
        raise NotAllowedError("only the channel's owner may take away what the owner said")


async def clear_messages(
    connection: AsyncConnection,
    channel_id: str,
    asker: Asker,
    account_id: str | None,
    now_ms: int,
) -> int:
    """Take messages away and write down that, and the last of them; return how many it was."""
    here = chat_messages.c.channel_id == channel_id
    if account_id is not None:
        here &= chat_messages.c.author_id == account_id
    texts: Select[tuple[int, str, str]] = (
        select(chat_messages.c.id, chat_messages.c.author_id, chat_messages.c.text)
        .where(here)
        .order_by(chat_messages.c.id.desc())
        .limit(KEPT_TEXTS)
    )
    kept = [
        {
            "id": new_id(LOG_ID_PREFIX),
            "channel_id": channel_id,
            "at_ms": now_ms,
            "action": LogAction.DELETE.value,
            "by_id": asker.account_id,
            "account_id": row.author_id,
            "message_id": row.id,
            "text": row.text,
            "reason": "",
        }
        for row in await connection.execute(texts)
    ]
    count = await connection.scalar(select(func.count()).select_from(chat_messages).where(here))
    if kept:
        await connection.execute(insert(chat_log), kept)
        await connection.execute(delete(chat_messages).where(here))
    await write_log(
        connection,
        channel_id,
        asker,
        LogAction.CLEAR,
        now_ms,
        account_id=account_id,
        details={"count": count or 0},
    )
    await write_acts(connection, ActKind.CLEARED, [channel_id], now_ms, {"accountId": account_id})
    return count or 0

"""History: what was said in a room, in pages, for those who may watch its channel."""

from dataclasses import dataclass

from accounts.channels.errors import NotAllowedError
from accounts.channels.sight import Asker, see_channel
from accounts.chat.context import ChatContext
from accounts.chat.message import Message
from accounts.chat.rows import message_of, select_messages
from accounts.chat.tables import chat_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which messages. Of `before` and `after` at most one is there.

    With neither, or with `before`, the newest come first; with `after`, the oldest. `broadcast_id`:
    those alone that were said during it, in its order of time from `from_ms` on.
    """

    limit: int
    before: int | None = None
    after: int | None = None
    broadcast_id: str | None = None
    from_ms: int | None = None


class History:
    """Reads what is still there: what was taken away is nowhere."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def page(
        self, channel: str, asker: Asker, span: Span, leave: str | None = None
    ) -> tuple[list[Message], bool]:
        """Return messages, and whether there are more. `leave` is a token to watch by.

        Raises NotFoundError, NotAllowedError.
        """
        guest_of = None if leave is None else await self._context.opened_by(channel, leave)
        async with self._context.database.reading() as connection:
            if guest_of is not None:
                channel_id = guest_of.id
            else:
                sight = await see_channel(connection, channel, asker, self._context.clock())
                if not sight.may_watch:
                    raise NotAllowedError("only who may watch this channel may read its chat")
                channel_id = sight.channel.id
            query = select_messages().where(chat_messages.c.channel_id == channel_id)
            is_forward = span.after is not None
            if span.before is not None:
                query = query.where(chat_messages.c.id < span.before)
            if span.after is not None:
                query = query.where(chat_messages.c.id > span.after)
            if span.broadcast_id is not None:
                query = query.where(chat_messages.c.broadcast_id == span.broadcast_id)
                if span.from_ms is not None:
                    query = query.where(chat_messages.c.media_time_ms >= span.from_ms)
                is_forward = span.before is None
            key = chat_messages.c.id
            query = query.order_by(key if is_forward else key.desc()).limit(span.limit + 1)
            found = [message_of(row) for row in await connection.execute(query)]
        return found[: span.limit], len(found) > span.limit

    async def get(self, channel_id: str, message_id: int) -> Message | None:
        """Return one message of a room."""
        async with self._context.database.reading() as connection:
            row = (
                await connection.execute(
                    select_messages().where(
                        chat_messages.c.channel_id == channel_id, chat_messages.c.id == message_id
                    )
                )
            ).first()
        return None if row is None else message_of(row)

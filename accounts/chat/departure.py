"""What rooms keep of an account: to be taken along, and gone when it goes."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.chat.message import ActKind
from accounts.chat.rows import write_acts
from accounts.chat.tables import chat_messages, chat_reports, chat_timeouts


async def leave_rooms(connection: AsyncConnection, account_id: str, now_ms: int) -> None:
    """Have readers forget what an account has said, in the transaction that deletes it."""
    spoken = await connection.scalars(
        select(chat_messages.c.channel_id).where(chat_messages.c.author_id == account_id).distinct()
    )
    await write_acts(connection, ActKind.CLEARED, list(spoken), now_ms, {"accountId": account_id})


def exported_of_rooms(account_id: str) -> dict[str, Select[Any]]:
    """Return what an export asks for."""
    name = channels.c.name.label("channel")
    said, timeouts, reports = chat_messages.c, chat_timeouts.c, chat_reports.c
    return {
        "chat-messages": select(
            said.id, name, said.at_ms, said.text, said.is_action, said.broadcast_id,
            said.media_time_ms,
        )
        .join(channels, channels.c.id == said.channel_id)
        .where(said.author_id == account_id)
        .order_by(said.id),
        "chat-timeouts": select(name, timeouts.reason, timeouts.created_at_ms, timeouts.ends_at_ms)
        .join(channels, channels.c.id == timeouts.channel_id)
        .where(timeouts.account_id == account_id),
        "chat-reports": select(name, reports.message_id, reports.reason, reports.at_ms)
        .join(channels, channels.c.id == reports.channel_id)
        .where(reports.reporter_id == account_id),
    }  # fmt: skip

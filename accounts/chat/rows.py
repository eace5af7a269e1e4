"""Rows of messages and acts, as they are written and read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from pydantic.alias_generators import to_camel
from sqlalchemy import Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.owners import PERSON_COLUMNS
from accounts.channels.tables import channels
from accounts.chat.message import (
    Act,
    ActKind,
    Author,
    EmotePlace,
    MentionPlace,
    Message,
    ReplyTo,
    Utterance,
)
from accounts.chat.room_rules import ChatRole
from accounts.chat.tables import chat_acts, chat_messages
from accounts.people.tables import accounts
from accounts.storage import new_id

ALL_ROOMS: Final = ""
_SNAKE: Final = {
    to_camel(name): name
    for name in ("code", "picture", "start", "end", "account_id", "display_name", "message_id")
}


def message_row(message_id: int, said: Utterance) -> dict[str, Any]:
    """Return the row of a message."""
    return {
        "id": message_id,
        "channel_id": said.channel_id,
        "author_id": said.author.account_id,
        "at_ms": said.at_ms,
        "role": said.author.role.value,
        "text": said.text,
        "is_action": said.is_action,
        "emotes": [_members(each) for each in said.emotes],
        "mentions": [_members(each) for each in said.mentions],
        "reply_to": None if said.reply_to is None else _members(said.reply_to),
        "broadcast_id": said.broadcast_id,
        "media_time_ms": said.media_time_ms,
    }


def select_messages() -> Select[Any]:
    """Select what `message_of` reads."""
    return (
        select(chat_messages, channels.c.name.label("channel"), *PERSON_COLUMNS)
        .join(channels, channels.c.id == chat_messages.c.channel_id)
        .join(accounts, accounts.c.id == chat_messages.c.author_id)
    )


def message_of(row: Any) -> Message:
    """Read a row of `select_messages`."""
    author = Author(
        account_id=row.author_id,
        display_name=row.display_name,
        avatar=row.avatar,
        role=ChatRole(row.role),
    )
    said = Utterance(
        channel_id=row.channel_id,
        channel=row.channel,
        author=author,
        at_ms=row.at_ms,
        text=row.text,
        is_action=row.is_action,
        emotes=tuple(EmotePlace(**_fields(each)) for each in row.emotes),
        mentions=tuple(MentionPlace(**_fields(each)) for each in row.mentions),
        reply_to=None if row.reply_to is None else ReplyTo(**_fields(row.reply_to)),
        broadcast_id=row.broadcast_id,
        media_time_ms=row.media_time_ms,
    )
    return Message(row.id, said)


async def write_acts(
    connection: AsyncConnection,
    kind: ActKind,
    channel_ids: Sequence[str],
    at_ms: int,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Leave acts to be told once the transaction has been committed."""
    if channel_ids:
        await connection.execute(
            insert(chat_acts),
            [
                {
                    "id": new_id("act"),
                    "channel_id": channel_id,
                    "at_ms": at_ms,
                    "kind": kind.value,
                    "details": dict(details or {}),
                }
                for channel_id in channel_ids
            ],
        )


def act_of(row: Any) -> Act:
    """Read a row of `chat_acts` with the channel's name."""
    return Act(
        position=row.position,
        channel_id=row.channel_id,
        channel=row.channel or "",
        at_ms=row.at_ms,
        kind=ActKind(row.kind),
        details=row.details,
    )


def _members(value: Any) -> dict[str, Any]:
    return {to_camel(name): member for name, member in asdict(value).items()}


def _fields(members: Mapping[str, Any]) -> dict[str, Any]:
    return {_SNAKE[name]: value for name, value in members.items()}

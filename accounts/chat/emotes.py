"""Emotes: pictures that codes in messages stand for, of one room or of all."""

import re
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import (
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
)
from accounts.channels.sight import Asker, see_channel
from accounts.chat.context import ChatContext
from accounts.chat.log import LogAction, write_log
from accounts.chat.message import ActKind
from accounts.chat.rows import ALL_ROOMS, write_acts
from accounts.chat.spans import CODE_PATTERN
from accounts.chat.tables import chat_emotes, chat_messages
from accounts.images import PictureFolder, PictureShape
from accounts.storage import new_id

EMOTE: Final = PictureShape(widths=(32, 128), height_percent=100)
_CODE: Final = re.compile(CODE_PATTERN, re.ASCII)


@dataclass(frozen=True, slots=True)
class Emote:
    """One picture. `is_global`: of all rooms."""

    code: str
    picture: str
    is_global: bool


class Emotes:
    """Takes pictures and gives them out. `channel` None: those of all rooms."""

    def __init__(self, context: ChatContext, pictures: PictureFolder) -> None:
        self._context = context
        self._pictures = pictures

    async def of_channel(self, channel: str, asker: Asker) -> tuple[Emote, ...]:
        """Return a room's emotes and those of all, by code. Raises NotFoundError."""
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._context.clock())
            return await _read(
                connection,
                or_(
                    chat_emotes.c.channel_id == sight.channel.id,
                    chat_emotes.c.channel_id.is_(None),
                ),
            )

    async def of_all_rooms(self) -> tuple[Emote, ...]:
        """Return the emotes of all rooms, by code."""
        async with self._context.database.reading() as connection:
            return await _read(connection, chat_emotes.c.channel_id.is_(None))

    async def put(self, channel: str | None, asker: Asker, code: str, content: bytes) -> Emote:
        """Let a code stand for a picture, which is drawn anew in our sizes.

        Raises NotFoundError, NotAllowedError, InvalidFieldsError, LimitReachedError, PictureError,
        PicturesBusyError.
        """
        if _CODE.fullmatch(code) is None:
            text = "expected 2 to 32 letters, digits or underscores"
            raise InvalidFieldsError([FieldFault("code", text)])
        async with self._context.database.reading() as connection:
            await self._require(connection, channel, asker)  # before anything is decoded
        picture = await self._pictures.keep(content, EMOTE)
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> str | None:
            channel_id = await self._require(connection, channel, asker)
            await connection.execute(delete(chat_emotes).where(_here(channel_id, code)))
            count = await connection.scalar(
                select(func.count()).select_from(chat_emotes).where(_of(channel_id))
            )
            limit = self._limit(channel_id)
            if (count or 0) >= limit:
                raise LimitReachedError(f"there are {limit} emotes here at most")
            await connection.execute(
                insert(chat_emotes).values(
                    id=new_id("emo"),
                    channel_id=channel_id,
                    code=code,
                    picture=picture,
                    by_id=asker.account_id,
                    created_at_ms=now_ms,
                )
            )
            await self._note(
                connection, channel_id, asker, LogAction.EMOTE_ADDED, code=code, now_ms=now_ms
            )
            return channel_id

        channel_id = await self._context.database.write(work)
        self._context.changed(channel_id or ALL_ROOMS)
        return Emote(code, picture, is_global=channel_id is None)

    async def remove(self, channel: str | None, asker: Asker, code: str) -> None:
        """Let a code stand for nothing. What was said keeps its pictures.

        Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> str | None:
            channel_id = await self._require(connection, channel, asker)
            done: Any = await connection.execute(delete(chat_emotes).where(_here(channel_id, code)))
            if not done.rowcount:
                raise NotFoundError("there is no such emote")
            await self._note(
                connection, channel_id, asker, LogAction.EMOTE_REMOVED, code=code, now_ms=now_ms
            )
            return channel_id

        channel_id = await self._context.database.write(work)
        self._context.changed(channel_id or ALL_ROOMS)

    async def _require(
        self, connection: AsyncConnection, channel: str | None, asker: Asker
    ) -> str | None:
        if channel is None:
            if not asker.is_admin:
                raise NotAllowedError("only administrators may do this")
            return None
        sight = await see_channel(connection, channel, asker, self._context.clock())
        return sight.require_moderator().channel.id

    def _limit(self, channel_id: str | None) -> int:
        settings = self._context.settings
        return settings.emotes_of_server if channel_id is None else settings.emotes_per_channel

    async def _note(
        self,
        connection: AsyncConnection,
        channel_id: str | None,
        asker: Asker,
        action: LogAction,
        *,
        code: str,
        now_ms: int,
    ) -> None:
        if channel_id is not None:
            await write_log(connection, channel_id, asker, action, now_ms, details={"code": code})
        await write_acts(connection, ActKind.EMOTES, [channel_id or ALL_ROOMS], now_ms)


async def emote_pictures(connection: AsyncConnection) -> frozenset[str]:
    """Name the pictures of emotes, those among them that old messages show."""
    named = set(await connection.scalars(select(chat_emotes.c.picture).distinct()))
    said = await connection.scalars(
        select(chat_messages.c.emotes).where(chat_messages.c.emotes != []).distinct()
    )
    return frozenset(named | {each["picture"] for emotes in said for each in emotes})


async def _read(connection: AsyncConnection, where: ColumnElement[bool]) -> tuple[Emote, ...]:
    rows = await connection.execute(
        select(chat_emotes.c.code, chat_emotes.c.picture, chat_emotes.c.channel_id)
        .where(where)
        .order_by(chat_emotes.c.code, chat_emotes.c.channel_id.is_(None))
    )
    found: dict[str, Emote] = {}
    for row in rows:
        found.setdefault(row.code, Emote(row.code, row.picture, is_global=row.channel_id is None))
    return tuple(found.values())


def _of(channel_id: str | None) -> ColumnElement[bool]:
    if channel_id is None:
        return chat_emotes.c.channel_id.is_(None)
    return chat_emotes.c.channel_id == channel_id


def _here(channel_id: str | None, code: str) -> ColumnElement[bool]:
    return _of(channel_id) & (chat_emotes.c.code == code)

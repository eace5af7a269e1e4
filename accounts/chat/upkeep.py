"""Upkeep: lets what is too old or too much in rooms go."""

import asyncio
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.chat.context import ChatContext
from accounts.chat.sequence import last_place
from accounts.chat.tables import (
    chat_acts,
    chat_log,
    chat_messages,
    chat_reports,
    chat_timeouts,
)
from accounts.storage import StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.chat")

INTERVAL_S: Final = 600.0
_AT_ONCE: Final = 5_000
_DAY_MS: Final = 86_400_000
_ACTS_KEPT_MS: Final = 3_600_000  # servers read them within a second


class ChatUpkeep:
    """Runs beside the others, on every server."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def run(self) -> None:
        """Tidy until cancelled."""
        while True:
            try:
                await self.tidy()
            except StorageError as error:
                tell_trouble(_log, "rooms not tidied", error)
            await asyncio.sleep(INTERVAL_S)

    async def tidy(self) -> None:
        """Delete what the settings keep no longer, some thousand rows in each transaction."""
        settings, now_ms = self._context.settings, self._context.clock()
        await self._delete(
            chat_messages, chat_messages.c.at_ms < now_ms - settings.kept_days * _DAY_MS
        )
        await self._delete(chat_log, chat_log.c.at_ms < now_ms - settings.log_days * _DAY_MS)
        await self._delete(
            chat_reports, chat_reports.c.at_ms < now_ms - settings.reports_days * _DAY_MS
        )
        await self._delete(chat_timeouts, chat_timeouts.c.ends_at_ms < now_ms)
        await self._delete(
            chat_acts, chat_acts.c.position.is_not(None), chat_acts.c.at_ms < now_ms - _ACTS_KEPT_MS
        )
        await self._bound_rooms()

    async def _bound_rooms(self) -> None:
        kept = self._context.settings.kept_messages
        async with self._context.database.reading() as connection:
            if await last_place(connection) <= kept:
                return
            ids = list(await connection.scalars(select(chat_messages.c.channel_id).distinct()))
        for channel_id in ids:
            own = chat_messages.c.channel_id == channel_id
            async with self._context.database.reading() as connection:
                oldest = await connection.scalar(
                    select(chat_messages.c.id)
                    .where(own)
                    .order_by(chat_messages.c.id.desc())
                    .offset(kept)
                    .limit(1)
                )
            if oldest is not None:
                await self._delete(chat_messages, own, chat_messages.c.id <= oldest)

    async def _delete(self, table: Table, *where: ColumnElement[bool]) -> None:
        key = next(iter(table.primary_key.columns))
        few = (
            select(*table.primary_key.columns)
            .where(*where)
            .order_by(key)
            .limit(_AT_ONCE)
            .subquery()
        )

        async def work(connection: AsyncConnection) -> int:
            same = [column == few.c[column.name] for column in table.primary_key.columns]
            done: Any = await connection.execute(
                delete(table).where(select(few).where(*same).exists())
            )
            return int(done.rowcount)

        while await self._context.database.write(work) == _AT_ONCE:
            pass

"""StreamKeys: a channel's keys, each with a name, each shown once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.context import ChannelsContext
from accounts.channels.errors import (
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotFoundError,
)
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.channels.stream_key import KEY_PREFIX, NewStreamKey, make_stream_key
from accounts.channels.tables import stream_keys
from accounts.channels.written_text import WrittenTextError, label
from accounts.events import KeyCreated, KeyRevoked
from accounts.storage import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKey:
    """What is known of a key: all but the key. `lookup` is the part of it that may be shown."""

    id: str
    channel_id: str
    name: str
    lookup: str
    turn: int
    revision: int
    created_at_ms: int
    rotated_at_ms: int | None
    last_used_at_ms: int | None

    @property
    def start(self) -> str:
        """How the key begins, which its owner may see ever after."""
        return f"{KEY_PREFIX}{self.lookup}"


class StreamKeys:
    """Makes, lists, rotates and revokes keys; for a channel's owner and administrators alone.

    A revoked key's row is gone: nothing can be done with it any more, and its publisher is cut.
    """

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def of_channel(self, channel: str, asker: Asker) -> tuple[StreamKey, ...]:
        """Return the channel's keys, the oldest first. Raises NotFoundError, NotAllowedError."""
        async with self._context.database.reading() as connection:
            sight = await self._own(connection, channel, asker)
            rows = await connection.execute(
                select(stream_keys)
                .where(stream_keys.c.channel_id == sight.channel.id)
                .order_by(stream_keys.c.id)
            )
            return tuple(map(_key_of, rows))

    async def get(self, channel: str, asker: Asker, key_id: str) -> StreamKey:
        """Return one key. Raises NotFoundError, NotAllowedError."""
        async with self._context.database.reading() as connection:
            sight = await self._own(connection, channel, asker)
            return await _find(connection, sight.channel.id, key_id)

    async def create(self, channel: str, asker: Asker, name: str) -> tuple[StreamKey, NewStreamKey]:
        """Make a key. Raises LimitReachedError, InvalidFieldsError, and as `of_channel`."""
        key_name, made, now_ms = _checked_name(name), make_stream_key(), self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Sight, StreamKey]:
            sight = await self._own(connection, channel, asker)
            count = await connection.scalar(
                select(func.count())
                .select_from(stream_keys)
                .where(stream_keys.c.channel_id == sight.channel.id)
            )
            limit = self._context.settings.keys_per_channel
            if (count or 0) >= limit:
                raise LimitReachedError(f"a channel has {limit} keys at most: revoke one first")
            key_id = new_id("key")
            await connection.execute(
                insert(stream_keys).values(
                    id=key_id,
                    channel_id=sight.channel.id,
                    name=key_name,
                    lookup=made.lookup,
                    digest=made.digest,
                    turn=1,
                    revision=1,
                    created_at_ms=now_ms,
                )
            )
            return sight, await _find(connection, sight.channel.id, key_id)

        sight, key = await self._context.database.write(work)
        self._context.emit(
            KeyCreated(
                at_ms=now_ms,
                channel_id=sight.channel.id,
                channel=sight.channel.name,
                key_id=key.id,
            )
        )
        return key, made

    async def rename(
        self,
        channel: str,
        asker: Asker,
        key_id: str,
        name: str,
        check_revision: Callable[[int], None],
    ) -> StreamKey:
        """Give a key another name. Raises NotFoundError, NotAllowedError, InvalidFieldsError."""
        key_name = _checked_name(name)

        async def work(connection: AsyncConnection) -> StreamKey:
            sight = await self._own(connection, channel, asker)
            key = await _find(connection, sight.channel.id, key_id)
            check_revision(key.revision)
            await connection.execute(
                update(stream_keys)
                .where(stream_keys.c.id == key.id)
                .values(name=key_name, revision=key.revision + 1)
            )
            return await _find(connection, sight.channel.id, key_id)

        return await self._context.database.write(work)

    async def rotate(
        self, channel: str, asker: Asker, key_id: str
    ) -> tuple[StreamKey, NewStreamKey]:
        """Put a new secret in the place of the old one, which is void at once.

        Whoever publishes with the old one is cut. Raises NotFoundError, NotAllowedError.
        """
        made, now_ms = make_stream_key(), self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Sight, StreamKey]:
            sight = await self._own(connection, channel, asker)
            key = await _find(connection, sight.channel.id, key_id)
            await connection.execute(
                update(stream_keys)
                .where(stream_keys.c.id == key.id)
                .values(
                    lookup=made.lookup,
                    digest=made.digest,
                    turn=key.turn + 1,
                    revision=key.revision + 1,
                    rotated_at_ms=now_ms,
                    last_used_at_ms=None,
                )
            )
            await note_rule_change(connection, [sight.channel.id], now_ms)
            return sight, await _find(connection, sight.channel.id, key_id)

        sight, key = await self._context.database.write(work)
        await self._tell_revoked(sight, key.id, now_ms, rotated=True)
        return key, made

    async def revoke(self, channel: str, asker: Asker, key_id: str) -> None:
        """Void a key for ever and cut who publishes with it.

        Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Sight:
            sight = await self._own(connection, channel, asker)
            await _find(connection, sight.channel.id, key_id)
            await connection.execute(delete(stream_keys).where(stream_keys.c.id == key_id))
            await note_rule_change(connection, [sight.channel.id], now_ms)
            return sight

        sight = await self._context.database.write(work)
        await self._tell_revoked(sight, key_id, now_ms, rotated=False)

    async def _own(self, connection: AsyncConnection, channel: str, asker: Asker) -> Sight:
        sight = await see_channel(connection, channel, asker, self._context.clock())
        return sight.require_owner()

    async def _tell_revoked(self, sight: Sight, key_id: str, now_ms: int, *, rotated: bool) -> None:
        await self._context.enforce(sight.channel.name)
        self._context.emit(
            KeyRevoked(
                at_ms=now_ms,
                channel_id=sight.channel.id,
                channel=sight.channel.name,
                key_id=key_id,
                rotated=rotated,
            )
        )


async def _find(connection: AsyncConnection, channel_id: str, key_id: str) -> StreamKey:
    row = (
        await connection.execute(
            select(stream_keys).where(
                stream_keys.c.id == key_id, stream_keys.c.channel_id == channel_id
            )
        )
    ).first()
    if row is None:
        raise NotFoundError("this channel has no such key")
    return _key_of(row)


def _key_of(row: Any) -> StreamKey:
    return StreamKey(
        id=row.id,
        channel_id=row.channel_id,
        name=row.name,
        lookup=row.lookup,
        turn=row.turn,
        revision=row.revision,
        created_at_ms=row.created_at_ms,
        rotated_at_ms=row.rotated_at_ms,
        last_used_at_ms=row.last_used_at_ms,
    )


def _checked_name(name: str) -> str:
    try:
        return label(name)
    except WrittenTextError as error:
        raise InvalidFieldsError([FieldFault("name", str(error))]) from None

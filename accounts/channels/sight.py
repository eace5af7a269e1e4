"""Sight: one channel as one asker sees it, read in one go; the way to every channel by its name.

Whatever an operation does with a channel, it begins here, so that nobody forgets to ask whether
the asker may know of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, exists, false, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.errors import NotAllowedError, NotFoundError
from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import (
    blocks,
    channel_moderators,
    channel_tags,
    channels,
    follows,
    viewer_bans,
)
from accounts.channels.visibility import Standing, Visibility, may_know, may_watch

_NO_SUCH_CHANNEL: Final = "there is no such channel"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants something of a channel; `account_id` is None for the anonymous."""

    account_id: str | None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """A channel and what the asker is to it. `is_closed`: nobody may publish to it or watch it."""

    channel: Channel
    standing: Standing
    is_closed: bool

    @property
    def may_watch(self) -> bool:
        """Whether the asker may watch."""
        return may_watch(self.channel.visibility, self.standing, is_closed=self.is_closed)

    def require_owner(self) -> "Sight":
        """Go on for who runs the channel alone. Raises NotAllowedError."""
        if not self.standing.runs_it:
            raise NotAllowedError("only the channel's owner may do this")
        return self

    def require_moderator(self) -> "Sight":
        """Go on for the channel's moderators and who runs it. Raises NotAllowedError."""
        if not self.standing.watches_over_it:
            raise NotAllowedError("only the channel's moderators may do this")
        return self


async def see_channel(connection: AsyncConnection, name: str, asker: Asker, now_ms: int) -> Sight:
    """Return a channel that the asker may know of. Raises NotFoundError, the same for both."""
    asks = asker.account_id
    row = (
        await connection.execute(
            select(
                channels,
                owner_is_closed().label("owner_is_closed"),
                _is(asks, channel_moderators, channel_moderators.c.account_id),
                _is(asks, follows, follows.c.account_id),
                _is_blocked(asks),
                _is_banned(asks, now_ms),
            ).where(channels.c.name == name.lower())
        )
    ).first()
    if row is None:
        raise NotFoundError(_NO_SUCH_CHANNEL)
    standing = Standing(
        is_owner=asks is not None and row.owner_id == asks,
        is_admin=asker.is_admin,
        is_moderator=row.is_in_channel_moderators,
        is_follower=row.is_in_follows,
        is_blocked=row.is_blocked,
        is_banned=row.is_banned,
    )
    is_closed = row.banned_at_ms is not None or bool(row.owner_is_closed)
    if not may_know(Visibility(row.visibility), standing, is_closed=is_closed):
        raise NotFoundError(_NO_SUCH_CHANNEL)
    tags = await tags_of(connection, [row.id])
    return Sight(channel_of(row, tags.get(row.id, ())), standing, is_closed)


async def tags_of(
    connection: AsyncConnection, channel_ids: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the tags of channels in their order; channels without any are left out."""
    rows = await connection.execute(
        select(channel_tags.c.channel_id, channel_tags.c.tag)
        .where(channel_tags.c.channel_id.in_(channel_ids))
        .order_by(channel_tags.c.channel_id, channel_tags.c.position)
    )
    found: dict[str, tuple[str, ...]] = {}
    for channel_id, tag in rows:
        found[channel_id] = (*found.get(channel_id, ()), tag)
    return found


async def channels_of_rows(
    connection: AsyncConnection, rows: Sequence[Row[Any]]
) -> tuple[Channel, ...]:
    """Return the channels of rows that hold all columns of `channels`."""
    tags = await tags_of(connection, [row.id for row in rows])
    return tuple(channel_of(row, tags.get(row.id, ())) for row in rows)


def channel_of(row: Row[Any], tags: tuple[str, ...]) -> Channel:
    """Make a Channel of a row that holds all columns of `channels`."""
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    values = {column.name: known[column.name] for column in channels.c}
    values["visibility"] = Visibility(values["visibility"])
    return Channel(**values, tags=tags)


def _is(asks: str | None, table: Any, column: ColumnElement[Any]) -> ColumnElement[bool]:
    label = f"is_in_{table.name}"
    if asks is None:
        return false().label(label)
    here = and_(table.c.channel_id == channels.c.id, column == asks)
    return exists(literal(1)).where(here).correlate(channels).label(label)


def _is_blocked(asks: str | None) -> ColumnElement[bool]:
    if asks is None:
        return false().label("is_blocked")
    here = and_(blocks.c.account_id == channels.c.owner_id, blocks.c.blocked_id == asks)
    return exists(literal(1)).where(here).correlate(channels).label("is_blocked")


def _is_banned(asks: str | None, now_ms: int) -> ColumnElement[bool]:
    if asks is None:
        return false().label("is_banned")
    here = and_(
        viewer_bans.c.channel_id == channels.c.id,
        viewer_bans.c.account_id == asks,
        or_(viewer_bans.c.ends_at_ms.is_(None), viewer_bans.c.ends_at_ms > now_ms),
    )
    return exists(literal(1)).where(here).correlate(channels).label("is_banned")

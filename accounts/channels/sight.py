"""Sight: one channel as one asker sees it, read in one go; the way to every channel by its name.

Whatever an operation does with a channel, it begins here, so that nobody forgets to ask whether
the asker may know of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    exists,
    false,
    literal,
    or_,
    select,
)
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
    if asks is None:
        found = await connection.execute(_SEEN_BY_NOBODY, {"called": name.lower()})
    else:
        values = {"called": name.lower(), "asks": asks, "now_ms": now_ms}
        found = await connection.execute(_SEEN_BY_SOMEBODY, values)
    row = found.first()
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
    rows = await connection.execute(_TAGS, {"ids": list(channel_ids)})
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


def _is_in(table: Table, column: ColumnElement[Any]) -> ColumnElement[bool]:
    here = and_(table.c.channel_id == channels.c.id, column == bindparam("asks"))
    return exists(literal(1)).where(here).correlate(channels).label(f"is_in_{table.name}")


def _is_blocked() -> ColumnElement[bool]:
    here = and_(
        blocks.c.account_id == channels.c.owner_id, blocks.c.blocked_id == bindparam("asks")
    )
    return exists(literal(1)).where(here).correlate(channels).label("is_blocked")


def _is_banned() -> ColumnElement[bool]:
    here = and_(
        viewer_bans.c.channel_id == channels.c.id,
        viewer_bans.c.account_id == bindparam("asks"),
        or_(viewer_bans.c.ends_at_ms.is_(None), viewer_bans.c.ends_at_ms > bindparam("now_ms")),
    )
    return exists(literal(1)).where(here).correlate(channels).label("is_banned")


# Made once: making them costs more than running them, and nearly every request does.
_CALLED: Final = channels.c.name == bindparam("called")
_SEEN_BY_SOMEBODY: Final = select(
    channels,
    owner_is_closed().label("owner_is_closed"),
    _is_in(channel_moderators, channel_moderators.c.account_id),
    _is_in(follows, follows.c.account_id),
    _is_blocked(),
    _is_banned(),
).where(_CALLED)
_SEEN_BY_NOBODY: Final = select(
    channels,
    owner_is_closed().label("owner_is_closed"),
    *(
        false().label(name)
        for name in ("is_in_channel_moderators", "is_in_follows", "is_blocked", "is_banned")
    ),
).where(_CALLED)
_TAGS: Final = (
    select(channel_tags.c.channel_id, channel_tags.c.tag)
    .where(channel_tags.c.channel_id.in_(bindparam("ids", expanding=True)))
    .order_by(channel_tags.c.channel_id, channel_tags.c.position)
)

"""Sight: one channel as one asker sees it, read in one go; the way to every channel by its name.

Whatever an operation does with a channel, it begins here, so that nobody forgets to ask whether
the asker may know of it.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    exists,
    false,
    literal,
    or_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.errors import NotAllowedError, NotFoundError
from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import (
    blocks,
    channel_moderators,
    channels,
    follows,
    viewer_bans,
)
from accounts.channels.visibility import Standing, may_know, may_watch
from accounts.storage import Database, PreparedRead

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
    statement, values = _question(name, asker, now_ms)
    return _sight_of(await statement.first_within(connection, **values), asker)


async def look_at_channel(database: Database, name: str, asker: Asker, now_ms: int) -> Sight:
    """Do as `see_channel` does, for who needs nothing else of that moment."""
    statement, values = _question(name, asker, now_ms)
    rows = await database.fetch(statement, **values)
    return _sight_of(rows[0] if rows else None, asker)


def _question(name: str, asker: Asker, now_ms: int) -> tuple[PreparedRead, dict[str, Any]]:
    if asker.account_id is None:
        return _SEEN_BY_NOBODY, {"called": name.lower()}
    return _SEEN_BY_SOMEBODY, {"called": name.lower(), "asks": asker.account_id, "now_ms": now_ms}


def _sight_of(row: Any | None, asker: Asker) -> Sight:
    if row is None:
        raise NotFoundError(_NO_SUCH_CHANNEL)
    standing = Standing(
        is_owner=asker.account_id is not None and row.owner_id == asker.account_id,
        is_admin=asker.is_admin,
        is_moderator=row.is_in_channel_moderators,
        is_follower=row.is_in_follows,
        is_blocked=row.is_blocked,
        is_banned=row.is_banned,
    )
    is_closed = row.banned_at_ms is not None or bool(row.owner_is_closed)
    channel = channel_of(row)
    if not may_know(channel.visibility, standing, is_closed=is_closed):
        raise NotFoundError(_NO_SUCH_CHANNEL)
    return Sight(channel, standing, is_closed)


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
_SEEN_BY_SOMEBODY: Final = PreparedRead(
    select_channels()
    .add_columns(
        owner_is_closed().label("owner_is_closed"),
        _is_in(channel_moderators, channel_moderators.c.account_id),
        _is_in(follows, follows.c.account_id),
        _is_blocked(),
        _is_banned(),
    )
    .where(_CALLED)
)
_SEEN_BY_NOBODY: Final = PreparedRead(
    select_channels()
    .add_columns(
        owner_is_closed().label("owner_is_closed"),
        *(
            false().label(name)
            for name in ("is_in_channel_moderators", "is_in_follows", "is_blocked", "is_banned")
        ),
    )
    .where(_CALLED)
)

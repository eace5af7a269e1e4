"""Hearing: who may hear what happens on a channel, and who may hear what is for its people."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import NotFoundError
from accounts.channels.owners import owner_is_closed
from accounts.channels.sight import Asker, see_channel
from accounts.channels.tables import (
    blocks,
    channel_moderators,
    channels,
    follows,
    viewer_bans,
)
from accounts.channels.visibility import Standing, Visibility, may_know, may_watch

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Hearing:
    """Somebody may hear of a channel; `is_staff`: of what is for its people, too.

    `may_watch`: also what is said in its room.
    """

    channel_id: str
    channel: str
    is_staff: bool
    may_watch: bool


async def hearing_of(
    connection: AsyncConnection, channel: str, asker: Asker, now_ms: int
) -> Hearing | None:
    """Return how an asker hears of a channel; None if there is no such channel to them."""
    try:
        sight = await see_channel(connection, channel, asker, now_ms)
    except NotFoundError:
        return None
    is_staff = _is_staff(sight.standing)
    return Hearing(sight.channel.id, sight.channel.name, is_staff, sight.may_watch)


async def hearings_of(
    connection: AsyncConnection, channel_id: str, askers: Collection[Asker], now_ms: int
) -> dict[Asker, Hearing]:
    """Return how each of many askers hears of a channel; those who may not are left out."""
    row = (
        await connection.execute(
            select(
                channels.c.name,
                channels.c.owner_id,
                channels.c.visibility,
                channels.c.banned_at_ms,
                owner_is_closed().label("owner_is_closed"),
            ).where(channels.c.id == channel_id)
        )
    ).first()
    if row is None:
        return {}
    is_closed = row.banned_at_ms is not None or bool(row.owner_is_closed)
    moderators = set(
        await connection.scalars(
            select(channel_moderators.c.account_id).where(
                channel_moderators.c.channel_id == channel_id
            )
        )
    )
    visibility = Visibility(row.visibility)
    asking = {asker.account_id for asker in askers if asker.account_id is not None}
    shut_out = await _shut_out(connection, channel_id, row.owner_id, now_ms)
    followers = set[str]()
    if visibility is Visibility.FOLLOWERS:
        followers = await _followers(connection, channel_id, asking)
    found = {}
    for asker in askers:
        standing = Standing(
            is_owner=asker.account_id == row.owner_id,
            is_admin=asker.is_admin,
            is_moderator=asker.account_id in moderators,
            is_follower=asker.account_id in followers,
            is_banned=asker.account_id in shut_out,
        )
        if may_know(visibility, standing, is_closed=is_closed):
            sees = may_watch(visibility, standing, is_closed=is_closed)
            found[asker] = Hearing(channel_id, row.name, _is_staff(standing), sees)
    return found


def _is_staff(standing: Standing) -> bool:
    return standing.watches_over_it and not standing.is_shut_out


async def _shut_out(
    connection: AsyncConnection,
    channel_id: str,
    owner_id: str,
    now_ms: int,
) -> set[str]:
    """Return who is blocked or banned; settings bound how many they are."""
    blocked = await connection.scalars(
        select(blocks.c.blocked_id).where(blocks.c.account_id == owner_id)
    )
    banned = await connection.scalars(
        select(viewer_bans.c.account_id).where(
            viewer_bans.c.channel_id == channel_id,
            or_(viewer_bans.c.ends_at_ms.is_(None), viewer_bans.c.ends_at_ms > now_ms),
        )
    )
    return {*blocked, *banned}


async def _followers(
    connection: AsyncConnection, channel_id: str, among: Collection[str]
) -> set[str]:
    """Return who of these follows a channel."""
    found: set[str] = set()
    asked = list(among)
    for first in range(0, len(asked), _AT_ONCE):
        found |= set(
            await connection.scalars(
                select(follows.c.account_id).where(
                    follows.c.channel_id == channel_id,
                    follows.c.account_id.in_(asked[first : first + _AT_ONCE]),
                )
            )
        )
    return found

"""Recall: the facts that one listener has missed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.facts.fact import Fact, FactKind
from accounts.facts.sequence import SEQUENCE, fact_of, oldest_position, reader_position
from accounts.facts.tables import facts
from accounts.notifications.tables import notifications

_OF_CHANNELS: Final = (
    FactKind.BROADCAST_STARTED,
    FactKind.BROADCAST_ENDED,
    FactKind.CHANNEL_CHANGED,
)


@dataclass(frozen=True, slots=True)
class Missed:
    """Facts in order, up to the position `until`; `is_whole`: none is missing among them."""

    facts: tuple[Fact, ...]
    until: int
    is_whole: bool


async def recall(
    connection: AsyncConnection,
    after: int,
    limit: int,
    *,
    channel_ids: Collection[str],
    all_channels: bool,
    account_id: str | None,
) -> Missed:
    """Return facts behind a position: of some channels or all, and what is for one account.

    Where there are more than `limit`, none are returned: who missed that much reads anew.
    """
    until = await reader_position(connection, SEQUENCE)
    oldest = await oldest_position(connection)
    is_whole = after >= until or (oldest is not None and oldest <= after + 1)
    wanted = or_(_of_channels(channel_ids, all_channels=all_channels), _of_account(account_id))
    rows = (
        await connection.execute(
            select(facts)
            .where(facts.c.position > after, wanted)
            .order_by(facts.c.position)
            .limit(limit + 1)
        )
    ).all()
    if len(rows) > limit:
        return Missed((), 0, is_whole=False)
    return Missed(tuple(map(fact_of, rows)), until, is_whole)


def _of_channels(channel_ids: Collection[str], *, all_channels: bool) -> ColumnElement[bool]:
    is_told = facts.c.kind.in_([kind.value for kind in _OF_CHANNELS])
    return is_told if all_channels else and_(is_told, facts.c.channel_id.in_(channel_ids))


def _of_account(account_id: str | None) -> ColumnElement[bool]:
    if account_id is None:
        return false()
    own: Any = select(channels.c.id).where(channels.c.owner_id == account_id)
    stored = select(notifications.c.fact_id).where(notifications.c.account_id == account_id)
    return or_(
        and_(facts.c.kind == FactKind.FOLLOWER_GAINED.value, facts.c.channel_id.in_(own)),
        and_(facts.c.kind == FactKind.NOTIFICATIONS_STORED.value, facts.c.id.in_(stored)),
    )

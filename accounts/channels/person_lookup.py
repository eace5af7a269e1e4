"""PersonLookup: finding somebody by name, to make them a moderator, or to shut them out."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.context import ChannelsContext
from accounts.channels.owners import PersonCard, cards_of
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.channels.tables import channel_moderators, channels, viewer_bans
from accounts.channels.visibility import Visibility
from accounts.people.profile_text import name_key_of
from accounts.people.tables import accounts

_LAST_LETTER: Final = "\U0010ffff"  # behind whatever a name may go on with
_LISTED: Final = tuple(each.value for each in Visibility if each.is_listed)
_CHANNELS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """Somebody who was found, as everybody may know them, and what they are to the channel.

    Names are not unique: `channels` are listed ones of theirs, to tell people apart by.
    """

    person: PersonCard
    channels: tuple[str, ...]
    is_moderator: bool
    is_banned: bool


class PersonLookup:
    """Finds accounts by how their names begin, or by the whole name of a channel of theirs."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def by_name(
        self, channel: str, asker: Asker, text: str, limit: int
    ) -> tuple[FoundPerson, ...]:
        """Return at most `limit` people, by name; for the channel's moderators and its owner.

        The owner and who asks are left out, for nobody acts against them, and so is who was
        closed. Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, now_ms)
            sight.require_moderator()
            others = and_(
                accounts.c.id.not_in([sight.channel.owner_id, asker.account_id or ""]),
                accounts.c.suspended_at_ms.is_(None),
            )
            ids: list[str] = []
            for query in _queries(text):
                rows = await connection.execute(query.where(others).limit(limit))
                ids += [each for each in rows.scalars() if each not in ids]
            return await _found(connection, sight, ids[:limit], now_ms)


def _queries(text: str) -> list[Select[Any]]:
    """Return what finds the ids: the owner of a channel first, then people by their names."""
    owner = (
        select(accounts.c.id)
        .join(channels, channels.c.owner_id == accounts.c.id)
        .where(channels.c.name == text.strip().lower(), _is_listed())
    )
    key = name_key_of(text)
    if not key:  # spaces or accents alone
        return [owner]
    names = accounts.c.name_key
    begins = and_(names >= key, names < key + _LAST_LETTER)
    named = select(accounts.c.id).where(begins).order_by(accounts.c.name_key, accounts.c.id)
    return [owner, named]


async def _found(
    connection: AsyncConnection, sight: Sight, ids: list[str], now_ms: int
) -> tuple[FoundPerson, ...]:
    cards = await cards_of(connection, ids)
    owned: dict[str, list[str]] = {}
    rows = await connection.execute(
        select(channels.c.owner_id, channels.c.name)
        .where(channels.c.owner_id.in_(ids), _is_listed())
        .order_by(channels.c.created_at_ms, channels.c.id)
    )
    for owner_id, name in rows:
        owned.setdefault(owner_id, []).append(name)
    moderating = await connection.scalars(
        select(channel_moderators.c.account_id).where(
            channel_moderators.c.channel_id == sight.channel.id,
            channel_moderators.c.account_id.in_(ids),
        )
    )
    banned = await connection.scalars(
        select(viewer_bans.c.account_id).where(
            viewer_bans.c.channel_id == sight.channel.id,
            viewer_bans.c.account_id.in_(ids),
            or_(viewer_bans.c.ends_at_ms.is_(None), viewer_bans.c.ends_at_ms > now_ms),
        )
    )
    moderators, shut_out = set(moderating), set(banned)
    return tuple(
        FoundPerson(
            person=cards[each],
            channels=tuple(owned.get(each, ())[:_CHANNELS_SHOWN]),
            is_moderator=each in moderators,
            is_banned=each in shut_out,
        )
        for each in ids
        if each in cards
    )


def _is_listed() -> Any:
    return and_(channels.c.visibility.in_(_LISTED), channels.c.banned_at_ms.is_(None))

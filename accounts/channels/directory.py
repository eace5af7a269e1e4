"""Directory: what is listed, for everybody: live now, lately live, categories, search.

Lists hold what anybody may know of: listed channels that are not closed. They go on from the last
row seen, so that a page never repeats a row because others came or went.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from accounts.channels.broadcast import Broadcast
from accounts.channels.broadcasts import broadcast_of, select_broadcasts
from accounts.channels.channel import Channel
from accounts.channels.channel_name import canonical_channel_name
from accounts.channels.context import ChannelsContext
from accounts.channels.owners import owner_is_closed
from accounts.channels.sight import channels_of_rows
from accounts.channels.tables import broadcasts, channel_tags, channels
from accounts.channels.visibility import Visibility
from accounts.channels.written_text import WrittenTextError, language, tag
from accounts.search.index import Kind
from accounts.search.tables import search_documents
from accounts.search.terms import query_terms
from accounts.storage import Cursor, Page
from accounts.storage.cursor import page_of

_LISTED: Final = tuple(each.value for each in Visibility if each.is_listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which channels a list is about; what is None or empty is all the same.

    A language takes its regions with it: "pt" finds "pt-BR", but not the other way round.
    """

    category: str | None = None
    tag: str | None = None
    language: str | None = None
    includes_mature: bool = True


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many channels of a category are live."""

    category: str
    live_count: int


class Directory:
    """Reads what is listed."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def live(self, wanted: Filter, cursor: Cursor | None, limit: int) -> Page[Channel]:
        """List what is live now, the newest first."""
        return await self._channels(
            wanted, channels.c.live_since_ms, cursor, limit, channels.c.live_since_ms.is_not(None)
        )

    async def most_watched(
        self, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Channel]:
        """List what is live now, the most watched first; counts move while somebody pages."""
        return await self._channels(
            wanted, channels.c.viewer_count, cursor, limit, channels.c.live_since_ms.is_not(None)
        )

    async def lately_live(self, wanted: Filter, cursor: Cursor | None, limit: int) -> Page[Channel]:
        """List what is off air again, the latest first."""
        was_live = and_(channels.c.live_since_ms.is_(None), channels.c.last_live_ms.is_not(None))
        return await self._channels(wanted, channels.c.last_live_ms, cursor, limit, was_live)

    async def newest(self, wanted: Filter, cursor: Cursor | None, limit: int) -> Page[Channel]:
        """List all channels, the newest first."""
        return await self._channels(wanted, channels.c.created_at_ms, cursor, limit)

    async def categories(self) -> tuple[CategoryCount, ...]:
        """Count what is live in every category that there is, in the settings' order."""
        async with self._context.database.reading() as connection:
            rows = await connection.execute(
                select(channels.c.category, func.count())
                .where(_is_listed(), channels.c.live_since_ms.is_not(None))
                .group_by(channels.c.category)
            )
            counts: dict[str | None, int] = dict(rows.all())
        return tuple(
            CategoryCount(category, counts.get(category, 0))
            for category in self._context.settings.categories
        )

    async def search_channels(
        self, text: str, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Channel]:
        """Find channels: first the one of that name, then by title, then by the rest."""
        terms = query_terms(text)
        if not terms:
            return Page((), None)
        rank = self._rank(text, terms)
        query = (
            select(channels, rank.label("rank"), search_documents.c.active_at_ms)
            .join(search_documents, search_documents.c.subject_id == channels.c.id)
            .where(
                search_documents.c.kind == Kind.CHANNEL.value,
                self._context.search.matches(terms),
                *_conditions(wanted),
            )
        )
        query = _ranked(query, rank, channels.c.id, cursor, limit)
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
            found = await channels_of_rows(connection, rows)
        pairs = list(zip(rows, found, strict=True))
        return page_of(pairs, limit, lambda pair: pair[1], lambda pair: _rank_key(pair[0]))

    async def search_broadcasts(
        self, text: str, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Broadcast]:
        """Find broadcasts that anybody may watch: first by title, then by the rest."""
        terms = query_terms(text)
        if not terms:
            return Page((), None)
        rank = self._rank(text, terms)
        query = (
            select_broadcasts()
            .add_columns(rank.label("rank"), search_documents.c.active_at_ms)
            .join(search_documents, search_documents.c.subject_id == broadcasts.c.id)
            .where(
                search_documents.c.kind == Kind.BROADCAST.value,
                self._context.search.matches(terms),
                channels.c.visibility == Visibility.PUBLIC.value,
                *_conditions(wanted),
            )
        )
        query = _ranked(query, rank, broadcasts.c.id, cursor, limit)
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return page_of(rows, limit, broadcast_of, _rank_key)

    def _rank(self, text: str, terms: Sequence[str]) -> ColumnElement[int]:
        """Say how well a row fits: 0 the channel of that name, 1 by what is seen first, 2 else.

        Not by how often a word stands there: such ranks change with every other document, and
        nobody could page through them.
        """
        name = canonical_channel_name(text.strip())
        return case(
            (and_(search_documents.c.kind == Kind.CHANNEL.value, channels.c.name == name), 0),
            (self._context.search.matches(terms, heads_only=True), 1),
            else_=2,
        )

    async def _channels(
        self,
        wanted: Filter,
        order: ColumnElement[Any],
        cursor: Cursor | None,
        limit: int,
        *conditions: ColumnElement[bool],
    ) -> Page[Channel]:
        query = (
            select(channels, order.label("order_key"))
            .where(*_conditions(wanted), *conditions)
            .order_by(order.desc(), channels.c.id.desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            query = query.where(cursor.before(order, channels.c.id))
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
            found = await channels_of_rows(connection, rows)
        pairs = list(zip(rows, found, strict=True))
        return page_of(
            pairs, limit, lambda pair: pair[1], lambda pair: (pair[0].order_key, pair[1].id)
        )


def _is_listed() -> ColumnElement[bool]:
    return and_(
        channels.c.visibility.in_(_LISTED), channels.c.banned_at_ms.is_(None), ~owner_is_closed()
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Say which rows of `channels` are meant; what nobody can have finds nothing."""
    conditions = [_is_listed()]
    if wanted.category is not None:
        conditions.append(channels.c.category == wanted.category)
    if wanted.tag is not None:
        try:
            canonical = tag(wanted.tag)
        except WrittenTextError:
            canonical = ""
        conditions.append(
            exists(literal(1))
            .where(channel_tags.c.channel_id == channels.c.id, channel_tags.c.tag == canonical)
            .correlate(channels)
        )
    if wanted.language is not None:
        conditions.append(_speaks(wanted.language))
    if not wanted.includes_mature:
        conditions.append(channels.c.is_mature.is_(False))
    return conditions


def _speaks(text: str) -> ColumnElement[bool]:
    try:
        wanted = language(text)
    except WrittenTextError:
        wanted = ""
    # Tags hold letters, digits and hyphens alone: nothing in them is a pattern.
    return or_(channels.c.language == wanted, channels.c.language.like(f"{wanted}-%"))


def _ranked(
    query: Select[Any],
    rank: ColumnElement[int],
    subject_id: ColumnElement[str],
    cursor: Cursor | None,
    limit: int,
) -> Select[Any]:
    """Order by rank, then the latest active, then the id, and go on after the cursor."""
    age = -search_documents.c.active_at_ms
    query = query.order_by(rank, age, subject_id).limit(limit + 1)
    return query if cursor is None else query.where(cursor.after(rank, age, subject_id))


def _rank_key(row: Any) -> tuple[int, int, str]:
    return row.rank, -row.active_at_ms, row.id

"""Directory: what is listed, for everybody: live now, lately live, categories, search.

Lists hold what anybody may know of: listed channels that are not closed. They go on from the last
row seen, so that a page never repeats a row because others came or went.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import compress
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
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
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.context import ChannelsContext
from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import broadcasts, channel_tags, channels
from accounts.channels.visibility import Visibility
from accounts.channels.written_text import WrittenTextError, language, tag
from accounts.search.index import Kind
from accounts.search.tables import search_documents
from accounts.search.terms import query_terms
from accounts.storage import Cursor, Page, PreparedList, PreparedRead
from accounts.storage.cursor import page_of


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


class _Kind(Enum):
    """What is listed."""

    LIVE = "live"
    MOST_WATCHED = "most watched"
    LATELY_LIVE = "lately live"
    NEWEST = "newest"
    FOUND_CHANNELS = "found channels"
    FOUND_BROADCASTS = "found broadcasts"


class Directory:
    """Reads what is listed."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context
        # By what is listed and which conditions there are; their values come with each request.
        self._lists: dict[tuple[_Kind, tuple[bool, ...]], PreparedList] = {}

    async def live(self, wanted: Filter, cursor: Cursor | None, limit: int) -> Page[Channel]:
        """List what is live now, the newest first."""
        return await self._channels(_Kind.LIVE, wanted, cursor, limit)

    async def most_watched(
        self, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Channel]:
        """List what is live now, the most watched first; counts move while somebody pages."""
        return await self._channels(_Kind.MOST_WATCHED, wanted, cursor, limit)

    async def lately_live(self, wanted: Filter, cursor: Cursor | None, limit: int) -> Page[Channel]:
        """List what is off air again, the latest first."""
        return await self._channels(_Kind.LATELY_LIVE, wanted, cursor, limit)

    async def newest(self, wanted: Filter, cursor: Cursor | None, limit: int) -> Page[Channel]:
        """List all channels, the newest first."""
        return await self._channels(_Kind.NEWEST, wanted, cursor, limit)

    async def categories(self) -> tuple[CategoryCount, ...]:
        """Count what is live in every category that there is, in the settings' order."""
        counts = dict(await self._context.database.fetch(_LIVE_BY_CATEGORY))
        return tuple(
            CategoryCount(category, counts.get(category, 0))
            for category in self._context.settings.categories
        )

    async def search_channels(
        self, text: str, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Channel]:
        """Find channels: first the one of that name, then by title, then by the rest."""
        rows = await self._found(_Kind.FOUND_CHANNELS, text, wanted, cursor, limit)
        return page_of(rows, limit, channel_of, _rank_key)

    async def search_broadcasts(
        self, text: str, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Broadcast]:
        """Find broadcasts that anybody may watch: first by title, then by the rest."""
        rows = await self._found(_Kind.FOUND_BROADCASTS, text, wanted, cursor, limit)
        return page_of(rows, limit, broadcast_of, _rank_key)

    async def _channels(
        self, kind: _Kind, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> Page[Channel]:
        rows = await self._list(kind, wanted).fetch(
            self._context.database, cursor, limit, **_values(wanted)
        )
        return page_of(rows, limit, channel_of, lambda row: (row.order_key, row.id))

    async def _found(
        self, kind: _Kind, text: str, wanted: Filter, cursor: Cursor | None, limit: int
    ) -> list[Any]:
        terms = query_terms(text)
        if not terms:
            return []
        search = self._context.search
        return await self._list(kind, wanted).fetch(
            self._context.database,
            cursor,
            limit,
            called=canonical_channel_name(text.strip()),
            searched=search.query_of(terms),
            searched_in_heads=search.query_of(terms, heads_only=True),
            **_values(wanted),
        )

    def _list(self, kind: _Kind, wanted: Filter) -> PreparedList:
        conditions = _conditions(wanted)
        shape = (kind, tuple(name in conditions for name in _CONDITIONS))
        found = self._lists.get(shape)
        if found is None:
            found = self._lists[shape] = self._prepared(kind, conditions)
        return found

    def _prepared(self, kind: _Kind, conditions: Collection[str]) -> PreparedList:
        where = [_is_listed(), *(_CONDITIONS[name] for name in conditions)]
        is_live = channels.c.live_since_ms.is_not(None)
        match kind:
            case _Kind.LIVE:
                return _listed(channels.c.live_since_ms, *where, is_live)
            case _Kind.MOST_WATCHED:
                return _listed(channels.c.viewer_count, *where, is_live)
            case _Kind.LATELY_LIVE:
                was_live = channels.c.last_live_ms.is_not(None)
                return _listed(channels.c.last_live_ms, *where, ~is_live, was_live)
            case _Kind.NEWEST:
                return _listed(channels.c.created_at_ms, *where)
            case _Kind.FOUND_CHANNELS:
                return self._ranked(select_channels(), Kind.CHANNEL, channels.c.id, where)
            case _Kind.FOUND_BROADCASTS:
                where.append(channels.c.visibility == Visibility.PUBLIC.value)
                return self._ranked(select_broadcasts(), Kind.BROADCAST, broadcasts.c.id, where)

    def _ranked(
        self,
        statement: Select[Any],
        kind: Kind,
        subject_id: ColumnElement[str],
        where: Collection[ColumnElement[bool]],
    ) -> PreparedList:
        """Order by rank, then the latest active, then the id.

        The rank says how well a row fits: 0 the channel of that name, 1 by what is seen first, 2
        else. Not by how often a word stands there: such ranks change with every other document,
        and nobody could page through them.
        """
        search = self._context.search
        in_heads = search.matching(bindparam("searched_in_heads", type_=Text))
        ranks: list[tuple[ColumnElement[bool], int]] = [(in_heads, 1)]
        if kind is Kind.CHANNEL:
            ranks.insert(0, (channels.c.name == bindparam("called"), 0))
        rank = case(*ranks, else_=2)
        age = -search_documents.c.active_at_ms
        found = (
            statement.add_columns(rank.label("rank"), search_documents.c.active_at_ms)
            .join(search_documents, search_documents.c.subject_id == subject_id)
            .where(
                search_documents.c.kind == kind.value,
                search.matching(bindparam("searched", type_=Text)),
                *where,
            )
        )
        return PreparedList(found, rank, age, subject_id, ascends=True)


def _listed(order: ColumnElement[Any], *where: ColumnElement[bool]) -> PreparedList:
    statement = select_channels().add_columns(order.label("order_key")).where(*where)
    return PreparedList(statement, order, channels.c.id)


def _is_listed() -> ColumnElement[bool]:
    is_listed = or_(*(channels.c.visibility == each.value for each in Visibility if each.is_listed))
    return and_(is_listed, channels.c.banned_at_ms.is_(None), ~owner_is_closed())


_LIVE_BY_CATEGORY: Final = PreparedRead(
    select(channels.c.category, func.count())
    .where(_is_listed(), channels.c.live_since_ms.is_not(None))
    .group_by(channels.c.category)
)
_CONDITIONS: Final[Mapping[str, ColumnElement[bool]]] = {
    "category": channels.c.category == bindparam("category"),
    "tag": exists(literal(1))
    .where(channel_tags.c.channel_id == channels.c.id, channel_tags.c.tag == bindparam("tag"))
    .correlate(channels),
    # Tags of languages hold letters, digits and hyphens alone: nothing in them is a pattern.
    "language": or_(
        channels.c.language == bindparam("language"),
        channels.c.language.like(bindparam("language_with_region")),
    ),
    "for_everybody": channels.c.is_mature.is_(False),
}


def _conditions(wanted: Filter) -> tuple[str, ...]:
    """Name what is asked of the rows of `channels`."""
    asked = (
        wanted.category is not None,
        wanted.tag is not None,
        wanted.language is not None,
        not wanted.includes_mature,
    )
    return tuple(compress(_CONDITIONS, asked))


def _values(wanted: Filter) -> dict[str, Any]:
    """Return what the conditions compare with; what nobody can have finds nothing."""
    canonical_tag = canonical_language = ""
    if wanted.tag is not None:
        with suppress(WrittenTextError):
            canonical_tag = tag(wanted.tag)
    if wanted.language is not None:
        with suppress(WrittenTextError):
            canonical_language = language(wanted.language)
    return {
        "category": wanted.category,
        "tag": canonical_tag,
        "language": canonical_language,
        "language_with_region": f"{canonical_language}-%",
    }


def _rank_key(row: Any) -> tuple[int, int, str]:
    return row.rank, -row.active_at_ms, row.id

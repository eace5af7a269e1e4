"""Reading spells for roll-ups. All within one transaction: a spell that closes is seen once.

A spell that goes on is known to have lasted until its server's mark. Spells that have ended are
found by when they ended, and those that go on apart from them: nothing reads what is long over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import PreparedRead
from analytics.history.figures import OTHER, RENDITIONS_MAX
from analytics.history.retention import Stay
from analytics.history.rollup import SESSION_GAP_MS, HourRoll, Spell
from analytics.history.step import MINUTE_MS
from analytics.viewers.tables import viewer_marks, viewer_spells

_PAGE: Final = 2_000
_spell = viewer_spells.c
_FROM: Final = bindparam("from_ms", type_=BigInteger)
_UNTIL: Final = bindparam("until_ms", type_=BigInteger)
_CHANNEL: Final = _spell.channel_id == bindparam("channel")
_KNOWN_END: Final = case(
    (viewer_marks.c.at_ms > _spell.ended_ms, viewer_marks.c.at_ms), else_=_spell.ended_ms
)
_COLUMNS: Final = (_spell.session, _spell.viewer, _spell.rendition, _spell.started_ms)


def _ended(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(
        ~_spell.is_open, _spell.ended_ms >= _FROM, _spell.started_ms < _UNTIL
    )


def _open(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select spells that go on. Those of a server that is gone may be over since long ago."""
    return (
        select(*columns)
        .outerjoin(viewer_marks, viewer_marks.c.server == _spell.server)
        .where(_spell.is_open, _spell.started_ms < _UNTIL, _KNOWN_END >= _FROM)
    )


_ENDED_PAGE: Final = PreparedRead(
    _ended(*_COLUMNS, _spell.ended_ms, _spell.id)
    .where(
        _CHANNEL,
        _spell.ended_ms >= bindparam("after_ms", type_=BigInteger),
        tuple_(_spell.ended_ms, _spell.started_ms, _spell.id)
        > tuple_(
            bindparam("after_ms", type_=BigInteger),
            bindparam("after_start_ms", type_=BigInteger),
            bindparam("after_id", type_=_spell.id.type),
        ),
    )
    .order_by(_spell.ended_ms, _spell.started_ms, _spell.id)
    .limit(_PAGE)
)
_OPEN_PAGE: Final = PreparedRead(
    _open(*_COLUMNS, _KNOWN_END.label("ended_ms"), _spell.id)
    .where(_CHANNEL, _spell.id > bindparam("after_id", type_=_spell.id.type))
    .order_by(_spell.id)
    .limit(_PAGE)
)
_TOUCHED: Final = PreparedRead(
    _ended(_spell.channel_id).union(_open(_spell.channel_id)).subquery().select()
)
_OLDEST: Final = PreparedRead(select(func.min(_spell.started_ms).label("oldest_ms")))


def _within(*more: ColumnElement[Any]) -> FromClause:
    """Return the spells of a channel that reach into a time, cut to it."""
    columns = (*_COLUMNS, *more)
    both = union_all(
        _ended(*columns, _spell.ended_ms).where(_CHANNEL),
        _open(*columns, _KNOWN_END.label("ended_ms")).where(_CHANNEL),
    ).subquery()
    from_ms = case((both.c.started_ms < _FROM, _FROM), else_=both.c.started_ms)
    to_ms = case((both.c.ended_ms > _UNTIL, _UNTIL), else_=both.c.ended_ms)
    reaches = (both.c.ended_ms > _FROM) | (both.c.started_ms >= _FROM)
    return (
        select(
            both.c.session,
            both.c.viewer,
            both.c.rendition,
            from_ms.label("from_ms"),
            to_ms.label("to_ms"),
        )
        .where(reaches)
        .subquery()
    )


_CUT: Final = _within()
_counts: Final[Any] = select(
    func.count(_CUT.c.viewer.distinct()).label("viewers"),
    func.count(_CUT.c.session.distinct()).label("sessions"),
)
_UNIQUE: Final = PreparedRead(_counts)
_BY_RENDITION: Final = PreparedRead(
    select(
        _CUT.c.rendition, cast(func.sum(_CUT.c.to_ms - _CUT.c.from_ms), BigInteger).label("ms")
    ).group_by(_CUT.c.rendition)
)
_last_ms: Final = case((_CUT.c.to_ms > _CUT.c.from_ms, _CUT.c.to_ms - 1), else_=_CUT.c.from_ms)
_OF_VIEWER: Final = (
    select(
        (func.min(_CUT.c.from_ms) // literal(MINUTE_MS)).label("came"),
        (func.max(_last_ms) // literal(MINUTE_MS)).label("left_in"),
    )
    .group_by(_CUT.c.viewer)
    .subquery()
)
_STAYS: Final = PreparedRead(
    select(_OF_VIEWER.c.came, _OF_VIEWER.c.left_in, func.count().label("viewers")).group_by(
        _OF_VIEWER.c.came, _OF_VIEWER.c.left_in
    )
)


@dataclass(frozen=True, slots=True)
class Watching:
    """All who watched a channel within some time. Minutes of `stays` are counted from 1970."""

    viewers: int
    sessions: int
    renditions: Mapping[str, int] = field(default_factory=dict)
    stays: tuple[Stay, ...] = ()


async def touched_channels(connection: AsyncConnection, from_ms: int, until_ms: int) -> set[str]:
    """Return the channels that somebody watched within a time."""
    rows = await _TOUCHED.within(connection, from_ms=from_ms, until_ms=until_ms)
    return {row.channel_id for row in rows}


async def oldest_start_ms(connection: AsyncConnection) -> int | None:
    """Return when the oldest spell began that is kept."""
    row = await _OLDEST.first_within(connection)
    return None if row is None else row.oldest_ms


async def roll_hour(
    connection: AsyncConnection, channel_id: str, hour_ms: int, until_ms: int
) -> HourRoll:
    """Roll up a channel's hour, up to a moment in it."""
    roll = HourRoll(hour_ms, until_ms)
    bounds = {"channel": channel_id, "from_ms": hour_ms - SESSION_GAP_MS, "until_ms": until_ms}
    after = {"after_ms": bounds["from_ms"], "after_start_ms": -1, "after_id": ""}
    while True:
        rows = await _ENDED_PAGE.within(connection, **bounds, **after)
        _feed(roll, rows)
        if len(rows) < _PAGE:
            break
        last = rows[-1]
        after = {
            "after_ms": last.ended_ms,
            "after_start_ms": last.started_ms,
            "after_id": last.id,
        }
    after_id = ""
    while True:
        rows = await _OPEN_PAGE.within(connection, **bounds, after_id=after_id)
        _feed(roll, rows)
        if len(rows) < _PAGE:
            return roll
        after_id = rows[-1].id


async def count_unique(
    connection: AsyncConnection, channel_id: str, from_ms: int, until_ms: int
) -> int:
    """Count the viewers of a channel within a time, each once."""
    row = await _UNIQUE.first_within(
        connection, channel=channel_id, from_ms=from_ms, until_ms=until_ms
    )
    return 0 if row is None else row.viewers


async def watching(
    connection: AsyncConnection, channel_id: str, from_ms: int, until_ms: int
) -> Watching:
    """Return all who watched a channel within a time."""
    bounds = {"channel": channel_id, "from_ms": from_ms, "until_ms": until_ms}
    counts = await _UNIQUE.first_within(connection, **bounds)
    by_rendition = await _BY_RENDITION.within(connection, **bounds)
    stays = await _STAYS.within(connection, **bounds)
    return Watching(
        viewers=0 if counts is None else counts.viewers,
        sessions=0 if counts is None else counts.sessions,
        renditions=_bounded({row.rendition: int(row.ms) for row in by_rendition}),
        stays=tuple(Stay(row.came, row.left_in, row.viewers) for row in stays),
    )


def _feed(roll: HourRoll, rows: list[Any]) -> None:
    for row in rows:
        roll.add(Spell(row.session, row.viewer, row.rendition, row.started_ms, row.ended_ms))


def _bounded(renditions: dict[str, int]) -> dict[str, int]:
    """Keep the renditions that were watched most, and all others as one."""
    if len(renditions) <= RENDITIONS_MAX:
        return dict(sorted(renditions.items()))
    ranked = sorted(renditions.items(), key=lambda item: (-item[1], item[0]))
    kept = dict(ranked[:RENDITIONS_MAX])
    kept[OTHER] = kept.get(OTHER, 0) + sum(ms for _, ms in ranked[RENDITIONS_MAX:])
    return dict(sorted(kept.items()))

"""FanOut: gives followers their notifications, some hundred in each transaction.

It reads facts as one who misses none and repeats none, through crashes and beside other servers.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import channels, follows
from accounts.channels.visibility import Visibility
from accounts.facts import Fact, FactKind
from accounts.facts.reader import FactReader, Taken
from accounts.facts.sequence import is_of
from accounts.notifications.kind import LEVELS, Kind
from accounts.notifications.quiet_hours import is_quiet
from accounts.notifications.stored import note_stored
from accounts.notifications.tables import (
    notices,
    notification_mutes,
    notification_settings,
    notifications,
)
from accounts.ports import Clock
from accounts.storage import (
    Database,
    PreparedChange,
    PreparedRead,
    StorageError,
    new_id,
    tell_trouble,
)
from accounts.storage.is_among import is_among_param
from accounts.storage.json_list import json_list

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.notifications")

READER: Final = "follower-notifications"
BATCH: Final = 1000
_TIDY_INTERVAL_S: Final = 3600.0
TOLD_OF: Final = (FactKind.BROADCAST_STARTED, FactKind.CHANNEL_CHANGED)
_WANTED: Final = is_of(*TOLD_OF)


class FanOut:
    """Owned by one event loop. `stored` is called after each batch: there is a new fact.

    `kept_ms` is how long notifications are kept.
    """

    def __init__(
        self, database: Database, clock: Clock, stored: Callable[[], None], *, kept_ms: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._stored = stored
        self._kept_ms = kept_ms
        self._batch_count = 0  # followers of the last step
        self.stored_count = 0
        self._reader = FactReader(
            database,
            READER,
            _WANTED,
            self._take,
            self._note_stored,
            at_once=1,
            # Whoever begins to follow, or is banned, meanwhile does so after it.
            is_guarded=True,
        )

    def wake(self) -> None:
        """Look soon."""
        self._reader.wake()

    async def run(self) -> None:
        """Store notifications, and delete what is old, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._reader.run(), name="notification-reader")
            tasks.create_task(self._tidy_now_and_then(), name="notifications-tidy")

    async def step(self) -> bool:
        """Store one batch, or pass over facts; whether there was anything to do."""
        return await self._reader.step()

    def _note_stored(self) -> None:
        self.stored_count += self._batch_count
        self._stored()

    async def _take(
        self, connection: AsyncConnection, facts: Sequence[Fact], progress: Any
    ) -> Taken:
        (fact,) = facts
        self._batch_count = 0
        kind = _kind_of(fact)
        if kind is None:
            return Taken(1)
        return await self._tell(connection, fact, kind, (progress or {}).get("after", ""))

    async def _tell(self, connection: AsyncConnection, fact: Fact, kind: Kind, after: str) -> Taken:
        notice_id = await _notice_of(connection, fact, kind)
        followers = [] if notice_id is None else await _followers(connection, fact, kind, after)
        told = followers[:BATCH]
        self._batch_count = 0
        if notice_id is not None and told:
            self._batch_count = await self._store(
                connection, fact, kind, notice_id, after=after, followers=told
            )
        if len(followers) > BATCH:
            return Taken(0, {"after": told[-1]})
        return Taken(1)

    async def _store(
        self,
        connection: AsyncConnection,
        fact: Fact,
        kind: Kind,
        notice_id: str,
        *,
        after: str,
        followers: Sequence[str],
    ) -> int:
        """Give these followers their rows, and leave the fact that they have them.

        They are all who hear of it between `after` and the last one. Returns how many want it.
        """
        now_ms, last = self._clock(), followers[-1]
        wishes = await _WISHES[kind].within(
            connection, channel_id=fact.channel_id, after=after, last=last
        )
        muted, quiet = _judged(wishes, kind, now_ms)
        aloud = [each for each in followers if each not in muted and each not in quiet]
        if not aloud and not quiet:
            return 0
        fact_id = await note_stored(
            connection,
            notice_id,
            kind,
            channel_id=fact.channel_id,
            channel=fact.channel,
            title=fact.details["title"],
            broadcast_id=fact.details["broadcastId"],
            at_ms=now_ms,
            aloud=aloud,
            quiet=list(quiet),
        )
        await _STORE[kind].within(
            connection,
            notice_id=notice_id,
            fact_id=fact_id,
            at_ms=fact.at_ms,
            channel_id=fact.channel_id,
            after=after,
            last=last,
            quiet=list(quiet),
            muted=list(muted),
        )
        return len(aloud) + len(quiet)

    async def tidy(self) -> None:
        """Delete what is too old; followers' rows go with the notices."""
        before_ms = self._clock() - self._kept_ms

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(notices).where(notices.c.at_ms < before_ms))

        await self._database.write(work)

    async def _tidy_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_TIDY_INTERVAL_S)
            try:
                await self.tidy()
            except StorageError as error:
                tell_trouble(_log, "old notifications not deleted yet", error)


def _kind_of(fact: Fact) -> Kind | None:
    match fact.kind:
        case FactKind.BROADCAST_STARTED:
            return Kind.LIVE
        case FactKind.CHANNEL_CHANGED:
            is_told = "title" in fact.details["changed"] and fact.details["broadcastId"]
            return Kind.TITLE if is_told else None
        case _:
            return None


async def _notice_of(connection: AsyncConnection, fact: Fact, kind: Kind) -> str | None:
    """Return the notice of a fact; None if followers are told nothing of it.

    That is so where the channel is hidden by now, and where the broadcast had such a notice
    before: a title that changes ten times is told once.
    """
    is_open = await connection.scalar(
        select(channels.c.id).where(
            channels.c.id == fact.channel_id,
            channels.c.visibility != Visibility.PRIVATE.value,
            channels.c.banned_at_ms.is_(None),
            ~owner_is_closed(),
        )
    )
    if is_open is None:
        return None
    broadcast_id = fact.details["broadcastId"]
    known = (
        await connection.execute(
            select(notices.c.id, notices.c.fact_id).where(
                notices.c.broadcast_id == broadcast_id, notices.c.kind == kind.value
            )
        )
    ).first()
    if known is not None:
        return str(known.id) if known.fact_id == fact.id else None
    notice_id = new_id("ntc")
    await connection.execute(
        insert(notices).values(
            id=notice_id,
            kind=kind.value,
            channel_id=fact.channel_id,
            broadcast_id=broadcast_id,
            title=fact.details["title"],
            fact_id=fact.id,
            at_ms=fact.at_ms,
        )
    )
    return notice_id


async def _followers(connection: AsyncConnection, fact: Fact, kind: Kind, after: str) -> list[str]:
    """Return the next followers of this level, one more than a batch.

    In one row: SQLite's thread gives the interpreter away at each, and waits for it behind a busy
    event loop.
    """
    (found,) = await _FOLLOWERS[kind].within(connection, channel_id=fact.channel_id, after=after)
    return found.account_ids or []


def _judged(
    wishes: Sequence[Any], kind: Kind, now_ms: int
) -> tuple[Mapping[str, None], Mapping[str, None]]:
    """Return who wants none of this kind, and whose quiet hours it is, in the order of the rows."""
    muted: dict[str, None] = {}
    quiet: dict[str, None] = {}
    is_quiet_by: dict[tuple[Any, ...], bool] = {}
    for row in wishes:
        if kind.value in (row.muted_kinds or ()) or kind.value in (row.kinds or ()):
            muted[row.account_id] = None
            continue
        hours = (row.quiet_from_min, row.quiet_to_min, row.time_zone)
        if hours not in is_quiet_by:
            is_quiet_by[hours] = is_quiet(row, now_ms)
        if is_quiet_by[hours]:
            quiet[row.account_id] = None
    return muted, quiet


def _heard(kind: Kind) -> ColumnElement[bool]:
    """Return what is true of follows of this level behind an account."""
    return and_(
        follows.c.channel_id == bindparam("channel_id"),
        follows.c.account_id > bindparam("after"),
        or_(*(follows.c.level == level.value for level in sorted(LEVELS[kind]))),
    )


def _reading_followers(kind: Kind) -> PreparedRead:
    page = (
        select(follows.c.account_id)
        .where(_heard(kind))
        .order_by(follows.c.account_id)
        .limit(BATCH + 1)
        .subquery()
    )
    return PreparedRead(select(json_list(page.c.account_id).label("account_ids")))


def _reading_wishes(kind: Kind) -> PreparedRead:
    """Read what those want who have said so, up to a last one."""
    settings, mutes = notification_settings, notification_mutes
    return PreparedRead(
        select(
            follows.c.account_id,
            settings.c.muted_kinds,
            settings.c.quiet_from_min,
            settings.c.quiet_to_min,
            settings.c.time_zone,
            mutes.c.kinds,
        )
        .outerjoin(settings, settings.c.account_id == follows.c.account_id)
        .outerjoin(
            mutes,
            (mutes.c.account_id == follows.c.account_id)
            & (mutes.c.channel_id == follows.c.channel_id),
        )
        .where(
            _heard(kind),
            follows.c.account_id <= bindparam("last"),
            or_(settings.c.account_id.is_not(None), mutes.c.account_id.is_not(None)),
        )
        .order_by(follows.c.account_id)
    )


def _storing(kind: Kind) -> PreparedChange:
    columns = notifications.c
    return PreparedChange(
        insert(notifications).from_select(
            ["account_id", "notice_id", "fact_id", "at_ms", "is_quiet"],
            select(
                follows.c.account_id,
                bindparam("notice_id", type_=columns.notice_id.type),
                bindparam("fact_id", type_=columns.fact_id.type),
                bindparam("at_ms", type_=columns.at_ms.type),
                is_among_param(follows.c.account_id, "quiet"),
            ).where(
                _heard(kind),
                follows.c.account_id <= bindparam("last"),
                ~is_among_param(follows.c.account_id, "muted"),
            ),
        )
    )


_FOLLOWERS: Final = {kind: _reading_followers(kind) for kind in LEVELS}
_WISHES: Final = {kind: _reading_wishes(kind) for kind in LEVELS}
_STORE: Final = {kind: _storing(kind) for kind in LEVELS}

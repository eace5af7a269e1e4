"""Ends of follows: how many there were, by minute. Never whose.

Who goes leaves two numbers behind: one follow less of the minute in which it began, and one that
ended in this minute. Nothing says that both are of the same. So it stays true how many began to
follow at a time, whoever has left since.

What ends in the minute in which it began is not counted, as if it had never been: a slip.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    cast,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import follow_ends, follows
from accounts.storage import PreparedChange

MINUTE_MS: Final = 60_000

_MINUTE: Final = cast(bindparam("minute_ms", type_=BigInteger), BigInteger)
_BEGAN: Final[Any] = follows.c.created_at_ms - follows.c.created_at_ms % MINUTE_MS
_OF_ACCOUNT: Final = follows.c.account_id == bindparam("account")
_ONE: Final = and_(_OF_ACCOUNT, follows.c.channel_id == bindparam("channel"))


def _counted(which: ColumnElement[bool]) -> dict[str, PreparedChange]:
    """Return what counts these follows as ended, for each database."""
    return {
        name: PreparedChange(_statement(insert, which))
        for name, insert in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
    }


def _statement(insert: Any, which: ColumnElement[bool]) -> Any:
    nothing, one = literal_column("0", Integer), literal_column("1", Integer)
    ended = (which, _BEGAN < _MINUTE)
    rows = union_all(
        select(follows.c.channel_id, _BEGAN, one, nothing).where(*ended),
        select(follows.c.channel_id, _MINUTE, nothing, one).where(*ended),
    )
    row = follow_ends.c
    written = insert(follow_ends).from_select(
        [row.channel_id, row.at_ms, row.begun, row.ended], rows
    )
    return written.on_conflict_do_update(
        index_elements=[row.channel_id, row.at_ms],
        set_={
            "begun": row.begun + written.excluded.begun,
            "ended": row.ended + written.excluded.ended,
        },
    )


_COUNT_ONE: Final = _counted(_ONE)
_COUNT_ALL: Final = _counted(_OF_ACCOUNT)


async def count_end(
    connection: AsyncConnection, channel_id: str, account_id: str, now_ms: int
) -> None:
    """Count the end of a follow, before its row is deleted; of none, nothing."""
    change = _COUNT_ONE[connection.dialect.name]
    await change.within(
        connection, account=account_id, channel=channel_id, minute_ms=_minute_of(now_ms)
    )


async def count_ends_of(connection: AsyncConnection, account_id: str, now_ms: int) -> None:
    """Count the end of all that an account follows, before its rows are deleted."""
    change = _COUNT_ALL[connection.dialect.name]
    await change.within(connection, account=account_id, minute_ms=_minute_of(now_ms))


def _minute_of(now_ms: int) -> int:
    return now_ms - now_ms % MINUTE_MS

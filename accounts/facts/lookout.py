"""Lookout: whether there is a fact for a reader, without writing down each that is not for it."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts.sequence import SEQUENCE, move_reader, reader_position
from accounts.facts.tables import fact_readers, facts
from accounts.storage import Database, PreparedRead

# So many facts are passed over before that is written down: they may be deleted then, and a
# process that starts need not look at them again.
_NOTED_EVERY: Final = 1000


class Lookout:
    """Looks for one reader. `wanted` says of a row of `facts` whether it is for it.

    What it passed over is remembered by this process alone: whoever starts behind it passes over
    the same.
    """

    def __init__(self, database: Database, name: str, wanted: ColumnElement[bool]) -> None:
        self._database = database
        self._name = name
        self._passed = 0
        stood = _position_of(name)
        first = select(func.min(facts.c.position)).where(
            facts.c.position > bindparam("passed", type_=BigInteger),
            facts.c.position > stood,
            wanted,
        )
        self._read = PreparedRead(
            select(
                stood.label("stood"),
                first.scalar_subquery().label("first"),
                _position_of(SEQUENCE).label("last"),
            )
        )

    async def sees_one(self) -> bool:
        """Whether there is something to read. Raises BusyError."""
        (found,) = await self._database.fetch(self._read, passed=self._passed)
        if found.first is not None:
            return True
        self._passed = found.last
        if found.last - found.stood >= _NOTED_EVERY:
            await self._database.write(self._note, is_short=True, is_guarded=True)
        return False

    async def _note(self, connection: AsyncConnection) -> None:
        if await reader_position(connection, self._name) < self._passed:
            await move_reader(connection, self._name, self._passed)


def _position_of(name: str) -> ScalarSelect[Any]:
    """Return what `reader_position` does, as a part of a statement."""
    position = func.coalesce(func.max(fact_readers.c.position), 0)
    return select(position).where(fact_readers.c.name == name).scalar_subquery()

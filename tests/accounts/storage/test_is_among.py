"""is_among: lists of any length in one parameter, the same on both databases."""

import pytest
from sqlalchemy import insert, select

from accounts.facts.tables import fact_readers
from accounts.storage import Database, PreparedRead
from accounts.storage.is_among import is_among, is_among_param

NAMES = ("plain", "O'Neill", 'say "so"', "Zoë", "[]")
PREPARED = PreparedRead(
    select(fact_readers.c.name)
    .where(is_among_param(fact_readers.c.name, "wanted"))
    .order_by(fact_readers.c.position)
)
OTHERS = PreparedRead(
    select(fact_readers.c.name)
    .where(~is_among_param(fact_readers.c.name, "wanted"))
    .order_by(fact_readers.c.position)
)


@pytest.mark.parametrize(
    "wanted", [[], ["plain"], list(NAMES[1:]), ["nobody", "Zoë"], [f"n{n}" for n in range(5000)]],
    ids=["none", "one", "texts", "unknown", "many"],
)  # fmt: skip
async def test_a_column_is_compared_with_all_of_a_list(
    database: Database, wanted: list[str]
) -> None:
    async with database.writing() as connection:
        await connection.execute(
            insert(fact_readers),
            [{"name": name, "position": place} for place, name in enumerate(NAMES)],
        )
    found = [name for name in NAMES if name in wanted]
    async with database.reading() as connection:
        query = select(fact_readers.c.name).where(is_among(fact_readers.c.name, wanted))
        rows = await connection.scalars(query.order_by(fact_readers.c.position))
        assert list(rows) == found
    assert [row.name for row in await database.fetch(PREPARED, wanted=wanted)] == found
    others = [row.name for row in await database.fetch(OTHERS, wanted=wanted)]
    assert others == [name for name in NAMES if name not in wanted]

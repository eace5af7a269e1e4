"""Writing facts, within the transaction that makes them true."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts.fact import FactKind
from accounts.facts.tables import facts
from accounts.storage import PreparedChange, new_id

_WRITE: Final = PreparedChange(
    insert(facts), "id", "kind", "channel_id", "channel", "at_ms", "details"
)


async def write_fact(
    connection: AsyncConnection,
    kind: FactKind,
    *,
    channel_id: str,
    channel: str,
    at_ms: int,
    details: Mapping[str, Any],
) -> str:
    """Leave a fact to be told once the transaction has been committed; return its id."""
    fact_id = new_id("fct")
    await _WRITE.within(
        connection,
        id=fact_id,
        kind=kind.value,
        channel_id=channel_id,
        channel=channel,
        at_ms=at_ms,
        details=dict(details),
    )
    return fact_id

"""Belongings: what people have outside of the people side. A port, for whoever keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Belongings(Protocol):
    """Knows what else belongs to an account, such as channels. Rows go with the account's."""

    async def export(self, account_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return all of it as rows of JSON values, by a plural noun such as "channels"."""
        ...

    async def close_or_open(
        self, connection: AsyncConnection, account_id: str, now_ms: int
    ) -> None:
        """See that an account was suspended, or restored, in the transaction that did it."""
        ...

    async def step_down(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:
        """See that an account is an administrator no more, in the transaction that did it."""
        ...

    async def leave(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:
        """Prepare for an account's row to be deleted, in the transaction that deletes it."""
        ...


class NoBelongings:
    """Nothing else belongs to anybody: for tests and tools. Implements Belongings."""

    async def export(self, account_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:  # noqa: ARG002 - Belongings' signature
        """Return nothing."""
        return {}

    async def close_or_open(
        self, connection: AsyncConnection, account_id: str, now_ms: int
    ) -> None:
        """Do nothing."""

    async def step_down(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:
        """Do nothing."""

    async def leave(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:
        """Do nothing."""

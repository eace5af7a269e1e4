"""Belongings: what people have outside of the people side. A port, for whoever keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Belongings(Protocol):
    """Knows what else belongs to an account, such as channels. Rows go with the account's."""

    async def export(self, account_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return all of it as rows of JSON values, by a plural noun such as "channels"."""
        ...

    async def close(self, account_id: str, reason: str) -> None:
        """End what runs in the account's name, such as its shows: it may not be used any more.

        Called after the account was suspended, and before it is deleted. `reason` is shown.
        """
        ...


class NoBelongings:
    """Nothing else belongs to anybody: for tests and tools. Implements Belongings."""

    async def export(self, account_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:  # noqa: ARG002 - Belongings' signature
        """Return nothing."""
        return {}

    async def close(self, account_id: str, reason: str) -> None:
        """End nothing."""

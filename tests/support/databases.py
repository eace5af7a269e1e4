"""Databases of tests: opened with patience, and closed however the test ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from accounts.storage import Database

WAIT_S: Final = 60.0
"""How long whoever writes waits for their turn: a machine may be held up for long."""


@asynccontextmanager
async def opened_database(url: str) -> AsyncIterator[Database]:
    """Open a database for a block."""
    opened = await Database.open(url, wait_s=WAIT_S)
    try:
        yield opened
    finally:
        await opened.close()

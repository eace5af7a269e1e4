"""Rows on disk: one Database, on SQLite or PostgreSQL, with the same code."""

from accounts.storage.cursor import Cursor, CursorError, Page
from accounts.storage.database import Database
from accounts.storage.errors import (
    AwayError,
    BusyError,
    ConflictError,
    SchemaError,
    StorageError,
)
from accounts.storage.ids import new_id
from accounts.storage.outage import tell_trouble
from accounts.storage.prepared_change import PreparedChange
from accounts.storage.prepared_list import PreparedList
from accounts.storage.prepared_read import PreparedRead

__all__ = [
    "AwayError",
    "BusyError",
    "ConflictError",
    "Cursor",
    "CursorError",
    "Database",
    "Page",
    "PreparedChange",
    "PreparedList",
    "PreparedRead",
    "SchemaError",
    "StorageError",
    "new_id",
    "tell_trouble",
]

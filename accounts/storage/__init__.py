"""Rows on disk: one Database, on SQLite or PostgreSQL, with the same code."""

from accounts.storage.cursor import Cursor, CursorError, Page
from accounts.storage.database import Database
from accounts.storage.errors import BusyError, ConflictError, SchemaError, StorageError
from accounts.storage.ids import new_id
from accounts.storage.prepared_change import PreparedChange
from accounts.storage.prepared_list import PreparedList
from accounts.storage.prepared_read import PreparedRead

__all__ = [
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
]

"""What can go wrong with the database.

StorageError
├── ConflictError   another writer came first: try again (`Database.write` does)
├── BusyError       tried as often as sensible, or no connection in time: ask the caller to wait
│   └── AwayError   there is no connection to be had at all
└── SchemaError     the database is not as this program expects; the text says what to run
"""


class StorageError(Exception):
    """The database could not do what was asked. The text holds no values of rows, no secrets."""


class ConflictError(StorageError):
    """Another transaction changed what this one had read; nothing of this one was kept."""


class BusyError(StorageError):
    """The database has too much to do, or its disk is full; nothing was kept."""


class AwayError(BusyError):
    """The database does not answer, or has ended the connection. `Outage` tells of it."""


class SchemaError(StorageError):
    """The tables are missing, older or newer than this program; the text says what to do."""

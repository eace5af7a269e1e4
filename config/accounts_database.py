"""Where accounts are kept, and how the server and the command line open it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from accounts.storage import Database
from accounts.storage.errors import SchemaError
from accounts.storage.migration import (
    HEAD,
    SchemaState,
    migrate,
    require_current_schema,
    schema_state,
)
from config.all_tables import all_tables
from config.data_folder import DATABASE_NAME
from config.settings import RillcastSettings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.storage")


def is_embedded(settings: RillcastSettings) -> bool:
    """Whether accounts are kept in the data folder, by this server alone."""
    return not settings.accounts.database.url


def database_of(settings: RillcastSettings) -> Database:
    """Return the database, which connects when it is first used. Raises SchemaError, OSError."""
    chosen = settings.accounts.database
    url = chosen.url
    if not url:
        file = settings.data / DATABASE_NAME
        _make_private(file)
        url = f"sqlite:///{file}"
    return Database.at(url, connections=chosen.connections, wait_s=chosen.wait_s)


async def make_current(database: Database, settings: RillcastSettings) -> None:
    """Give an embedded database the tables that this program expects; of others, demand them.

    Raises SchemaError, which says what to run, and BusyError.
    """
    if is_embedded(settings):
        if await migrate(database, all_tables):
            _log.info("accounts' tables brought up to date", step=HEAD)
    else:
        await require_current_schema(database)


@asynccontextmanager
async def accounts_database(settings: RillcastSettings) -> AsyncIterator[Database]:
    """Open the database for one command. Raises StorageError, OSError."""
    database = database_of(settings)
    try:
        await _require_ready(database, settings)
        yield database
    finally:
        await database.close()


async def _require_ready(database: Database, settings: RillcastSettings) -> None:
    """Demand current tables, or make the first ones.

    Those that are there are not changed: a server of before the update may still run with them.
    """
    if is_embedded(settings):
        match await schema_state(database):
            case SchemaState.EMPTY:
                await make_current(database, settings)
            case SchemaState.OUTDATED:
                raise SchemaError(
                    "the accounts' tables are from before an update: restart the server, which "
                    "brings them up to date, or run `rillcast migrate` while none runs"
                )
            case _:
                pass
    await require_current_schema(database)


def _make_private(file: Path) -> None:
    """Let nobody but the owner read it; SQLite's files beside it get the same mode."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))

"""`rillcast migrate`: bring the accounts' tables up to date."""

import asyncio
from typing import Annotated

import typer

from accounts.storage import StorageError
from accounts.storage.migration import migrate as migrate_database
from accounts.storage.migration import require_current_schema
from config.accounts_database import database_of
from config.all_tables import all_tables
from config.cli.flag import ConfigFlag, DataFlag, SetFlag, fail, settings_from_flags
from config.settings import RillcastSettings

CheckFlag = Annotated[
    bool,
    typer.Option("--check", help="Change nothing; fail if there is something to do."),
]


def migrate(
    data: DataFlag = None,
    config: ConfigFlag = None,
    assignments: SetFlag = None,
    check: CheckFlag = False,
) -> None:
    """Make or update the tables of the accounts' database, before servers start.

    Not needed for a database in the data folder, which the server updates by itself.
    """
    settings = settings_from_flags(config, data, assignments=assignments)
    try:
        typer.echo(asyncio.run(_run(settings, check=check)))
    except StorageError as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot open the accounts' database: {error.strerror or error}")


async def _run(settings: RillcastSettings, *, check: bool) -> str:
    database = database_of(settings)
    try:
        if check:
            await require_current_schema(database)
            return "Up to date."
        return "Migrated." if await migrate_database(database, all_tables) else "Up to date."
    finally:
        await database.close()

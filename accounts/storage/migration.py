"""Migration: whether the tables are as this program expects, and the steps that make them so.

An embedded database is brought up to date when the server starts. One that several servers share
is not changed behind anybody's back: the operator runs `rillcast migrate` once, before they start.
"""

import enum
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Inspector, MetaData, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage.database import Database
from accounts.storage.errors import SchemaError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0015"  # the newest step; looked at without loading Alembic, which takes 0.25 s
_FOLDER: Final = Path(__file__).parent / "migrations"
_STEPS: Final = frozenset(f"{number:04}" for number in range(1, int(HEAD) + 1))
_VERSION_TABLE: Final = "alembic_version"
# Held by who migrates PostgreSQL; the number is "rillcast" in ASCII.
_ADVISORY_LOCK: Final = 0x72696C6C63617374


class SchemaState(enum.Enum):
    """What is found in a database."""

    EMPTY = "empty"
    CURRENT = "current"
    OUTDATED = "outdated"
    NEWER = "newer"  # migrated by a newer program
    FOREIGN = "foreign"  # tables that are not ours


async def schema_state(database: Database) -> SchemaState:
    """Look at the database's tables and at the last step that was made."""
    async with database.reading() as connection:
        return (await _found(connection))[0]


async def require_current_schema(database: Database) -> None:
    """Raise SchemaError, with what to run, unless the tables are as this program expects."""
    async with database.reading() as connection:
        state, step = await _found(connection)
    match state:
        case SchemaState.CURRENT:
            return
        case SchemaState.EMPTY:
            text_ = "the database has no tables yet; run `rillcast migrate`"
        case SchemaState.OUTDATED:
            text_ = f"the database is at step {step} of {HEAD}; run `rillcast migrate`"
        case SchemaState.NEWER:
            text_ = (
                f"the database is at step {step}, of a newer Rillcast than this (step {HEAD}); "
                "update this one"
            )
        case SchemaState.FOREIGN:
            text_ = "the database holds tables of something else; give Rillcast one of its own"
    raise SchemaError(text_)


async def migrate(database: Database, tables: Callable[[], MetaData]) -> bool:
    """Bring the tables up to date, all steps or none; return whether there was anything to do.

    `tables` loads all tables of the program; it is called for an empty database alone.
    Whoever else migrates at the same time waits for this, and then finds nothing to do.
    Raises SchemaError for a database that is newer or not ours.
    """
    async with database.writing_alone(_ADVISORY_LOCK) as connection:
        state, _ = await _found(connection)
        if state is SchemaState.CURRENT:
            return False
        if state not in {SchemaState.EMPTY, SchemaState.OUTDATED}:
            await require_current_schema(database)
        if state is SchemaState.EMPTY:
            await connection.run_sync(create, tables())
        else:
            await connection.run_sync(upgrade)
        return True


def create(connection: Connection, tables: MetaData) -> None:
    """Make all tables as they are now, within the connection's transaction.

    What all steps make, one after the other, without loading Alembic: a first start waits for it.
    """
    tables.create_all(connection)
    connection.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {_VERSION_TABLE} (version_num VARCHAR(32) NOT NULL, "
            f"CONSTRAINT {_VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text(f"INSERT INTO {_VERSION_TABLE} VALUES (:step)"),  # noqa: S608 - a constant
        {"step": HEAD},
    )


def upgrade(connection: Connection, step: str = "head") -> None:
    """Run the steps up to one of them, within the connection's transaction."""
    from alembic import command  # noqa: PLC0415 - see HEAD

    command.upgrade(alembic_config(connection), step)


def downgrade(connection: Connection, step: str = "base") -> None:
    """Take steps back, down to one of them; all rows of what goes are lost."""
    from alembic import command  # noqa: PLC0415 - see HEAD

    command.downgrade(alembic_config(connection), step)


def alembic_config(connection: Connection) -> "Config":
    """Return what Alembic's commands work with."""
    from alembic.config import Config  # noqa: PLC0415 - see HEAD

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


async def _found(connection: AsyncConnection) -> tuple[SchemaState, str | None]:
    tables = set(await connection.run_sync(_table_names))
    if _VERSION_TABLE not in tables:
        return (SchemaState.FOREIGN if tables else SchemaState.EMPTY), None
    rows = (await connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}"))).all()  # noqa: S608 - a constant
    if not rows:
        others = tables - {_VERSION_TABLE}
        return (SchemaState.FOREIGN if others else SchemaState.EMPTY), None
    step = str(rows[0].version_num)
    if step == HEAD:
        return SchemaState.CURRENT, step
    if step in _STEPS:
        return SchemaState.OUTDATED, step
    return (SchemaState.NEWER if step.isdecimal() else SchemaState.FOREIGN), step


def _table_names(connection: Connection) -> list[str]:
    inspector: Inspector = inspect(connection)
    return inspector.get_table_names()

"""The database: whether it answers, its tables are those of this program, and its clock ours."""

import time
from typing import Final

from sqlalchemy import func, select

from accounts.storage import Database, SchemaError, StorageError
from accounts.storage.migration import SchemaState, require_current_schema, schema_state
from config.accounts_database import database_of, is_embedded
from config.checkup.result import Result, advice, fine, problem
from config.data_folder import DATABASE_NAME
from config.settings import RillcastSettings

_SUBJECT: Final = "database"
_DIFFERENCE_S: Final = 2.0


async def check_database(settings: RillcastSettings) -> list[Result]:
    """Open it as the server would, and change nothing."""
    if not settings.accounts.enabled:
        return [fine(_SUBJECT, "accounts are off: none is used")]
    file = settings.data / DATABASE_NAME
    if is_embedded(settings) and not file.exists():
        return [fine(_SUBJECT, f"{file}, which the first start makes")]
    try:
        database = database_of(settings)
    except (StorageError, OSError) as error:
        return [problem(_SUBJECT, f"cannot be opened: {error}", "correct accounts.database.url")]
    try:
        return await _look(database, settings)
    except StorageError as error:
        where = str(file) if is_embedded(settings) else "accounts.database.url"
        return [problem(_SUBJECT, f"does not answer: {error}", f"look after it; see {where}")]
    finally:
        await database.close()


async def _look(database: Database, settings: RillcastSettings) -> list[Result]:
    state = await schema_state(database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    if state is SchemaState.OUTDATED and is_embedded(settings):
        return [fine(_SUBJECT, f"{kind}, whose tables the next start brings up to date")]
    if state is SchemaState.EMPTY and is_embedded(settings):
        return [fine(_SUBJECT, f"{kind}, whose tables the first start makes")]
    try:
        await require_current_schema(database)
    except SchemaError as error:
        to_do = "run `rillcast migrate` with the same flags, before the server starts"
        if state is SchemaState.NEWER:
            to_do = "update this program"
        elif state is SchemaState.FOREIGN:
            to_do = "make a database of its own, and name it in accounts.database.url"
        return [problem(_SUBJECT, f"{kind}: {error}", to_do)]
    results = [fine(_SUBJECT, f"{kind} answers, and its tables are as they should be")]
    if not database.is_sqlite:
        results += await _compare_clocks(database)
    return results


async def _compare_clocks(database: Database) -> list[Result]:
    async with database.reading() as connection:
        moment = func.extract("epoch", func.clock_timestamp())
        theirs_s = float((await connection.execute(select(moment))).scalar_one())
    difference_s = theirs_s - time.time()
    if abs(difference_s) <= _DIFFERENCE_S:
        return []
    return [
        advice(
            "clock",
            f"the database's clock is {difference_s:+.1f} s away from this machine's",
            "have both set by NTP",
        )
    ]

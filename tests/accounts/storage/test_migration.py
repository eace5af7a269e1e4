"""Migrations on both databases: their tables are the program's, and nothing is half done."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, text

from accounts.people.profile_text import name_key_of
from accounts.storage import Database, SchemaError, migration
from accounts.storage.migration import (
    HEAD,
    SchemaState,
    migrate,
    require_current_schema,
    schema_state,
)
from config.all_tables import all_tables
from tests.support.databases import opened_database


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    async with opened_database(empty_url) as opened:
        yield opened


async def migrate_all(database: Database) -> bool:
    return await migrate(database, all_tables)


def described(constraint: Any) -> str:
    """Write a constraint, or an index with its condition, as text."""
    options = constraint.get("dialect_options", {})
    return repr({**constraint, "dialect_options": {key: str(options[key]) for key in options}})


def drawn(connection: Connection) -> dict[str, Any]:
    """Return everything about the tables that either database tells."""
    inspector = inspect(connection)
    tables: dict[str, Any] = {}
    for name in inspector.get_table_names():
        if name == "alembic_version":
            continue
        tables[name] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            ],
            "primary key": inspector.get_pk_constraint(name),
            **{
                kind: sorted(map(described, read(name)))
                for kind, read in (
                    ("foreign keys", inspector.get_foreign_keys),
                    ("unique", inspector.get_unique_constraints),
                    ("checks", inspector.get_check_constraints),
                    ("indexes", inspector.get_indexes),
                )
            },
        }
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR sql LIKE '%fts5%'")
        )
        tables["search"] = {name: re.sub(r"\s+", " ", sql) for name, sql in rows}
    return tables


async def test_migrated_tables_are_those_of_the_program(
    empty: Database, database: Database
) -> None:
    async with empty.writing() as connection:
        await connection.run_sync(migration.upgrade)
    async with empty.reading() as connection:
        migrated = await connection.run_sync(drawn)
    async with database.reading() as connection:
        made = await connection.run_sync(drawn)
    assert migrated == made
    assert set(all_tables().tables) <= set(migrated)


async def test_a_first_start_makes_what_all_steps_make(empty: Database, database: Database) -> None:
    assert await migrate_all(empty)
    async with empty.reading() as connection:
        first = await connection.run_sync(drawn)
        versions = await connection.scalars(text("SELECT version_num FROM alembic_version"))
        assert versions.all() == [HEAD]
    async with database.reading() as connection:
        assert first == await connection.run_sync(drawn)


async def test_alembic_finds_nothing_left_to_migrate(empty: Database) -> None:
    async with empty.writing() as connection:
        await connection.run_sync(migration.upgrade)

    def differences(connection: Connection) -> list[Any]:
        def is_for_both(_object: object, name: str | None, *_: object) -> bool:
            # FTS5 keeps its index in tables of its own, PostgreSQL in an index.
            return not str(name).startswith(("search_terms", "ix_search_documents_vector"))

        context = MigrationContext.configure(connection, opts={"include_object": is_for_both})
        return list(compare_metadata(context, all_tables()))

    async with empty.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_all_steps_can_be_taken_back(empty: Database) -> None:
    await migrate_all(empty)
    async with empty.writing() as connection:
        await connection.run_sync(migration.downgrade)
    async with empty.reading() as connection:
        assert await connection.run_sync(drawn) in ({}, {"search": {}})
    assert await schema_state(empty) is SchemaState.EMPTY
    assert await migrate_all(empty)


async def test_migrating_twice_does_nothing_the_second_time(empty: Database) -> None:
    assert await migrate_all(empty)
    assert not await migrate_all(empty)
    await require_current_schema(empty)


async def test_two_who_migrate_at_once_do_it_once(empty: Database, empty_url: str) -> None:
    async with opened_database(empty_url) as other:
        done = await asyncio.gather(migrate_all(empty), migrate_all(other))
    assert sorted(done) == [False, True]
    await require_current_schema(empty)


async def test_a_step_that_fails_leaves_all_as_it_was(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = migration.create

    def fail_late(connection: Connection, tables: MetaData) -> None:
        whole(connection, tables)
        raise RuntimeError("power cut")

    monkeypatch.setattr(migration, "create", fail_late)
    with pytest.raises(RuntimeError, match="power cut"):
        await migrate_all(empty)
    assert await schema_state(empty) is SchemaState.EMPTY


async def test_an_empty_database_says_what_to_run(empty: Database) -> None:
    with pytest.raises(SchemaError, match="no tables yet; run `rillcast migrate`"):
        await require_current_schema(empty)


async def test_an_outdated_database_says_what_to_run(empty: Database) -> None:
    await migrate_all(empty)
    async with empty.writing() as connection:
        await connection.run_sync(migration.downgrade, "0001")
    assert await schema_state(empty) is SchemaState.OUTDATED
    with pytest.raises(SchemaError, match=f"at step 0001 of {HEAD}; run `rillcast migrate`"):
        await require_current_schema(empty)
    assert await migrate_all(empty)
    await require_current_schema(empty)


async def test_people_of_before_are_found_by_their_names_afterwards(empty: Database) -> None:
    await migrate_all(empty)
    names = {"acc_1": "Žofie  Ångström", "acc_2": "ﷺ" * 50, "acc_3": "★"}
    async with empty.writing() as connection:
        await connection.run_sync(migration.downgrade, "0003")
        for account_id, name in names.items():
            await connection.execute(
                text(
                    "INSERT INTO accounts (id, email, email_key, role, display_name, bio, links, "
                    "revision, created_at_ms) "
                    "VALUES (:id, :id, :id, 'user', :name, '', '[]', 1, 0)"
                ),
                {"id": account_id, "name": name},
            )
    assert await migrate_all(empty)
    async with empty.reading() as connection:
        rows = await connection.execute(text("SELECT id, name_key FROM accounts"))
        keys = {row.id: row.name_key for row in rows}
    assert keys == {account_id: name_key_of(name) for account_id, name in names.items()}


async def test_a_newer_database_is_left_alone(empty: Database) -> None:
    await migrate_all(empty)
    async with empty.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (require_current_schema, migrate_all):
        with pytest.raises(SchemaError, match="of a newer Rillcast than this"):
            await attempt(empty)


async def test_tables_of_something_else_are_left_alone(empty: Database) -> None:
    async with empty.writing() as connection:
        await connection.execute(text("CREATE TABLE wordpress (id integer)"))
    for attempt in (require_current_schema, migrate_all):
        with pytest.raises(SchemaError, match="of something else"):
            await attempt(empty)


def test_the_newest_step_is_the_one_that_servers_look_for() -> None:
    script = ScriptDirectory(str(Path(migration.__file__).parent / "migrations"))
    assert script.get_current_head() == HEAD
    assert len(list(script.walk_revisions())) == int(HEAD)

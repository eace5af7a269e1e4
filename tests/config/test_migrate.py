"""`rillcast migrate`, and servers whose database is not as they expect."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.accounts.serving import accounts_on_air
from tests.support.postgresql import PostgresServer, postgresql_server


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresServer]:
    with postgresql_server() as server:
        yield server


def rillcast(*arguments: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "config", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ran.returncode, (ran.stdout + ran.stderr).strip()


def test_postgresql_is_migrated_by_command_and_never_by_a_server(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    url = postgresql.url("postgres")
    there = ("--data", str(tmp_path / "data"), "--set", f"accounts.database.url={url}")
    serve = ("serve", *there, "--set", "accounts.enabled=true")
    advice = "rillcast: the database has no tables yet; run `rillcast migrate`"
    addresses = ("--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0")
    assert rillcast(*serve, *addresses)[0] == 1
    assert rillcast(*serve, *addresses)[1].endswith(advice)
    assert rillcast("migrate", "--check", *there) == (1, advice)
    assert rillcast("migrate", *there) == (0, "Migrated.")
    assert rillcast("migrate", *there) == (0, "Up to date.")
    assert rillcast("migrate", "--check", *there) == (0, "Up to date.")
    with accounts_on_air(tmp_path, **{"accounts.database.url": url}) as on_air:
        assert on_air.ask("GET", "/api/v1/me", as_="admin").status == 200


def test_an_embedded_database_is_private_and_migrated_at_the_start(tmp_path: Path) -> None:
    with accounts_on_air(tmp_path) as on_air:
        assert on_air.ask("GET", "/api/v1/me", as_="admin").status == 200
        data = on_air.log.parent / "data"
        kept = [each for each in data.iterdir() if each.name.startswith("accounts")]
        assert {each.name for each in kept} >= {"accounts.db", "accounts.db-wal"}
        assert {each.stat().st_mode & 0o777 for each in kept} == {0o600}
    assert rillcast("migrate", "--check", "--data", str(data)) == (0, "Up to date.")


def test_commands_leave_tables_of_before_an_update_to_the_server(tmp_path: Path) -> None:
    there = ("--data", str(tmp_path))
    assert rillcast("user", "list", *there)[0] == 0  # makes the first tables
    with closing(sqlite3.connect(tmp_path / "accounts.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0003'")
    status, text = rillcast("user", "list", *there)
    assert status == 1
    assert "restart the server" in text
    with closing(sqlite3.connect(tmp_path / "accounts.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]


def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://ann:hunter2@127.0.0.1:1/rillcast"
    status, text = rillcast(
        "migrate", "--data", str(tmp_path), "--set", f"accounts.database.url={url}"
    )
    assert status == 1
    assert "cannot be reached" in text
    assert "hunter2" not in text


def test_a_hosters_address_of_postgresql_is_taken(postgresql: PostgresServer) -> None:
    url = postgresql.url("postgres")
    for parameter, expected in (
        ("sslmode=disable", 0),
        ("sslmode=maybe", "cannot be reached"),
        ("sslmod=require", "expected no 'sslmod' in the URL; known are host, port, sslmode"),
    ):
        status, text = rillcast("migrate", "--set", f"accounts.database.url={url}&{parameter}")
        assert (status == 0) if expected == 0 else (str(expected) in text)
        assert "Traceback" not in text


def test_secrets_are_neither_printed_nor_quoted(tmp_path: Path) -> None:
    file = tmp_path / "rillcast.toml"
    issuer = 'issuer = "https://id.example.org"\nclient_id = "x"\nclient_secret = "hunter2"\n'
    mail = '[accounts.mail]\nuser = "a"\npassword = "hunter2"\n'
    file.write_text(f"[accounts.openid.issuers.home]\n{issuer}{mail}", "utf-8")
    status, text = rillcast("check-config", "--config", str(file))
    assert status == 0
    assert "# password is set, and secret" in text
    assert "https://id.example.org" in text
    assert "hunter2" not in text
    for wrong in (issuer.replace("issuer", "isuer"), issuer.replace('"hunter2"', '["hunter2"]')):
        file.write_text(f"[accounts.openid.issuers.home]\n{wrong}{mail}", "utf-8")
        status, text = rillcast("check-config", "--config", str(file))
        assert status == 1
        assert "accounts.openid.issuers.home" in text
        assert "hunter2" not in text


def test_an_open_server_has_no_accounts() -> None:
    status, text = rillcast("check-config", "--open", "--set", "accounts.enabled=true")
    assert status == 1
    assert "expected one of both" in text

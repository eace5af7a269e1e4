"""`rillcast user`, as an operator uses it beside a data folder."""

import re
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.cli.user import user

PASSWORD = "nine unrelated llamas"
CHEAP = ["--set", "accounts.passwords.memory_kib=8", "--set", "accounts.passwords.passes=1"]


class Operator:
    """Runs commands on one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *words: str, typed: str = "", expected: int = 0) -> str:
        command = [*words, "--data", str(self.data)]
        if words[0] != "rotate-secrets":
            command += CHEAP
        result = CliRunner().invoke(user, command, input=typed)
        assert result.exit_code == expected, result.output
        return result.output

    def add(self, email: str, role: str = "user") -> None:
        typed = f"{PASSWORD}\n{PASSWORD}\n"
        output = self.run("add", email, "--name", "Somebody", "--role", role, typed=typed)
        assert PASSWORD not in output
        assert re.search(r"acc_[0-9A-Z]{26}", output)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "data")


def test_accounts_are_made_listed_suspended_and_deleted(operator: Operator) -> None:
    operator.add("root@example.org", "admin")
    operator.add("ann@example.org")
    listed = operator.run("list")
    assert re.search(r"acc_\S+ +admin +root@example.org +Somebody", listed)
    assert re.search(r"acc_\S+ +user +ann@example.org +Somebody", listed)
    operator.run("suspend", "ann@example.org", "--reason", "spam")
    assert "ann@example.org" in operator.run("list", "--suspended")
    assert "root@example.org" not in operator.run("list", "--suspended")
    operator.run("restore", "ann@example.org")
    operator.run("role", "ann@example.org", "admin")
    operator.run("sign-out", "ann@example.org")
    operator.run("remove-second-factor", "ann@example.org")
    operator.run("delete", "ann@example.org", typed="n\n", expected=1)
    operator.run("delete", "ann@example.org", "--yes")
    assert "ann@example.org" not in operator.run("list")


def test_what_cannot_be_done_is_said_in_a_sentence(operator: Operator) -> None:
    operator.add("root@example.org", "admin")
    refused = operator.run("delete", "root@example.org", "--yes", expected=1)
    assert "rillcast: this is the last administrator" in refused
    assert "no account with this address" in operator.run("sign-out", "x@example.org", expected=1)
    assert "e-mail address" in operator.run("sign-out", "no address", expected=1)
    weak = operator.run(
        "add", "b@example.org", "--name", "B", typed="password123\npassword123\n", expected=1
    )
    assert "password: expected something harder to guess" in weak
    wrong = ("add", "no address", "--name", "B")
    assert "e-mail address" in operator.run(*wrong, typed="", expected=1)


def test_a_script_that_pipes_no_password_or_two_is_told(operator: Operator) -> None:
    adding = ("add", "ann@example.org", "--name", "Ann")
    assert "no password came" in operator.run(*adding, typed="", expected=1)
    different = f"{PASSWORD}\n{PASSWORD}s\n"
    assert "the two passwords differ" in operator.run(*adding, typed=different, expected=1)


def test_links_are_printed_for_who_gets_no_mail(operator: Operator) -> None:
    operator.add("ann@example.org")
    link = operator.run("reset-password", "ann@example.org").strip()
    assert re.fullmatch(r"http://localhost:8080/reset-password#token=rco_\S{43}", link)
    invitation = operator.run("invite", "bob@example.org").strip()
    assert re.fullmatch(r"http://localhost:8080/sign-up#invitation=rci_\S{43}", invitation)
    (mail,) = (operator.data / "mail").glob("*.eml")
    assert invitation.partition("=")[2][:20] in mail.read_text("utf-8").replace("=\n", "")


def test_what_is_kept_is_private_and_holds_no_secret(operator: Operator) -> None:
    operator.add("ann@example.org")
    link = operator.run("reset-password", "ann@example.org").strip()
    operator.run("rotate-secrets")
    for name in ("accounts.db", "accounts-keys.json"):
        assert (operator.data / name).stat().st_mode & 0o077 == 0
    with sqlite3.connect(operator.data / "accounts.db") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert "ann@example.org" in dump
    assert PASSWORD not in dump
    assert link.partition("rco_")[2] not in dump

"""`rillcast channel` and `rillcast key` on a server with accounts, without one that runs."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.cli import command_line

PASSWORD = "nine unrelated llamas"
KEY = re.compile(r"rc_[a-z2-9]{10}_[a-z2-9]{32}")


def run(data: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command_line(), [*words, "--data", str(data)], input=typed)


def printed(data: Path, *words: str, typed: str = "") -> str:
    result = run(data, *words, typed=typed)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def refused(data: Path, *words: str) -> str:
    result = run(data, *words)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    words = ("user", "add", "olga@example.org", "--name", "Olga")
    printed(folder, *words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    printed(folder, "channel", "add", "Studio", "--owner", "OLGA@example.org", "--title", "Jazz")
    return folder


def test_channels_are_made_found_closed_opened_and_deleted(data: Path) -> None:
    printed(
        data, "channel", "add", "hidden", "--owner", "olga@example.org", "--visibility", "private"
    )
    assert [line.split()[:2] for line in printed(data, "channel", "list").splitlines()] == [
        ["hidden", "private"],
        ["studio", "public"],
    ]
    assert printed(data, "channel", "list", "jazz").split()[0] == "studio"
    assert printed(data, "channel", "ban", "studio", "--reason", "films") == ""
    assert printed(data, "channel", "list", "--banned").split()[:2] == ["studio", "closed"]
    printed(data, "channel", "unban", "studio")
    assert printed(data, "channel", "list", "--banned") == ""
    assert run(data, "channel", "remove", "hidden", typed="n\n").exit_code == 1
    printed(data, "channel", "remove", "hidden", typed="y\n")
    printed(data, "channel", "remove", "studio", "--yes")
    assert printed(data, "channel", "list") == ""


def test_what_is_wrong_is_said_in_a_sentence(data: Path) -> None:
    for words, text in (
        (("channel", "add", "a b", "--owner", "olga@example.org"), "name: expected"),
        (("channel", "add", "studio", "--owner", "olga@example.org"), "taken"),
        (("channel", "add", "b", "--owner", "nobody@example.org"), "no account"),
        (("channel", "add", "b", "--owner", "nobody"), "expected an e-mail address"),
        (("channel", "add", "b", "--owner", "olga@example.org", "--visibility", "x"), "expected"),
        (("channel", "ban", "nowhere"), "no such channel"),
        (("channel", "cut", "nowhere"), "no such channel"),
        (("channel", "cut", "studio"), "is not live"),
        (("channel", "remove", "nowhere", "--yes"), "no such channel"),
        (("key", "list"), "which channel"),
        (("key", "add", "nowhere"), "no such channel"),
        (("key", "renew", "studio"), "no such key"),
    ):
        assert text in refused(data, *words), words


def test_keys_of_channels_are_printed_once(data: Path) -> None:
    first = printed(data, "key", "add", "studio", "--name", "OBS")
    assert KEY.fullmatch(first)
    second = printed(data, "key", "add", "studio")
    listed = printed(data, "key", "list", "studio")
    assert len(listed.splitlines()) == 2
    assert not KEY.search(listed)
    assert first[:13] in listed
    assert "say which" in refused(data, "key", "renew", "studio")
    renewed = printed(data, "key", "renew", "studio", "--name", "OBS")
    assert KEY.fullmatch(renewed)
    assert renewed not in {first, second}
    key_id = printed(data, "key", "list", "studio").splitlines()[1].split()[0]
    printed(data, "key", "remove", "studio", "--name", key_id)
    printed(data, "key", "remove", "studio")  # the only one that is left
    assert printed(data, "key", "list", "studio") == ""


def test_without_accounts_the_key_file_is_what_it_was(tmp_path: Path) -> None:
    key = printed(tmp_path, "key", "add", "studio", "--set", "accounts.enabled=false")
    # From here on the folder says which keys are meant.
    assert printed(tmp_path, "key", "add", "studio") == key
    assert printed(tmp_path, "key", "list") == f"studio  {key}"
    assert printed(tmp_path, "key", "list", "other") == ""
    assert printed(tmp_path, "key", "renew", "studio") != key


def test_keys_are_those_of_channels_wherever_there_are_accounts(data: Path) -> None:
    assert KEY.fullmatch(printed(data, "key", "add", "studio"))

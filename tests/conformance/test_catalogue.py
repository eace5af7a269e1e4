"""The catalogue of checks: each has code, and the documentation lists them all."""

import re
from pathlib import Path

import pytest

from conformance.check import Check

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("check", Check, ids=lambda check: check.name)
def test_every_check_has_code_that_finds_it(check: Check) -> None:
    files = (ROOT / "conformance").rglob("*.py")
    named = re.compile(rf"Check\.{check.name}\b")
    assert any(named.search(file.read_text("utf-8")) for file in files)


def test_the_page_on_validating_lists_every_check() -> None:
    page = (ROOT / "docs" / "validate.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert rows == [(str(each.number), each.title, each.source) for each in Check]


def test_numbers_are_all_there_and_the_tests_table_names_them() -> None:
    numbers = {check.number for check in Check}
    assert numbers == {*range(1, 79), 80}
    table = (
        (ROOT / "tests" / "README.md")
        .read_text("utf-8")
        .partition("## Rules")[2]
        .partition("\n## ")[0]
    )
    cells = "\n".join(re.findall(r"^\| ([\d, -]+) \|", table, re.MULTILINE))
    named: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", cells):
        named |= set(range(int(first), int(last or first) + 1))
    assert named >= numbers

"""A test with real parts that fails once passes and is named; a fault fails; others run once."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CASES: Final = """
from pathlib import Path
import pytest

def count(name):
    seen = Path(__file__).with_name(name)
    seen.write_text(seen.read_text() + "x" if seen.exists() else "x")
    return len(seen.read_text())

@pytest.mark.real
def test_starved():
    assert count("starved") == 2, "nothing to eat"

@pytest.mark.real
def test_faulty():
    assert count("faulty") == 0, "never right"

@pytest.fixture(scope="module")
def kitchen():
    assert count("kitchen") == 2, "no fire"

@pytest.mark.real
def test_cooked(kitchen):
    pass

def test_pure():
    assert count("pure") == 2, "once only"
"""


def test_what_has_real_parts_runs_twice_at_most(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_cases.py").write_text(CASES)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    real: has real parts\n")
    command = [sys.executable, "-m", "pytest", "-n", "1", "-p", "no:schemathesis", str(tmp_path)]
    run = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 failed, 2 passed" in run.stdout, run.stdout
    counts = {name: len((tmp_path / name).read_text()) for name in ("starved", "faulty", "pure")}
    assert counts == {"starved": 2, "faulty": 2, "pure": 1}
    named = run.stdout.partition("passed when run again")[2].partition("short test summary")[0]
    assert "test_starved" in named
    assert "nothing to eat" in named
    assert "no fire" in named
    assert "test_faulty" not in named

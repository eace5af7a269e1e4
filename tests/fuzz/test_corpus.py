"""Every entry that a fuzzer ever found worth keeping, run again without one."""

import pytest

from fuzz.target import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_committed_entries_keep_the_rules(target: Target) -> None:
    entries = list(target.entries())
    assert entries, f"{target.name} has no corpus"
    for entry in entries:
        try:
            target.check(entry.read_bytes())
        except Exception as error:
            error.add_note(f"python -m fuzz --target {target.name} --replay {entry}")
            raise


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_committed_entries_are_small(target: Target) -> None:
    assert all(entry.stat().st_size <= target.max_bytes for entry in target.entries())


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("entry", [b"", b"\0", b"\xff", b"\0" * 64, b"\xff" * 64])
def test_degenerate_entries_keep_the_rules(target: Target, entry: bytes) -> None:
    target.check(entry)

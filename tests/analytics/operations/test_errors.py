"""Trouble of the last hour: by kind, bounded, and without a word of anybody's."""

import ast
import asyncio
import logging
import threading
from pathlib import Path

import structlog
from hypothesis import given
from hypothesis import strategies as st

from analytics.operations.error_ring import OTHER, WINDOW_MS, ErrorRing
from config.log import configure_log
from config.log_errors import LIBRARY, LogErrors

ROOT = Path(__file__).parents[3]
PACKAGES = ("ingest", "packager", "distribution", "notify", "accounts", "analytics", "config")
# Functions that pass on a text which stands, as a constant, where they are called.
PASSED_ON = {"what", "event"}
AT_MS = 1_800_000_000_000


def test_errors_come_before_warnings_and_the_frequent_first() -> None:
    ring = ErrorRing()
    for level, kind, count in (("warning", "a", 9), ("error", "b", 1), ("error", "c", 2)):
        for _ in range(count):
            ring.note(level, kind, AT_MS)  # type: ignore[arg-type] # from the table above
    counts = ring.counts(AT_MS)
    assert [(each.kind, each.count) for each in counts] == [("c", 2), ("b", 1), ("a", 9)]
    assert ring.totals == {"warning": 9, "error": 3}


def test_what_is_older_than_an_hour_is_forgotten() -> None:
    ring = ErrorRing()
    ring.note("error", "old", AT_MS)
    ring.note("error", "both", AT_MS)
    ring.note("error", "both", AT_MS + WINDOW_MS)
    (left,) = ring.counts(AT_MS + WINDOW_MS)
    assert (left.kind, left.count, left.last_at_ms) == ("both", 1, AT_MS + WINDOW_MS)
    assert ring.totals["error"] == 3


@given(st.lists(st.tuples(st.text(max_size=200), st.integers(0, 10**8)), max_size=300))
def test_kinds_are_bounded_and_none_is_lost(lines: list[tuple[str, int]]) -> None:
    ring = ErrorRing(kinds=5)
    at_ms = AT_MS
    for kind, passed_ms in lines:
        at_ms += passed_ms
        ring.note("error", kind, at_ms)
        counts = ring.counts(at_ms)
        assert len(counts) <= 6
        assert all(len(each.kind) <= 100 for each in counts)
    assert ring.totals["error"] == len(lines)


def test_beyond_the_limit_kinds_are_others() -> None:
    ring = ErrorRing(kinds=2)
    for kind in ("a", "b", "c", "d"):
        ring.note("error", kind, AT_MS)
    assert {each.kind: each.count for each in ring.counts(AT_MS)} == {"a": 1, "b": 1, OTHER: 2}


async def test_the_log_is_counted_by_its_constant_texts() -> None:
    ring = ErrorRing()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configured = structlog.get_config()
    configure_log("info", "json")
    handler = LogErrors(ring, lambda: AT_MS)
    handler.begin(asyncio.get_running_loop())
    try:
        log = structlog.get_logger("accounts.mail")
        log.error("mail not sent", reason="the secret is 42", to="ada@example.org")
        log.info("mail sent")
        log.error("mail failed", exc_info=RuntimeError("the secret is 42"))
        logging.getLogger("asyncio").warning("the secret is %s", 42)
        thread = threading.Thread(target=lambda: log.error("from a thread"))
        thread.start()
        thread.join()
        await asyncio.sleep(0)
    finally:
        handler.end()
        root.handlers[:] = before
        root.setLevel(level)
        structlog.configure(**configured)
    kinds = {each.kind for each in ring.counts(AT_MS)}
    assert kinds == {
        "accounts.mail: mail not sent",
        "accounts.mail: mail failed",
        "accounts.mail: from a thread",
        f"asyncio: {LIBRARY}",
    }


def test_every_line_of_trouble_has_a_constant_text() -> None:
    """What is counted by kind is shown to administrators: no value may be in a text."""
    others = []
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not _is_trouble(node):
                    continue
                assert isinstance(node, ast.Call)
                said = node.args[0] if node.args else None
                is_constant = isinstance(said, ast.Constant) and isinstance(said.value, str)
                is_passed_on = isinstance(said, ast.Name) and said.id in PASSED_ON
                if not is_constant and not is_passed_on:
                    others.append(f"{file}:{node.lineno}")
    assert others == []


def _is_trouble(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"warning", "error", "exception", "critical"}
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and "log" in ast.unparse(node.func.value)
    )

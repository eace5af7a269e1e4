"""Second chance: a test with real parts that failed is run once more, and the report names it.

Browsers, databases and encoders share a machine with whatever else runs there, which may starve
them. A fault fails twice; what failed once stands at the end of the output with its cause.
"""

import gc
import sys
import warnings
from inspect import iscoroutinefunction
from typing import Final

import pytest
from _pytest.runner import runtestprotocol

# Programs, sockets and live shows, in the tests' own process too.
_FOLDERS: Final = (
    "tests/web/",
    "tests/e2e/",
    "tests/conformance/",
    "tests/distribution/",
    "tests/ingest/publisher/",
    "tests/accounts/",
    "tests/config/",
    "tests/bench/",
    "tests/demo/",
    "tests/support_tests/",
)
_DATABASES: Final = frozenset({"database", "database_url"})
_FIRST_FAILURE: Final = "failed the first time"
_TIMED_OUT: Final = "Timeout (>"  # pytest-timeout's word; its clock runs but once for each test


def has_real_parts(item: pytest.Item) -> bool:
    """Whether a test uses programs or servers that are not its own process, or an event loop.

    Limits of time end there what a machine that is held up makes late.
    """
    return (
        item.get_closest_marker("real") is not None
        or item.nodeid.startswith(_FOLDERS)
        or not _DATABASES.isdisjoint(getattr(item, "fixturenames", ()))
        or iscoroutinefunction(getattr(item, "obj", None))
    )


def run_twice_at_most(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test, again if it failed, and report the last run. For `pytest_runtest_protocol`."""
    hooks = item.ihook
    hooks.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    failures = [report.longreprtext for report in reports if report.failed]
    if failures and not any(_TIMED_OUT in failure for failure in failures):
        _let_go_of_the_failed()
        item._initrequest()  # type: ignore[attr-defined] # as pytest does before the first run
        _make_failed_fixtures_anew(item)
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        for report in reports:
            if report.failed:
                report.sections += [("the first time", failure) for failure in failures]
            elif report.when == "call":
                report.user_properties.append((_FIRST_FAILURE, failures[0]))
    if any(report.failed for report in reports):
        _let_go_of_the_failed()
    for report in reports:
        hooks.pytest_runtest_logreport(report=report)
    hooks.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def name_the_failed(reporter: pytest.TerminalReporter) -> None:
    """Say which tests passed only when they were run again, and why they failed before."""
    found = [
        (report.nodeid, text)
        for report in reporter.stats.get("passed", ())
        for name, text in report.user_properties
        if name == _FIRST_FAILURE
    ]
    if found:
        reporter.section("passed when run again")
    for nodeid, text in found:
        reporter.line(nodeid, yellow=True)
        reporter.line(text)


def _make_failed_fixtures_anew(item: pytest.Item) -> None:
    """Forget fixtures of modules and sessions that failed: pytest would fail with them again."""
    for found in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined] # as pytest finds them
        for fixture in found:
            if fixture.cached_result is not None and fixture.cached_result[2] is not None:
                fixture.finish(item._request)  # type: ignore[attr-defined]


def _let_go_of_the_failed() -> None:
    """Drop what the failed test has left open, before a warning of it fails another test."""
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)  # pytest keeps the test's frames there for debuggers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()

"""What every test process does before it runs anything, and around each test."""

import pytest
from hypothesis import HealthCheck, settings

from tests.support.normal_priority import keep_normal_priority
from tests.support.second_chance import has_real_parts, name_the_failed, run_twice_at_most

keep_normal_priority()
# No property is about speed, and a machine that is held up for a moment is no fault of one.
# A change is judged by the same input each time; `make properties` looks for new input.
settings.register_profile(
    "new-input",
    parent=settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "same-input", parent=settings.get_profile("new-input"), derandomize=True, database=None
)
settings.load_profile("same-input")


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Give what a busy machine starved a second chance."""
    return run_twice_at_most(item, nextitem) if has_real_parts(item) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name those that needed it."""
    name_the_failed(terminalreporter)

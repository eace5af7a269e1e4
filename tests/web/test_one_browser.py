"""All that opens a browser runs on one worker: two browsers would starve each other."""

import pytest

pytestmark = pytest.mark.xdist_group("browser")


def test_workers_know_the_group_of_a_test(request: pytest.FixtureRequest) -> None:
    # Without the suffix, groups are silently not heeded; alone, there are no workers to choose.
    if request.config.getoption("loadgroup", default=False):
        assert request.node.nodeid.endswith("@browser")

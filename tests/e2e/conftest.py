from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rillcast_server import RillcastServer, rillcast_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """One open server for the tests of a module; each test has a channel of its own."""
    with rillcast_server(Path(tmp_path_factory.mktemp("server")), "--open") as running:
        yield running

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from _pytest.runner import runtestprotocol
from playwright.async_api import Browser

from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import AudioSettings, Show, VideoSettings, make_show
from tests.web.chromium import chromium
from tests.web.people_house import House, people_house


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """One open server for the tests of a module; each test has a channel of its own."""
    with rillcast_server(Path(tmp_path_factory.mktemp("server")), "--open") as running:
        yield running


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One server with accounts for the pages of people; each test has people of its own."""
    with people_house(Path(tmp_path_factory.mktemp("house"))) as running:
        yield running


@pytest.fixture(scope="session")
def show() -> Show:
    """A small show in the codecs that every browser plays."""
    return make_show(VideoSettings(width_px=640, height_px=360), AudioSettings())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for the tests of a module; each test opens a page of its own."""
    async with chromium() as running:
        yield running


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Give a browser that a busy machine starved a second chance; a fault fails twice."""
    hooks = item.ihook
    hooks.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if any(report.failed for report in reports):
        item._initrequest()  # type: ignore[attr-defined]
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        hooks.pytest_runtest_logreport(report=report)
    hooks.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True

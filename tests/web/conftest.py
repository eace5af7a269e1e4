from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import AudioSettings, Show, VideoSettings, make_show
from tests.web.chromium import chromium
from tests.web.people_house import House, people_house
from tests.web.room_house import RoomHouse, room_house


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
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomHouse]:
    """One server for rooms and alerts; each test has a channel of its own."""
    with room_house(Path(tmp_path_factory.mktemp("rooms"))) as running:
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

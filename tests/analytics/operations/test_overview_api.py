"""Who may see how the server is, and that it says what is so."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from accounts.api.operation import Access, operations_of
from analytics.api.admin_overview import AdminOverviewResource
from tests.analytics.operations.still_server import still_watch
from tests.support.accounts_server import Person, accounts_server, signed_in, stream_key
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import (
    AudioSettings,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)

pytestmark = pytest.mark.real

# operation: what anonymous, a fan, the owner of a channel and an administrator get
TABLE = {
    "readOverview": ("/admin/overview", (401, 403, 403, 200)),
    "listPublishers": ("/admin/publishers", (401, 403, 403, 200)),
}
CALLERS = (None, "fay", "olga", "ada")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    with accounts_server(Path(tmp_path_factory.mktemp("watched"))) as running:
        yield running


@pytest.fixture(scope="module")
def show() -> Show:
    return make_show(VideoSettings(), AudioSettings())


async def read(person: Person, path: str) -> Any:
    status, body = await person.ask("GET", path)
    assert status == 200, body
    return body


async def pictures_of(person: Person, count: int) -> Any:
    """Return who is on air once so many have sent pictures."""
    async with asyncio.timeout(60):
        while True:
            found = await read(person, "/admin/publishers?sort=channel")
            if sum(each["width"] is not None for each in found["items"]) == count:
                return found
            await asyncio.sleep(0.2)


def test_the_table_has_every_operation() -> None:
    operations = operations_of(AdminOverviewResource(still_watch(), "0"))
    assert {each.operation_id for each in operations} == set(TABLE)
    assert all(each.access is Access.ADMIN and each.scope == "admin" for each in operations)


@pytest.mark.parametrize("operation", sorted(TABLE))
async def test_administrators_alone_see_it(server: RillcastServer, operation: str) -> None:
    path, expected = TABLE[operation]
    for caller, status in zip(CALLERS, expected, strict=True):
        if caller is None:
            async with (
                aiohttp.ClientSession(server.http_url) as session,
                session.get(f"/api/v1{path}") as response,
            ):
                assert response.status == status
        else:
            async with signed_in(server, caller) as person:
                assert (await person.ask("GET", path))[0] == status, caller


@pytest.mark.parametrize(
    "query", ["sort=loudest", "limit=0", "limit=101", "cursor=nonsense", "cursor=WzFd"]
)
async def test_what_makes_no_sense_is_refused(server: RillcastServer, query: str) -> None:
    async with signed_in(server, "ada") as ada:
        assert (await ada.ask("GET", f"/admin/publishers?{query}"))[0] == 422


async def test_the_overview_says_what_is_so(server: RillcastServer) -> None:
    async with signed_in(server, "ada") as ada:
        overview = await read(ada, "/admin/overview")
    assert overview["database"]["kind"] == "sqlite"
    assert overview["database"]["isAway"] is False
    assert overview["storage"]["databaseBytes"] > 0
    assert overview["storage"]["freeBytes"] <= overview["storage"]["totalBytes"]
    assert overview["process"]["memoryBytes"] > 10_000_000
    assert {each["kind"] for each in overview["connections"]} == {"http", "listeners", "rtmp"}
    assert all(each["waiting"] <= each["capacity"] for each in overview["queues"])
    kinds = {each["kind"] for each in overview["errors"]}
    assert "accounts.people: mails are written to a folder" in kinds
    assert str(server.data) not in str(overview)


async def test_who_is_on_air_is_listed_sorted_and_cut(server: RillcastServer, show: Show) -> None:
    async with signed_in(server, "ada") as ada, signed_in(server, "olga") as olga:
        keys = {"studio": stream_key(server)}
        for name in ("attic", "barn"):
            assert (await olga.ask("POST", "/channels", {"name": name}))[0] == 201
            keys[name] = stream_key(server, name)
        async with (
            RtmpPublisher(server.rtmp_url, keys["studio"]) as first,
            RtmpPublisher(server.rtmp_url, keys["attic"]) as second,
            RtmpPublisher(server.rtmp_url, keys["barn"]) as third,
        ):
            sending = [
                asyncio.create_task(each.send(show, realtime=True, duration_s=120))
                for each in (first, second, third)
            ]
            try:
                found = await pictures_of(ada, 3)
                assert [each["channel"] for each in found["items"]] == ["attic", "barn", "studio"]
                assert all(each["inBps"] > 0 for each in found["items"])
                assert {"H.264", "AAC"} == set(found["items"][0]["codecs"])
                page = await read(ada, "/admin/publishers?sort=channel&limit=2")
                rest = await read(
                    ada, f"/admin/publishers?sort=channel&limit=2&cursor={page['next']}"
                )
                shown = [each["channel"] for each in page["items"] + rest["items"]]
                assert shown == ["attic", "barn", "studio"]
                assert rest["next"] is None
                newest = await read(ada, "/admin/publishers?sort=since&limit=3")
                since = [each["since"] for each in newest["items"]]
                assert since == sorted(since, reverse=True)
                assert (await read(ada, "/admin/overview"))["publishers"] == 3
                assert (await ada.ask("POST", "/channels/attic/cut"))[0] == 204
                left = await read(ada, "/admin/publishers?sort=channel")
                assert [each["channel"] for each in left["items"]] == ["barn", "studio"]
            finally:
                for task in sending:
                    task.cancel()
                await asyncio.gather(*sending, return_exceptions=True)

"""Who may make, see and cancel tests of a channel's set-up; and what the API says of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from analytics.api.preflight import PreflightResource
from analytics.preflight.settings import PreflightSettings
from config.figures_access import ChannelFiguresAccess
from tests.accounts.channels.channel_server import ChannelServer, channel_server
from tests.accounts.channels.world import OWNER, World
from tests.analytics.preflight.trial_house import TrialHouse

# Anonymous, another account, a moderator, the owner and an administrator, as they are named by
# the tests of channels.
CALLERS = (None, "OTHER", "FAN", "OWNER", "ADMIN")
OPEN = (401, 403, 403, 200, 200)
SHUT = (401, 404, 403, 200, 200)


@pytest.fixture
async def house(world: World) -> TrialHouse:
    made = TrialHouse(world, (await world.channel("open")).id, PreflightSettings(measure_s=10))
    await world.channel("shut", OWNER, visibility="private")
    for name in ("open", "shut"):
        await world.moderators.put(name, OWNER, "acc_FAN")
    return made


@pytest.fixture
async def server(house: TrialHouse, tmp_path: Path) -> AsyncIterator[ChannelServer]:
    world = house.world
    resource = PreflightResource(
        house.trials,
        ChannelFiguresAccess(world.context),
        world.clock,
        needed_ms=10_000,
        servers_for=lambda host: (f"rtmp://{host}/live",),
    )
    async with channel_server(world, tmp_path / "pictures", [resource]) as made:
        yield made


@pytest.mark.parametrize(("channel", "expected"), [("open", OPEN), ("shut", SHUT)])
async def test_only_the_owner_and_administrators_have_to_do_with_tests(
    server: ChannelServer, channel: str, expected: tuple[int, ...]
) -> None:
    for caller, status in zip(CALLERS, expected, strict=True):
        made = await server.ask("POST", f"/channels/{channel}/tests", "OWNER")
        assert made.status == 201
        path = f"/channels/{channel}/tests/{made.body['id']}"
        tried = await server.ask("POST", f"/channels/{channel}/tests", caller)
        assert tried.status == (201 if status == 200 else status), caller
        for read in (f"/channels/{channel}/tests", path):
            assert (await server.ask("GET", read, caller)).status == status, caller
        gone = await server.ask("DELETE", path, caller)
        assert gone.status == (204 if status == 200 else status), caller
        for each in (await server.ask("GET", f"/channels/{channel}/tests", "OWNER")).body["items"]:
            await server.ask("DELETE", f"/channels/{channel}/tests/{each['id']}", "OWNER")


async def test_a_token_reads_or_writes_as_its_scopes_say(server: ChannelServer) -> None:
    reads, writes = "OWNER:channels:read", "OWNER:channels:write"
    assert (await server.ask("POST", "/channels/open/tests", reads)).status == 403
    made = await server.ask("POST", "/channels/open/tests", writes)
    assert made.status == 201
    path = f"/channels/open/tests/{made.body['id']}"
    assert (await server.ask("GET", path, writes)).status == 403
    assert (await server.ask("GET", path, reads)).status == 200
    assert (await server.ask("DELETE", path, reads)).status == 403


async def test_a_key_is_shown_once_and_never_stored_as_an_answer(server: ChannelServer) -> None:
    headers = {"Idempotency-Key": "0123456789abcdef"}
    made = await server.ask("POST", "/channels/open/tests", "OWNER", headers=headers)
    assert made.body["key"].startswith(made.body["start"])
    assert made.headers["Location"] == f"/api/v1/channels/open/tests/{made.body['id']}"
    assert made.headers["Cache-Control"] == "no-store"
    again = await server.ask("POST", "/channels/open/tests", "OWNER", headers=headers)
    assert (again.status, again.body["code"]) == (409, "already-created")
    for path in ("/channels/open/tests", f"/channels/open/tests/{made.body['id']}"):
        assert made.body["key"] not in (await server.ask("GET", path, "OWNER")).text


async def test_a_test_is_waiting_then_receiving_then_graded(
    server: ChannelServer, house: TrialHouse
) -> None:
    made = (await server.ask("POST", "/channels/open/tests", "OWNER")).body
    assert (made["state"], made["mediaMs"], made["report"]) == ("waiting", 0, None)
    assert made["servers"] == [f"rtmp://{server.session._base_url.authority}/live"]  # type: ignore[union-attr]
    path = f"/channels/open/tests/{made['id']}"
    run = house.begin(made["id"])
    await house.desk.save(house.publish(run, 6.0))
    seen = (await server.ask("GET", path, "OWNER")).body
    assert (seen["state"], seen["encoder"], seen["endedAt"]) == ("receiving", "OBS", None)
    assert 5_000 <= seen["mediaMs"] <= seen["neededMs"]
    await house.desk.save(house.publish(run, 11.0))
    graded = (await server.ask("GET", path, "OWNER")).body
    assert graded["state"] == "graded"
    assert graded["report"]["grade"]["letter"] in "ABCDEF"
    assert graded["report"]["video"]["widthPx"] == 1920
    assert (await server.ask("GET", "/channels/open/tests", "OWNER")).body["items"] == [graded]


async def test_too_many_open_tests_are_refused_with_what_to_do(server: ChannelServer) -> None:
    for _ in range(3):
        assert (await server.ask("POST", "/channels/open/tests", "OWNER")).status == 201
    refused = await server.ask("POST", "/channels/open/tests", "OWNER")
    assert (refused.status, refused.body["code"]) == (409, "limit-reached")
    assert "Cancel one" in refused.body["detail"]


async def test_making_tests_is_bounded_for_each_account(server: ChannelServer) -> None:
    statuses = []
    for _ in range(12):
        made = await server.ask("POST", "/channels/open/tests", "OWNER")
        statuses.append(made.status)
        if made.status == 201:
            await server.ask("DELETE", f"/channels/open/tests/{made.body['id']}", "OWNER")
    assert statuses[:10] == [201] * 10
    assert statuses[-1] == 429

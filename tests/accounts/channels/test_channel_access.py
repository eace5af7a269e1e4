"""Every operation on channels, tried by everybody: what each may do, written down once.

The table has one line for each operation that the API declares; one that is missing here fails.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from accounts.api.operation import Access
from accounts.channels.live_fact import LiveEnded, LiveStarted
from accounts.channels.sight import Asker
from accounts.storage import Database
from tests.accounts.channels.channel_server import ChannelServer, channel_server
from tests.accounts.channels.world import OWNER, World
from tests.support.postgresql import PostgresServer

# What anonymous, another account, a moderator, the owner and an administrator get of the public
# channel "open" and of the private channel "shut". "edit": with an ETag that is not the thing's.
EVERYBODY = (200, 200, 200, 200, 200)
SIGNED_IN = (401, 200, 200, 200, 200)
SIGNED_IN_NOTHING = (401, 204, 204, 204, 204)
OWNERS = (401, 403, 403, 200, 200)
PEOPLES = (401, 403, 200, 200, 200)
HIDDEN_OWNERS = (401, 404, 403, 200, 200)
HIDDEN_PEOPLES = (401, 404, 200, 200, 200)
ADMINS = (401, 403, 403, 403, 200)


def done(expected: tuple[int, ...], status: int) -> tuple[int, ...]:
    """The same, where success is another status."""
    return tuple(status if each == 200 else each for each in expected)


# operation: (path, body, expected on open, expected on shut)
TABLE: dict[str, tuple[str, Any, tuple[int, ...], tuple[int, ...] | None]] = {
    "createChannel": ("", {"name": "api"}, done(SIGNED_IN, 422), None),
    "listMyChannels": ("", None, SIGNED_IN, None),
    "getChannel": ("", None, EVERYBODY, (404, 404, 200, 200, 200)),
    "editChannel": ("", {"title": "x"}, done(OWNERS, 412), done(HIDDEN_OWNERS, 412)),
    "deleteChannel": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "putArtwork": ("", b"x", done(OWNERS, 422), done(HIDDEN_OWNERS, 422)),
    "deleteArtwork": ("", None, done(OWNERS, 412), done(HIDDEN_OWNERS, 412)),
    "listKeys": ("", None, OWNERS, HIDDEN_OWNERS),
    "createKey": ("", {"name": "k"}, done(OWNERS, 201), done(HIDDEN_OWNERS, 201)),
    "getKey": ("", None, OWNERS, HIDDEN_OWNERS),
    "renameKey": ("", {"name": "k"}, done(OWNERS, 412), done(HIDDEN_OWNERS, 412)),
    "rotateKey": ("", None, OWNERS, HIDDEN_OWNERS),
    "revokeKey": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "getFollow": ("", None, done(SIGNED_IN, 404), done(SIGNED_IN, 404)),
    "putFollow": ("", {}, (401, 200, 200, 403, 200), (401, 404, 200, 403, 200)),
    "deleteFollow": ("", None, SIGNED_IN_NOTHING, (401, 404, 204, 204, 204)),
    "listFollowers": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "listFollowing": ("", None, SIGNED_IN, None),
    "listBlocks": ("", None, SIGNED_IN, None),
    "putBlock": ("", None, SIGNED_IN_NOTHING, None),
    "deleteBlock": ("", None, SIGNED_IN_NOTHING, None),
    "listModerators": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "putModerator": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "deleteModerator": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "listModeratedChannels": ("", None, SIGNED_IN, None),
    "listViewerBans": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "putViewerBan": ("", {}, PEOPLES, HIDDEN_PEOPLES),
    "deleteViewerBan": ("", None, done(PEOPLES, 204), done(HIDDEN_PEOPLES, 204)),
    "listBroadcasts": ("", None, EVERYBODY, (404, 404, 200, 200, 200)),
    "getBroadcast": ("", None, EVERYBODY, (404, 404, 200, 200, 200)),
    "deleteBroadcast": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "listLive": ("", None, EVERYBODY, None),
    "listRecent": ("", None, EVERYBODY, None),
    "listChannels": ("", None, EVERYBODY, None),
    "listCategories": ("", None, EVERYBODY, None),
    "searchChannels": ("?q=a", None, EVERYBODY, None),
    "searchBroadcasts": ("?q=a", None, EVERYBODY, None),
    "askPlayback": ("", {}, EVERYBODY, (404, 404, 200, 200, 200)),
    "listLinks": ("", None, OWNERS, HIDDEN_OWNERS),
    "createLink": ("", {"name": "l"}, done(OWNERS, 201), done(HIDDEN_OWNERS, 201)),
    "revokeLink": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "listAllChannels": ("", None, ADMINS, None),
    "banChannel": ("", {}, ADMINS, ADMINS),
    "unbanChannel": ("", None, done(ADMINS, 204), done(ADMINS, 204)),
    "cutStream": ("", None, done(OWNERS, 404), done(HIDDEN_OWNERS, 404)),
}
CALLERS = (None, "OTHER", "FAN", "OWNER", "ADMIN")  # Fay moderates


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """The rules are the same on both, which others test."""
    return sqlite_model


@pytest.fixture
async def server(database: Database, tmp_path: Path) -> AsyncIterator[ChannelServer]:
    world = World(database)
    await world.populate()
    async with channel_server(world, tmp_path / "pictures") as made:
        yield made


async def _furnish(server: ChannelServer, turn: int) -> dict[str, dict[str, str]]:
    """Two channels of this turn's own, with everything that an operation can be about."""
    world, things = server.world, {}
    for kind, visibility in (("open", "public"), ("shut", "private")):
        name = f"{kind}{turn}"
        await world.channel(name, OWNER, visibility=visibility)
        await world.moderators.put(name, OWNER, "acc_FAN")
        key, _ = await world.keys.create(name, OWNER, "k")
        link, _ = await world.playback.create_link(name, OWNER, "l", 3600)
        await world.recorder.write(LiveStarted(channel=name, epoch="e", at_ms=world.now_ms))
        await world.recorder.write(LiveEnded(channel=name, epoch="e", at_ms=world.now_ms))
        (broadcast,) = (await world.broadcasts.of_channel(name, OWNER, None, 1)).items
        things[kind] = {
            "channel": name,
            "key": key.id,
            "link": link.id,
            "broadcast": broadcast.id,
            "account": "acc_THIRD",
        }
    return things


async def test_every_operation_does_for_everybody_what_the_table_says(
    server: ChannelServer,
) -> None:
    operations = {each.operation_id: each for each in server.api.operations}
    assert set(operations) == set(TABLE)
    await server.world.add_person("acc_THIRD", "Third")
    wrong = []
    turn = 0
    for operation_id, (query, body, on_open, on_shut) in TABLE.items():
        operation = operations[operation_id]
        for place, caller in enumerate(CALLERS):
            turn += 1
            things = await _furnish(server, turn)
            for kind, expected in (("open", on_open), ("shut", on_shut)):
                if expected is None:
                    continue
                path = operation.path.format(**things[kind]) + query
                headers = {"If-Match": '"0-none"'} if operation.edits else {}
                more: dict[str, Any] = {"json": body}
                if isinstance(body, bytes):
                    more = {"data": body}
                    headers["Content-Type"] = "image/png"
                reply = await server.ask(operation.method, path, caller, headers=headers, **more)
                if reply.status != expected[place]:
                    wrong.append((operation_id, kind, caller, expected[place], reply.status))
                if expected[place] == 404:
                    assert things[kind]["channel"] not in reply.text
            for name in ("open", "shut"):  # an account has few channels at a time
                await server.ask("DELETE", f"/channels/{things[name]['channel']}", "OWNER")
    assert wrong == []


async def test_what_is_of_one_channel_is_not_reached_through_another(
    server: ChannelServer,
) -> None:
    things = (await _furnish(server, 1))["shut"]
    await server.world.channel("mine", Asker("acc_OTHER"))
    for method, path in (
        ("GET", f"/channels/mine/keys/{things['key']}"),
        ("POST", f"/channels/mine/keys/{things['key']}/rotate"),
        ("DELETE", f"/channels/mine/keys/{things['key']}"),
        ("DELETE", f"/channels/mine/links/{things['link']}"),
        ("GET", f"/broadcasts/{things['broadcast']}"),
        ("DELETE", f"/broadcasts/{things['broadcast']}"),
    ):
        reply = await server.ask(method, path, "OTHER")
        assert reply.status == 404, path
    assert len(await server.world.keys.of_channel(things["channel"], OWNER)) == 1


@pytest.mark.parametrize(
    "scope",
    ["profile:read", "channels:read", "channels:write", "follows:read", "follows:write", "admin"],
)
async def test_a_personal_token_does_nothing_beyond_its_scope(
    server: ChannelServer, scope: str
) -> None:
    things = await _furnish(server, 1)
    for operation in server.api.operations:
        if operation.scope in {None, scope}:
            continue
        path, hidden_path = (operation.path.format(**things[kind]) for kind in ("open", "shut"))
        headers = {"If-Match": '"0-none"'} if operation.edits else {}
        for caller in (f"OWNER:{scope}", f"ADMIN:{scope}"):
            if operation.access is Access.ADMIN and caller.startswith("OWNER"):
                continue
            reply = await server.ask(operation.method, path, caller, {}, headers=headers)
            if operation.access is not Access.ANYBODY:
                assert (reply.status, reply.body["code"]) == (403, "scope-missing"), path
                continue
            assert reply.status == 200, path  # as for who sends no token at all
            hidden = await server.ask(operation.method, hidden_path, caller, {})
            assert (hidden.status, hidden.body["code"]) == (404, "not-found"), hidden_path


async def test_what_anybody_may_see_is_shown_to_a_token_as_its_scopes_say(
    server: ChannelServer,
) -> None:
    things = (await _furnish(server, 1))["shut"]
    shown = set()
    for operation in server.api.operations:
        if operation.access is not Access.ANYBODY or "{" not in operation.path:
            continue
        path = operation.path.format(**things)
        reply = await server.ask(operation.method, path, "OWNER:channels:read", {})
        assert reply.status == 200, path
        shown.add(operation.operation_id)
    assert shown == {"getChannel", "askPlayback", "listBroadcasts", "getBroadcast"}


async def test_what_anybody_can_have_computed_has_a_limit_of_its_own(
    server: ChannelServer,
) -> None:
    for operation in server.api.operations:
        if operation.path.startswith(("/directory/", "/search/")):
            assert operation.throttle is not None, operation.path
            assert operation.throttle.per_minute <= 600

"""What the API tells of viewers, and whom it tells."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from accounts.api.model import utc_text
from accounts.api.service import RestApi
from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.channels.visibility import Visibility
from accounts.settings import AccountsSettings, ApiSettings
from analytics.api.history import HistoryResource
from analytics.history.horizon import LATE_MS
from analytics.history.rollup import Spell
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS
from config.figures_access import ChannelFiguresAccess
from tests.accounts.channels.channel_server import NameAuthenticator, Reply
from tests.accounts.channels.world import OTHER, OWNER, World, any_revision
from tests.analytics.history.counted_channel import MIDNIGHT, CountedChannel, counted_channel

BEGAN = MIDNIGHT + 20_000
ENDED = BEGAN + 30 * MINUTE_MS


@dataclass
class HistoryServer:
    """The API over one counted channel."""

    counted: CountedChannel
    broadcast_id: str
    session: aiohttp.ClientSession

    async def ask(self, path: str, as_: str | None = "OWNER") -> Reply:
        """Read something below /api/v1."""
        headers = {} if as_ is None else {"Authorization": f"Bearer {as_}"}
        async with self.session.get(f"/api/v1{path}", headers=headers) as response:
            text = await response.text()
            is_json = response.content_type.endswith("json")
            body = await response.json(content_type=None) if is_json else None
            return Reply(response.status, response.headers, body, text)


@asynccontextmanager
async def serving(world: World, resource: object) -> AsyncIterator[aiohttp.ClientSession]:
    settings = AccountsSettings(
        enabled=True, api=ApiSettings(burst=100_000, per_minute=1_000_000, shared_s=0)
    )
    api = RestApi([resource], world.database, NameAuthenticator(), settings, world.clock)
    application = web.Application()
    api.add_to(application)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield session
    finally:
        await api.close()
        await runner.cleanup()


@pytest.fixture
async def server(world: World) -> AsyncIterator[HistoryServer]:
    """Half an hour on air: one stays, two leave after ten minutes, and ten write at once."""
    counted = await counted_channel(world)
    await world.moderators.put("studio", OWNER, "acc_FAN")
    broadcast_id = await counted.broadcast(BEGAN, ENDED)
    await counted.watch(
        [
            Spell("s1", "v1", "video", BEGAN, ENDED),
            Spell("s2", "v2", "video", BEGAN, BEGAN + 10 * MINUTE_MS),
            Spell("s3", "v3", "audio", BEGAN, BEGAN + 10 * MINUTE_MS),
        ]
    )
    await counted.say(BEGAN + 20 * MINUTE_MS, 10, broadcast_id)
    world.now_ms = BEGAN + MINUTE_MS
    await world.follows.put("studio", OTHER, Level.LIVE)
    world.now_ms = ENDED + LATE_MS + MINUTE_MS
    await counted.mark(world.now_ms)
    await counted.keeper.look()
    resource = HistoryResource(counted.history, ChannelFiguresAccess(world.context), world.clock)
    async with serving(world, resource) as session:
        yield HistoryServer(counted, broadcast_id, session)


def viewers_path(from_ms: int, to_ms: int, step: str, kind: str = "viewers") -> str:
    return (
        f"/channels/studio/analytics/{kind}"
        f"?from={utc_text(from_ms)}&to={utc_text(to_ms)}&step={step}"
    )


async def test_minutes_are_told_with_chat_and_followers_on_one_axis(server: HistoryServer) -> None:
    reply = await server.ask(viewers_path(MIDNIGHT, MIDNIGHT + HOUR_MS, "minute"))
    assert reply.status == 200, reply.text
    body = reply.body
    assert (body["since"], body["until"]) == (utc_text(MIDNIGHT), utc_text(MIDNIGHT + HOUR_MS))
    assert (body["step"], body["stepMs"], body["followers"]) == ("minute", MINUTE_MS, 1)
    points = {point["at"]: point for point in body["points"]}
    assert len(points) == 31
    assert points[utc_text(MIDNIGHT)] == {
        "at": utc_text(MIDNIGHT),
        "mean": 3.0,
        "peak": 3,
        "started": 3,
        "unique": 3,
        "watchMs": 3 * 40_000,
        "messages": 0,
        "followersGained": 0,
        "followersLost": 0,
    }
    assert points[utc_text(MIDNIGHT + MINUTE_MS)]["followersGained"] == 1
    assert points[utc_text(MIDNIGHT + 20 * MINUTE_MS)]["messages"] == 10
    assert body["totals"] == {
        "watchMs": 50 * MINUTE_MS,
        "mean": 1.67,
        "peak": 3,
        "sessions": 3,
        "unique": 3,
        "messages": 10,
        "followersGained": 1,
        "followersLost": 0,
        "renditions": {"video": 40 * MINUTE_MS, "audio": 10 * MINUTE_MS},
    }
    (title,) = body["titles"]
    assert (title["broadcast"], title["title"]) == (server.broadcast_id, "studio")
    assert body["broadcasts"] == [
        {"id": server.broadcast_id, "startedAt": utc_text(BEGAN), "endedAt": utc_text(ENDED)}
    ]
    assert body["computedUntil"] is not None


@pytest.mark.parametrize("step", ["hour", "day"])
async def test_longer_steps_tell_the_same_in_one_point(server: HistoryServer, step: str) -> None:
    reply = await server.ask(viewers_path(MIDNIGHT, MIDNIGHT + HOUR_MS, step))
    (point,) = reply.body["points"]
    assert (point["mean"], point["peak"], point["unique"]) == (1.67, 3, 3)
    assert (point["watchMs"], point["messages"], point["followersGained"]) == (
        50 * MINUTE_MS,
        10,
        1,
    )
    assert reply.body["totals"]["watchMs"] == 50 * MINUTE_MS


async def test_a_broadcast_is_told_with_curve_moments_and_what_it_is_compared_with(
    server: HistoryServer,
) -> None:
    reply = await server.ask(f"/broadcasts/{server.broadcast_id}/analytics")
    assert reply.status == 200, reply.text
    body = reply.body
    figures = {
        "peak": 3,
        "mean": 1.67,
        "watchMs": 50 * MINUTE_MS,
        "unique": 3,
        "sessions": 3,
        "watchMsPerViewer": 50 * MINUTE_MS // 3,
        "messages": 10,
        "followersGained": 1,
        "followersLost": 0,
        "durationMs": 30 * MINUTE_MS,
        "isFinal": True,
    }
    assert {name: body["broadcast"][name] for name in figures} == figures
    assert body["earlier"] is None
    assert body["stepMs"] == MINUTE_MS
    assert len(body["timeline"]) == len(body["retention"]) == 31
    assert body["timeline"][0]["offsetMs"] == -20_000
    present = [point["present"] for point in body["retention"]]
    assert (present[0], present[10], present[11], present[30]) == (1.0, 1.0, 0.3333, 0.3333)
    stayed = [point["stayed"] for point in body["retention"]]
    assert (stayed[10], stayed[11], stayed[30]) == (1.0, 0.3333, 0.3333)
    (moment,) = body["moments"]
    assert (moment["reason"], moment["messages"]) == ("chat", 10)
    assert 20 * MINUTE_MS - 45_000 <= moment["mediaTimeMs"] <= 20 * MINUTE_MS
    assert len(body["titles"]) == 1


async def test_broadcasts_are_compared_page_by_page(server: HistoryServer) -> None:
    counted, world = server.counted, server.counted.world
    for number in range(1, 4):
        began_ms = MIDNIGHT + number * HOUR_MS
        await counted.broadcast(began_ms, began_ms + 10 * MINUTE_MS)
        await counted.watch([Spell(f"t{number}", "v9", "video", began_ms, began_ms + MINUTE_MS)])
    await counted.mark(MIDNIGHT + 5 * HOUR_MS)
    world.now_ms = MIDNIGHT + 5 * HOUR_MS
    await counted.keeper.look()
    first = await server.ask("/channels/studio/analytics/broadcasts?limit=3")
    assert [each["watchMs"] for each in first.body["items"]] == [MINUTE_MS] * 3
    rest = await server.ask(f"/channels/studio/analytics/broadcasts?cursor={first.body['next']}")
    assert [each["id"] for each in rest.body["items"]] == [server.broadcast_id]
    assert rest.body["next"] is None
    newest = first.body["items"][0]["id"]
    earlier = (await server.ask(f"/broadcasts/{newest}/analytics")).body["earlier"]
    assert (earlier["count"], earlier["peak"]) == (3, 1.67)


async def test_the_table_for_spreadsheets_holds_the_same_points(server: HistoryServer) -> None:
    path = viewers_path(MIDNIGHT, MIDNIGHT + HOUR_MS, "minute", "viewers.csv")
    reply = await server.ask(path)
    assert reply.status == 200, reply.text
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert reply.headers["Content-Disposition"] == (
        'attachment; filename="studio-viewers-by-minute.csv"'
    )
    assert reply.headers["Cache-Control"] == "private, no-store"
    lines = list(csv.DictReader(io.StringIO(reply.text, newline="")))
    points = (await server.ask(viewers_path(MIDNIGHT, MIDNIGHT + HOUR_MS, "minute"))).body["points"]
    assert [line["at"] for line in lines] == [point["at"] for point in points]
    assert [int(line["peak_viewers"]) for line in lines] == [point["peak"] for point in points]
    assert {line["title"] for line in lines} == {"studio"}


PATHS = (
    "/channels/studio/analytics/viewers",
    "/channels/studio/analytics/viewers.csv",
    "/channels/studio/analytics/broadcasts",
    "/broadcasts/{broadcast}/analytics",
)


# What each gets of a public channel and of a private one.
CALLERS: dict[str | None, tuple[int, int]] = {
    None: (401, 401),
    "OTHER": (403, 404),
    "FAN": (200, 200),  # moderates
    "OWNER": (200, 200),
    "ADMIN": (200, 200),
    "OWNER:channels:read": (200, 200),
    "OWNER:follows:read": (403, 403),
    "ADMIN:channels:read": (403, 404),  # a token without an administrator's powers
}


async def test_figures_are_for_who_runs_the_channel_alone(server: HistoryServer) -> None:
    paths = [path.format(broadcast=server.broadcast_id) for path in PATHS]
    for place, visibility in enumerate((Visibility.PUBLIC, Visibility.PRIVATE)):
        edit = ChannelEdit(visibility=visibility)
        await server.counted.world.channels.edit("studio", OWNER, edit, any_revision)
        for caller, expected in CALLERS.items():
            got = [(await server.ask(path, caller)).status for path in paths]
            assert got == [expected[place]] * len(paths), (caller, visibility)


async def test_what_is_not_there_is_not_found(server: HistoryServer) -> None:
    for path in (
        "/channels/nobody/analytics/viewers",
        "/channels/nobody/analytics/viewers.csv",
        "/channels/nobody/analytics/broadcasts",
        "/broadcasts/brc_NONE/analytics",
    ):
        assert (await server.ask(path)).status == 404


async def test_who_moderates_no_more_sees_no_figures(server: HistoryServer) -> None:
    await server.counted.world.moderators.remove("studio", OWNER, "acc_FAN")
    assert (await server.ask("/channels/studio/analytics/viewers", "FAN")).status == 403


UNANSWERABLE = (
    ("step=week", "?step", "minute"),
    ("from=yesterday", "?from", "expected a moment such as"),
    ("from=2026-13-01T00:00:00Z", "?from", "expected a moment such as"),
    ("to=1900-01-01T00:00:00Z", "?to", "expected a moment of the years 1970"),
    ("to=9999-12-31T23:59:59Z", "?to", "to 2199"),
    ("from=2030-01-01T00:00:00Z", "?from", "before the end"),
    (
        "from=2026-01-01T00:00:00Z&to=2026-01-04T00:00:00Z&step=minute",
        "?from",
        "expected at most 2 days in steps of a minute, got 3.0",
    ),
    ("from=2020-01-01T00:00:00Z&to=2026-01-04T00:00:00Z&step=day", "?from", "732 days"),
    ("zoom=1", "?zoom", "unknown"),
)


async def test_what_cannot_be_answered_says_what_was_expected(server: HistoryServer) -> None:
    for query, path, text in UNANSWERABLE:
        for kind in ("viewers", "viewers.csv"):
            reply = await server.ask(f"/channels/studio/analytics/{kind}?{query}")
            assert (reply.status, reply.body["code"]) == (422, "invalid"), query
            (error,) = reply.body["errors"]
            assert error["path"] == path, query
            assert text in error["text"]


async def test_offsets_of_other_places_are_understood(server: HistoryServer) -> None:
    for zone in ("%2B02:00", " 02:00"):
        reply = await server.ask(
            "/channels/studio/analytics/viewers?step=hour"
            f"&from=2027-01-15T10:00:00{zone}&to=2027-01-15T12:00:00{zone}"
        )
        assert reply.body["since"] == "2027-01-15T08:00:00.000Z"


async def test_a_channel_without_any_figures_is_empty(server: HistoryServer) -> None:
    await server.counted.world.channel("quiet")
    body: Any = (await server.ask("/channels/quiet/analytics/viewers")).body
    assert (body["points"], body["titles"], body["broadcasts"]) == ([], [], [])
    assert body["totals"]["watchMs"] == 0
    assert (await server.ask("/channels/quiet/analytics/broadcasts")).body["items"] == []
    table = await server.ask("/channels/quiet/analytics/viewers.csv?step=day")
    assert len(table.text.splitlines()) == 1


async def test_a_broadcast_that_has_just_begun_has_no_curve_yet(server: HistoryServer) -> None:
    broadcast_id = await server.counted.broadcast(MIDNIGHT + DAY_MS, None)
    body: Any = (await server.ask(f"/broadcasts/{broadcast_id}/analytics")).body
    assert (body["timeline"], body["retention"], body["moments"]) == ([], [], [])
    assert (body["broadcast"]["isFinal"], body["earlier"]["count"]) == (False, 1)


async def test_means_of_what_goes_on_are_of_the_time_that_is_counted(
    server: HistoryServer,
) -> None:
    counted, began_ms = server.counted, MIDNIGHT + DAY_MS
    broadcast_id = await counted.broadcast(began_ms, None)
    await counted.watch([Spell("on", "v", "video", began_ms, began_ms)], is_open=True)
    await counted.mark(began_ms + 2 * MINUTE_MS)
    await counted.keeper.look()
    counted.world.now_ms = began_ms + 2 * MINUTE_MS + 50_000  # counted in ten seconds
    await counted.world.recorder.say_alive()
    broadcast: Any = (await server.ask(f"/broadcasts/{broadcast_id}/analytics")).body["broadcast"]
    assert (broadcast["mean"], broadcast["durationMs"]) == (1.0, 2 * MINUTE_MS + 50_000)
    path = viewers_path(began_ms, began_ms + HOUR_MS, "hour")
    body: Any = (await server.ask(path)).body
    assert (body["totals"]["mean"], body["points"][0]["mean"]) == (1.0, 1.0)

"""Recommendations over the API: to each their own, and nothing for who opts out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.channels.tables import channels
from analytics.api.recommendations import RecommendationsResource
from analytics.recommendations.recommendations import Recommendations
from analytics.recommendations.settings import RecommendationsSettings
from analytics.recommendations.tables import watched
from analytics.recommendations.watch_history import DAY_MS, WatchHistory
from config.channel_belongings import ChannelBelongings
from config.channel_catalogue import ChannelCatalogue
from tests.accounts.channels.channel_server import ChannelServer, channel_server
from tests.accounts.channels.world import FAN, START_MS, World

MINUTE_MS = 60_000


@pytest.fixture
def history(world: World) -> WatchHistory:
    return WatchHistory(world.database, world.clock, RecommendationsSettings())


@pytest.fixture
async def served(
    world: World, history: WatchHistory, tmp_path: Path
) -> AsyncIterator[ChannelServer]:
    catalogue = ChannelCatalogue(world.context)
    resource = RecommendationsResource(Recommendations(history, catalogue), history, catalogue)
    async with channel_server(world, tmp_path, [resource]) as server:
        yield server


async def on_air(world: World, name: str, owner: str = "acc_OWNER", **edit: object) -> str:
    """Make a channel that is live; return its id."""
    made = await world.channels.create(owner, name, ChannelEdit(**edit))  # type: ignore[arg-type]
    async with world.database.writing() as connection:
        await connection.execute(
            update(channels).where(channels.c.id == made.id).values(live_since_ms=START_MS)
        )
    return made.id


async def recommended(served: ChannelServer, as_: str = "FAN") -> list[tuple[str, str, str | None]]:
    reply = await served.ask("GET", "/me/recommendations", as_)
    assert reply.status == 200, reply.text
    return [
        (each["channel"]["name"], each["reason"], each["subject"]) for each in reply.body["items"]
    ]


async def test_what_somebody_watches_and_follows_orders_what_is_live(
    served: ChannelServer, world: World
) -> None:
    await on_air(world, "chess", category="gaming")
    await on_air(world, "racing", category="gaming")
    await on_air(world, "painting", category="art")
    await on_air(world, "piano", category="music")
    assert {reason for _, reason, _ in await recommended(served)} == {"popular"}
    for _ in range(3):
        noted = await served.ask(
            "POST", "/me/watch-history", "FAN", {"channel": "chess", "watchedMs": 2 * MINUTE_MS}
        )
        assert noted.status == 204, noted.text
    await world.follows.put("piano", FAN, Level.ALL)
    found = await recommended(served)
    assert found[:3] == [
        ("piano", "followed", None),
        ("chess", "watched", None),
        ("racing", "category", "gaming"),
    ]
    assert {reason for _, reason, _ in await recommended(served, "OTHER")} == {"popular"}


async def test_only_what_one_may_watch_and_does_not_own_is_recommended(
    served: ChannelServer, world: World
) -> None:
    await on_air(world, "open")
    await on_air(world, "secret", visibility="private")
    await on_air(world, "quiet", visibility="unlisted")
    await on_air(world, "club", visibility="followers")
    await on_air(world, "own", owner="acc_FAN")
    await on_air(world, "grown-up", is_mature=True)
    await on_air(world, "blocker", owner="acc_OTHER")
    await world.blocks.put("acc_OTHER", "acc_FAN")
    assert [name for name, _, _ in await recommended(served)] == ["open"]


async def test_nothing_is_remembered_of_what_one_may_not_watch(
    served: ChannelServer, world: World, history: WatchHistory
) -> None:
    await on_air(world, "secret", visibility="private")
    await world.channels.create("acc_OWNER", "offline", ChannelEdit())
    for name in ("secret", "offline", "nowhere"):
        reply = await served.ask(
            "POST", "/me/watch-history", "FAN", {"channel": name, "watchedMs": MINUTE_MS}
        )
        assert reply.status == 204
    assert await history.of("acc_FAN") == []


@pytest.mark.parametrize("watched_ms", [0, -1, 120_001, "1"])
async def test_who_says_nonsense_is_told(served: ChannelServer, watched_ms: object) -> None:
    body = {"channel": "chess", "watchedMs": watched_ms}
    reply = await served.ask("POST", "/me/watch-history", "FAN", body)
    assert reply.status == 422, reply.text


async def test_opting_out_forgets_and_stops(served: ChannelServer, world: World) -> None:
    await on_air(world, "chess")
    note = {"channel": "chess", "watchedMs": MINUTE_MS}
    await served.ask("POST", "/me/watch-history", "FAN", note)
    settings = "/me/recommendations/settings"
    off = await served.ask("PUT", settings, "FAN", {"isWanted": False})
    assert off.body == {"isWanted": False}
    await served.ask("POST", "/me/watch-history", "FAN", note)
    assert (await served.ask("GET", "/me/watch-history", "FAN")).body["items"] == []
    answer = (await served.ask("GET", "/me/recommendations", "FAN")).body
    assert answer == {"isWanted": False, "items": []}
    on = await served.ask("PUT", settings, "FAN", {"isWanted": True})
    assert on.body == {"isWanted": True}
    assert [name for name, _, _ in await recommended(served)] == ["chess"]


async def test_the_history_is_shown_and_forgotten(
    served: ChannelServer, world: World, history: WatchHistory
) -> None:
    chess = await on_air(world, "chess")
    piano = await on_air(world, "piano")
    await history.note("acc_FAN", chess, MINUTE_MS)
    world.now_ms += DAY_MS
    await history.note("acc_FAN", chess, MINUTE_MS)
    await history.note("acc_FAN", piano, 3 * MINUTE_MS)
    await history.note("acc_OTHER", piano, MINUTE_MS)
    rows = (await served.ask("GET", "/me/watch-history", "FAN")).body["items"]
    assert {row["channel"]: row["watchedMs"] for row in rows} == {
        "chess": 2 * MINUTE_MS,
        "piano": 3 * MINUTE_MS,
    }
    exported = await ChannelBelongings(world.database).export("acc_FAN")
    assert sum(row["watched_ms"] for row in exported["watch-history"]) == 5 * MINUTE_MS
    await served.ask("DELETE", f"/me/watch-history/{chess}", "FAN")
    rows = (await served.ask("GET", "/me/watch-history", "FAN")).body["items"]
    assert [row["channel"] for row in rows] == ["piano"]
    await served.ask("DELETE", "/me/watch-history", "FAN")
    assert (await served.ask("GET", "/me/watch-history", "FAN")).body["items"] == []
    assert len(await history.of("acc_OTHER")) == 1


async def test_days_are_bounded_and_old_ones_expire(world: World, history: WatchHistory) -> None:
    chess = await on_air(world, "chess")
    await history.note("acc_FAN", chess, DAY_MS - 1)
    await history.note("acc_FAN", chess, DAY_MS)
    assert [each.watched_ms for each in await history.of("acc_FAN")] == [DAY_MS]
    world.now_ms += 91 * DAY_MS
    assert await history.expire() == 1
    async with world.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(watched)) == 0


async def test_a_server_may_recommend_nothing(world: World) -> None:
    history = WatchHistory(world.database, world.clock, RecommendationsSettings(enabled=False))
    chess = await on_air(world, "chess")
    await history.note("acc_FAN", chess, MINUTE_MS)
    assert await history.of("acc_FAN") == []
    found = await Recommendations(history, ChannelCatalogue(world.context)).of("acc_FAN", 10)
    assert found is None


@pytest.mark.parametrize("path", ["/me/recommendations", "/me/watch-history"])
async def test_strangers_get_none(served: ChannelServer, path: str) -> None:
    assert (await served.ask("GET", path)).status == 401

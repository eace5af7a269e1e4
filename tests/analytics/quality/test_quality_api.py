"""What the API tells of playback quality, and whom it tells."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from accounts.api.model import utc_text
from analytics.api.quality import QualityResource
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS
from analytics.quality.keeping import QualityKeeper
from analytics.quality.labels import Labels
from analytics.quality.reading import QualityHistory
from analytics.quality.settings import QualitySettings
from analytics.quality.tally import QualityTally
from config.figures_access import ChannelFiguresAccess
from tests.accounts.channels.world import OWNER, START_MS, World
from tests.analytics.history.test_history_api import serving

MIDNIGHT = START_MS - START_MS % DAY_MS
PATH = "/api/v1/channels/studio/analytics/quality"


@pytest.fixture
async def session(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    """A channel with half a minute of Firefox and a minute and a half of Chrome."""
    channel = await world.channel("studio")
    await world.moderators.put("studio", OWNER, "acc_FAN")
    settings = QualitySettings()
    tally = QualityTally(settings.label_values, 10)
    for at_ms, browser, watched_ms in ((0, "firefox", 30_000), (HOUR_MS, "chrome", 90_000)):
        labels = Labels(browser, "hls.js", "unknown", "de")
        figures = tally.figures(channel.id, MIDNIGHT + at_ms, labels)
        figures.sessions += 1
        figures.watched_ms += watched_ms
        figures.stalls += 3
        figures.stalled_ms += 10_000
        figures.rated_ms += watched_ms
        figures.rated_kbit += 3 * watched_ms
        figures.dropped_frames += 1
        figures.decoded_frames += 100
        figures.errors["network"] = 1
        figures.startup_ms.add(800)
        figures.requests += 4
        figures.starved_requests += 1
    world.now_ms = MIDNIGHT + 2 * HOUR_MS
    await QualityKeeper(world.database, world.clock, settings, tally).flush()
    history = QualityHistory(world.database)
    resource = QualityResource(history, ChannelFiguresAccess(world.context), world.clock)
    async with serving(world, resource) as opened:
        yield opened


def query(step: str = "hour", **more: str) -> dict[str, str]:
    return {"from": utc_text(MIDNIGHT), "to": utc_text(MIDNIGHT + 2 * HOUR_MS), "step": step} | more


def as_(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


async def test_figures_by_hour_and_browser(session: aiohttp.ClientSession) -> None:
    async with session.get(PATH, params=query(by="browser"), headers=as_("OWNER")) as answer:
        assert answer.status == 200, await answer.text()
        body = await answer.json()
    assert (body["from"], body["to"]) == (utc_text(MIDNIGHT), utc_text(MIDNIGHT + 2 * HOUR_MS))
    total = body["total"]
    assert (total["sessions"], total["watchedMs"], total["stalls"]) == (2, 120_000, 6)
    assert total["stallRatio"] == pytest.approx(20_000 / 140_000, abs=1e-6)
    assert total["stallsPerHour"] == 180
    assert total["startupMs"]["p50"] == pytest.approx(800, rel=0.05)
    assert total["latencyMs"] is None
    assert total["bitrateBps"] == 3_000_000
    assert total["droppedFrameRatio"] == 0.01
    assert (total["fatalErrors"], total["errors"]) == (2, {"network": 2})
    assert total["cmcd"] == {
        "requests": 8,
        "starvedRatio": 0.25,
        "bufferMs": None,
        "throughputKbps": None,
    }
    assert [point["at"] for point in body["points"]] == [
        utc_text(MIDNIGHT),
        utc_text(MIDNIGHT + HOUR_MS),
    ]
    groups = [(group["value"], group["watchedMs"]) for group in body["groups"]]
    assert groups == [("chrome", 90_000), ("firefox", 30_000)]


@pytest.mark.parametrize(
    ("who", "status"), [("OWNER", 200), ("FAN", 200), ("OTHER", 403), (None, 401)]
)
async def test_figures_are_for_who_runs_the_channel(
    session: aiohttp.ClientSession, who: str | None, status: int
) -> None:
    headers = {} if who is None else as_(who)
    async with session.get(PATH, params=query(), headers=headers) as answer:
        assert answer.status == status, await answer.text()


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "address"},
        {"step": "second"},
        {"from": "yesterday"},
        {"from": utc_text(MIDNIGHT + DAY_MS)},
        {"step": "minute", "from": utc_text(MIDNIGHT - 3 * DAY_MS)},
        {"more": "1"},
    ],
    ids=range(6),
)
async def test_what_cannot_be_told_is_refused(
    session: aiohttp.ClientSession, wrong: dict[str, str]
) -> None:
    async with session.get(PATH, params=query() | wrong, headers=as_("OWNER")) as answer:
        assert answer.status in {400, 422}, await answer.text()
        assert "expected" in (await answer.text()).lower()


async def test_a_range_without_anything_is_empty(session: aiohttp.ClientSession) -> None:
    wanted = query("minute", to=utc_text(MIDNIGHT - DAY_MS + MINUTE_MS))
    wanted["from"] = utc_text(MIDNIGHT - DAY_MS)
    async with session.get(PATH, params=wanted | {"by": "player"}, headers=as_("OWNER")) as answer:
        body = await answer.json()
    assert body["points"] == body["groups"] == []
    assert body["total"]["stallRatio"] is None

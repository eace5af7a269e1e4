"""Browsers that agreed, and whom they belong to."""

from accounts.channels.follows import Level
from accounts.channels.sight import Asker
from tests.accounts.alerts.alerting import Alerting
from tests.accounts.alerts.push_service import Browser
from tests.accounts.channels.world import FAN, START_MS


async def agreed(on: Alerting, browser: Browser, *askers: Asker, level: Level = Level.LIVE) -> None:
    for asker in askers or (FAN,):
        assert asker.account_id
        await on.world.follows.put("studio", asker, level)
        await on.side.subscriptions.put(asker.account_id, browser.offer())


async def live(on: Alerting, at_ms: int = START_MS) -> None:
    await on.told.go_live(at_ms=at_ms)
    await on.settle()

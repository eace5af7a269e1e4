"""Several servers on one database send each alert once."""

import asyncio

from accounts.storage import Database
from tests.accounts.alerts.agreed import agreed
from tests.accounts.alerts.alerting import Alerting
from tests.accounts.alerts.push_service import push_service


async def test_two_servers_send_each_alert_once(on: Alerting, database_url: str) -> None:
    other = await Database.open(database_url)
    second = on.another_side(other)
    await second.open()
    async with push_service() as service:
        browsers = [service.browser(f"b{number}") for number in range(8)]
        for browser in browsers:
            await agreed(on, browser)
        await on.told.go_live()
        await on.told.settle()
        await asyncio.gather(on.side.settle(), second.settle())
        await on.settle()
        assert [len(service.alerts_of(each)) for each in browsers] == [1] * 8
    await second.stop()
    await other.close()

"""Several servers on one database send each alert once."""

from tests.accounts.alerts.agreed import agreed
from tests.accounts.alerts.alerting import Alerting
from tests.accounts.alerts.push_service import push_service


async def test_two_servers_send_each_alert_once(on: Alerting, database_url: str) -> None:
    async with on.another_server(database_url) as second, push_service() as service:
        browsers = [service.browser(f"b{number}") for number in range(8)]
        for browser in browsers:
            await agreed(on, browser)
        await on.told.go_live()
        await on.settle_with(second)
        assert [len(service.alerts_of(each)) for each in browsers] == [1] * 8

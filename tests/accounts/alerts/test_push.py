"""Alerts reach browsers through a push service that decrypts them, once for each broadcast."""

from pathlib import Path

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.channels.errors import InvalidFieldsError
from accounts.channels.follows import Level
from accounts.channels.visibility import Visibility
from accounts.notifications.kind import Kind
from accounts.notifications.quiet_hours import QuietHours
from accounts.notifications.wishes import ChannelWish, Wish
from accounts.outbound.settings import OutboundSettings
from accounts.push.alert import alert_bytes
from accounts.push.browser_name import browser_name
from accounts.push.encryption import PLAIN_BYTES
from accounts.push.settings import PushSettings
from accounts.push.subscriptions import OfferedSubscription
from accounts.push.tables import push_deliveries, push_subscriptions
from accounts.storage import Database
from tests.accounts.alerts.agreed import agreed, live
from tests.accounts.alerts.alerting import MINUTE_MS, Alerting, alerting, settings_of
from tests.accounts.alerts.push_service import LINUX, Browser, push_service
from tests.accounts.channels.world import ADMIN, FAN, OTHER, OWNER, START_MS, any_revision
from tests.accounts.outbound.receiver import answer
from tests.support.postgresql import PostgresServer


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """What is asked of rows here is asked on both databases elsewhere."""
    return sqlite_model


def public_key(on: Alerting) -> str:
    return str(on.side.resources[0]._public_key)  # type: ignore[attr-defined] # the first serves it


async def test_a_browser_reads_what_the_service_cannot(on: Alerting) -> None:
    async with push_service() as service:
        browser = service.browser()
        await agreed(on, browser)
        await live(on)
        (alert,) = service.alerts_of(browser)
        (got,) = service.taking.got
        claims = service.proven(got, public_key(on))
    assert (alert["kind"], alert["channel"], alert["title"]) == ("live", "studio", "First")
    assert b"studio" not in got.body
    assert got.headers["content-encoding"] == "aes128gcm"
    assert (got.headers["ttl"], got.headers["urgency"]) == ("3600", "high")
    assert 0 < len(got.headers["topic"]) <= 32
    assert claims["sub"] == "mailto:live@example.org"
    assert 0 < claims["exp"] - START_MS / 1000 <= 24 * 3600
    assert await on.rows(push_deliveries) == []
    (shown,) = await on.side.subscriptions.of_account("acc_FAN")
    assert (shown.browser, shown.service) == ("Firefox on Linux", "127.0.0.1")
    assert shown.used_at_ms == START_MS


async def test_each_broadcast_is_told_once_to_every_browser(on: Alerting) -> None:
    async with push_service() as service:
        one, two = service.browser("one"), service.browser("two")
        await agreed(on, one)
        await agreed(on, two)
        await live(on)
        await on.settle()
        await on.later(MINUTE_MS)
        assert [len(service.alerts_of(each)) for each in (one, two)] == [1, 1]
        await on.told.go_off()
        await live(on, on.world.now_ms)
        assert [len(service.alerts_of(each)) for each in (one, two)] == [2, 2]


async def test_wishes_and_quiet_hours_are_obeyed(on: Alerting) -> None:
    async with push_service() as service:
        browsers = {asker: service.browser(str(asker.account_id)) for asker in (FAN, OTHER, ADMIN)}
        for asker, browser in browsers.items():
            await agreed(on, browser, asker, level=Level.ALL)
        quiet = Wish(frozenset(), QuietHours(0, 1439, "UTC"))
        await on.told.wishes.put("acc_FAN", quiet, any_revision)
        no_push = Wish(frozenset(), None, push_muted=frozenset({Kind.LIVE}))
        await on.told.wishes.put("acc_OTHER", no_push, any_revision)
        await on.told.wishes.put_of_channel("studio", ADMIN, ChannelWish(push=False), any_revision)
        await live(on)
        assert service.taking.got == []
        await on.world.channels.edit("studio", OWNER, ChannelEdit(title="Second"), any_revision)
        await on.settle()
        (alert,) = service.alerts_of(browsers[OTHER])
        assert (alert["kind"], alert["title"]) == ("title", "Second")
        assert len(service.taking.got) == 1
        await on.told.wishes.put_of_channel("studio", ADMIN, ChannelWish(push=True), any_revision)
        await on.told.go_off()
        await live(on, START_MS + 1)
        assert len(service.alerts_of(browsers[ADMIN])) == 1


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_browser_that_is_gone_is_forgotten(on: Alerting, status: int) -> None:
    async with push_service(answer(status)) as service:
        await agreed(on, service.browser())
        await live(on)
        assert await on.rows(push_subscriptions) == await on.rows(push_deliveries) == []


async def test_a_busy_service_is_left_alone_for_a_while(on: Alerting) -> None:
    busy = (answer(429, retry_after="60"), answer(503), answer(201))
    async with push_service(*busy) as service:
        browser = service.browser()
        await agreed(on, browser)
        await live(on)
        await on.later(50_000)
        assert len(service.taking.got) == 1
        await on.later(11_000)
        assert len(service.taking.got) == 2
        await on.later(30_000)
        assert len(service.alerts_of(browser)) == 3
        assert await on.rows(push_deliveries) == []


async def test_it_is_given_up_in_the_end(database: Database, tmp_path: Path) -> None:
    settings = settings_of(push=PushSettings(attempts=2))
    async with (
        alerting(database, tmp_path, settings) as on,
        push_service(answer(500)) as service,
    ):
        await agreed(on, service.browser())
        await live(on)
        for _ in range(3):
            await on.later(10 * MINUTE_MS)
        assert len(service.taking.got) == 2
        assert await on.rows(push_deliveries) == []
        assert len(await on.rows(push_subscriptions)) == 1


async def test_what_is_hidden_by_then_is_not_pushed(on: Alerting) -> None:
    """A service that was busy may be asked again for minutes."""
    async with push_service(answer(503), answer(201)) as service:
        await agreed(on, service.browser())
        await live(on)
        private = ChannelEdit(visibility=Visibility.PRIVATE)
        await on.world.channels.edit("studio", OWNER, private, any_revision)
        await on.later(MINUTE_MS)
        assert len(service.taking.got) == 1
        assert await on.rows(push_deliveries) == []


async def test_what_is_long_ago_is_no_alert(on: Alerting) -> None:
    async with push_service() as service:
        await agreed(on, service.browser())
        await on.told.go_live()
        await on.told.settle()
        await on.later(2 * 3_600_000)
        assert service.taking.got == []


async def test_an_account_has_so_many_browsers_and_a_browser_one_account(on: Alerting) -> None:
    browsers = [Browser(f"https://push.example.org/{number}") for number in range(11)]
    for browser in browsers:
        on.world.now_ms += 1
        await on.side.subscriptions.put("acc_FAN", browser.offer())
    kept = {row.endpoint for row in await on.rows(push_subscriptions)}
    assert kept == {browser.url for browser in browsers[1:]}
    await on.side.subscriptions.put("acc_OTHER", browsers[5].offer())
    assert len(await on.side.subscriptions.of_account("acc_FAN")) == 9
    (moved,) = await on.side.subscriptions.of_account("acc_OTHER")
    assert not await on.side.subscriptions.delete("acc_FAN", moved.id)
    assert await on.side.subscriptions.delete("acc_OTHER", moved.id)


async def test_endpoints_and_keys_are_checked(database: Database, tmp_path: Path) -> None:
    good = Browser("https://push.example.org/x").json()
    strict = settings_of(outbound=OutboundSettings())
    async with alerting(database, tmp_path, strict) as on:
        await on.side.subscriptions.put("acc_FAN", OfferedSubscription(**good, user_agent=""))
        for changed, path in (
            ({"endpoint": "http://push.example.org/x"}, "endpoint"),
            ({"endpoint": "https://127.0.0.1/x"}, "endpoint"),
            ({"endpoint": "https://push.example.org:22/x"}, "endpoint"),
            ({"p256dh": "AAAA"}, "keys.p256dh"),
            ({"p256dh": "é"}, "keys.p256dh"),
            ({"auth": "AAAA"}, "keys.auth"),
        ):
            offered = OfferedSubscription(**(good | changed), user_agent="")
            with pytest.raises(InvalidFieldsError, match=path):
                await on.side.subscriptions.put("acc_FAN", offered)


def test_a_long_title_is_cut_to_what_services_take() -> None:
    made = alert_bytes(
        notice_id="n", kind="live", channel="c", title="ü" * 9000, broadcast_id="b", at_ms=0
    )
    assert len(made) <= PLAIN_BYTES
    assert "…" in made.decode()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (LINUX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/1 Safari/1 Edg/1", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/26.0 Mobile Safari/604",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0 Safari/537", "Chrome on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537", "Chrome on Android"),
        ("<script>", "Browser"),
        ("", "Browser"),
    ],
)
def test_browsers_are_named_in_our_own_words(text: str, name: str) -> None:
    assert browser_name(text) == name

"""Webhooks tell real receivers what happens, once each, through failures and deaths."""

from pathlib import Path

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.channels.visibility import Visibility
from accounts.facts import FactKind
from accounts.notifications.kind import Kind
from accounts.outbound.delivery_loop import LEASE_MARGIN_S
from accounts.outbound.lanes import Lanes
from accounts.storage import Database
from accounts.webhooks.event import EventKind
from accounts.webhooks.settings import WebhooksSettings
from config.fact_tellings import tellings_of
from notify.topic import account_key
from tests.accounts.alerts.agreed import agreed
from tests.accounts.alerts.alerting import PATIENCE_S, Alerting, alerting, settings_of
from tests.accounts.alerts.hooks import HOUR_MS, hook, log, verified
from tests.accounts.alerts.push_service import push_service
from tests.accounts.channels.world import FAN, OWNER, START_MS, any_revision
from tests.accounts.outbound.receiver import answer, receiver


async def test_a_receiver_is_told_signed_what_happens(on: Alerting) -> None:
    async with receiver() as there:
        made = await hook(on, there.url)
        await on.told.go_live()
        edit = ChannelEdit(title="Second")
        await on.world.channels.edit("studio", OWNER, edit, any_revision)
        await on.world.follows.put("studio", FAN, Level.LIVE)
        await on.told.go_off()
        await on.settle()
        told = [verified(got, made.secret) for got in there.got]
    assert sorted(each["type"] for each in told) == sorted(kind.value for kind in EventKind)
    live = next(each for each in told if each["type"] == "channel.live")
    assert live["timestamp"] == "2027-01-15T08:00:00.000Z"
    assert (live["data"]["channel"], live["data"]["title"]) == ("studio", "First")
    assert {got.headers["content-type"] for got in there.got} == {"application/json"}
    assert {got.headers["webhook-timestamp"] for got in there.got} == {str(START_MS // 1000)}
    assert {each.state for each in await log(on, made)} == {"delivered"}


async def test_what_fails_is_tried_again_with_the_same_id_and_body(on: Alerting) -> None:
    async with receiver(answer(500, b"broken"), answer(503, retry_after="100"), answer(204)) as it:
        made = await hook(on, it.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        (waiting,) = await log(on, made)
        assert (waiting.state, waiting.status, waiting.error) == ("waiting", 500, "status")
        assert waiting.answer == "broken"
        assert waiting.due_at_ms is not None
        assert 4_000 <= waiting.due_at_ms - START_MS <= 6_000
        await on.later(3_000)
        assert len(it.got) == 1
        await on.later(4_000)
        (again,) = await log(on, made)
        assert (again.attempts, (again.due_at_ms or 0) - on.world.now_ms) == (2, 100_000)
        await on.later(100_000)
        (done,) = await log(on, made)
        assert (done.state, done.attempts, done.due_at_ms) == ("delivered", 3, None)
        assert len({(got.headers["webhook-id"], got.body) for got in it.got}) == 1
        assert len({got.headers["webhook-timestamp"] for got in it.got}) == 3
        for got in it.got:
            verified(got, made.secret)


async def test_after_days_without_success_it_is_switched_off_and_its_owner_told(
    on: Alerting,
) -> None:
    async with receiver(answer(500)) as there:
        made = await hook(on, there.url, EventKind.LIVE)
        for number in range(3):
            await on.told.go_live(at_ms=on.world.now_ms)
            await on.settle()
            await on.told.go_off()
            await on.later(60 * HOUR_MS + number)
        found = await on.side.webhooks.get("studio", OWNER, made.webhook.id)
        assert (found.is_enabled, found.disabled_reason) == (False, "failing")
        (mail,) = on.posted.mails
        assert mail[0] == "acc_OWNER@example.org"
        assert "/dashboard/studio/webhooks" in mail[2]
        assert not [each for each in await log(on, made) if each.state == "waiting"]
        await on.told.go_live(at_ms=on.world.now_ms)
        seen = len(there.got)
        await on.later(HOUR_MS)
        assert len(there.got) == seen


async def test_its_owner_is_notified_wherever_they_look(on: Alerting) -> None:
    """The channel may be private: it is the owner's own. Others hear nothing of it."""
    async with receiver(answer(410)) as there, push_service() as service:
        mine, fans = service.browser("mine"), service.browser("fans")
        await on.side.subscriptions.put("acc_OWNER", mine.offer())
        await agreed(on, fans)
        await hook(on, there.url, EventKind.CHANGED, EventKind.LIVE)
        private = ChannelEdit(visibility=Visibility.PRIVATE, title="hidden")
        await on.world.channels.edit("studio", OWNER, private, any_revision)
        await on.settle()
        await on.settle()
        found = await on.told.inbox.page("acc_OWNER", None, 10, unread_only=True)
        (told,) = found.items
        assert (told.kind, told.channel.name, told.title) == (Kind.WEBHOOK, "studio", "Mine")
        assert told.broadcast_id == ""
        assert await on.told.inbox.unread_count("acc_FAN") == 0
        (alert,) = service.alerts_of(mine)
        assert (alert["kind"], alert["channel"], alert["title"]) == ("webhook", "studio", "Mine")
        assert service.alerts_of(fans) == []
        (stored,) = [each for each in on.told.facts if each.kind is FactKind.NOTIFICATIONS_STORED]
        (telling,) = tellings_of(stored)
        assert (telling.event.TYPE, telling.keys) == (
            "notification.added",
            frozenset({account_key("acc_OWNER")}),
        )


async def test_too_much_that_waits_is_noted_and_not_sent(
    database: Database, tmp_path: Path
) -> None:
    settings = settings_of(webhooks=WebhooksSettings(waiting_per_webhook=2))
    async with alerting(database, tmp_path, settings) as on, receiver(answer(500)) as there:
        made = await hook(on, there.url, EventKind.LIVE)
        for number in range(4):
            await on.told.go_live(at_ms=START_MS + number)
            await on.told.go_off()
        await on.settle()
        assert [each.error for each in reversed(await log(on, made))].count("status") == 2
        assert len(there.got) == 2


async def test_two_servers_send_each_delivery_once(on: Alerting, database_url: str) -> None:
    async with on.another_server(database_url) as second, receiver() as there:
        await hook(on, there.url, EventKind.LIVE, EventKind.OFFLINE)
        for number in range(10):
            await on.told.go_live(at_ms=START_MS + number)
            await on.told.go_off()
        await on.settle_with(second)
        ids = [got.headers["webhook-id"] for got in there.got]
        assert len(ids) == len(set(ids)) == 20


async def test_what_a_dead_server_had_taken_is_sent_when_its_time_is_over(on: Alerting) -> None:
    async with receiver() as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.told.settle()
        await on.side.webhook_reader.step()
        (taken,) = await on.side.deliveries.claim(Lanes(1, 1))
        await on.settle()
        assert there.got == []
        await on.later(int((PATIENCE_S + LEASE_MARGIN_S) * 1000) + 1)
        assert [got.headers["webhook-id"] for got in there.got] == [taken.message_id]
        assert (await log(on, made))[0].state == "delivered"

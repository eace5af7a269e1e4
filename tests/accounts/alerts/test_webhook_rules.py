"""What webhooks are told, when they are given up, and what their owners can do."""

import asyncio
import base64
import json
import socket
from pathlib import Path

import pytest

from accounts.channels.errors import (
    ConflictingError,
    InvalidFieldsError,
    LimitReachedError,
    NotFoundError,
)
from accounts.channels.follows import Level
from accounts.outbound.lanes import Lanes
from accounts.outbound.settings import OutboundSettings
from accounts.storage import Database
from accounts.webhooks.event import EventKind
from accounts.webhooks.settings import WebhooksSettings
from accounts.webhooks.tables import webhook_deliveries, webhooks
from accounts.webhooks.webhooks import WebhookEdit
from tests.accounts.alerts.alerting import PATIENCE_S, Alerting, alerting, settings_of
from tests.accounts.alerts.hooks import HOUR_MS, hook, log, verified
from tests.accounts.channels.world import ADMIN, FAN, OWNER, any_revision
from tests.accounts.outbound.receiver import ENDLESS, answer, receiver
from tests.support.postgresql import PostgresServer


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """What is asked of rows here is asked on both databases elsewhere."""
    return sqlite_model


async def test_only_what_was_asked_for_is_told_and_only_from_then_on(on: Alerting) -> None:
    async with receiver() as there, receiver() as of_server:
        await on.told.go_live()
        on.world.now_ms += 1
        await hook(on, there.url, EventKind.OFFLINE)
        await hook(on, of_server.url, EventKind.FOLLOWER, channel=None)
        await on.world.channel("garden")
        await on.world.follows.put("garden", FAN, Level.LIVE)
        await on.told.go_off()
        await on.settle()
        assert [json.loads(got.body)["type"] for got in there.got] == ["channel.offline"]
        (gained,) = [json.loads(got.body) for got in of_server.got]
        assert gained["data"]["channel"] == "garden"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (None, "timeout"),
        (b"\0\1 what is this\r\n\r\n", "garbage"),
        (b"HTTP/1.1 200 OK\r\nX-A: " + ENDLESS, "garbage"),
        (answer(302, location="http://127.0.0.1/"), "status"),
    ],
    ids=["hangs", "garbage", "endless", "redirects"],
)
async def test_who_answers_nothing_sensible_has_not_taken_it(
    database: Database, tmp_path: Path, said: bytes | None, error: str
) -> None:
    limit_s = 0.5 if said is None else PATIENCE_S
    settings = settings_of(outbound=OutboundSettings(allow_private=True, timeout_s=limit_s))
    async with alerting(database, tmp_path, settings) as on, receiver(said) as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        (noted,) = await log(on, made)
        assert (noted.state, noted.error, noted.attempts) == ("waiting", error, 1)


@pytest.mark.parametrize("answer", [["169.254.169.254"], []], ids=["inside", "nowhere"])
async def test_a_name_that_leads_inside_is_not_asked_and_looks_like_none(
    database: Database, tmp_path: Path, answer: list[str]
) -> None:
    strict = settings_of(outbound=OutboundSettings(timeout_s=PATIENCE_S))
    asked: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        assert port == 443
        asked.append(host)
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answer

    async with alerting(database, tmp_path, strict, lookup=lookup) as on:
        made = await hook(on, "https://metadata.example.org/", EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        (noted,) = await log(on, made)
        assert (noted.error, noted.answer, asked) == (
            "unresolved",
            None,
            ["metadata.example.org"],
        )


async def test_after_many_attempts_it_is_given_up(database: Database, tmp_path: Path) -> None:
    settings = settings_of(webhooks=WebhooksSettings(attempts=3))
    async with alerting(database, tmp_path, settings) as on, receiver(answer(500)) as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        for _ in range(5):
            await on.later(HOUR_MS)
        (noted,) = await log(on, made)
        assert (noted.state, noted.attempts, noted.due_at_ms) == ("failed", 3, None)
        assert len(there.got) == 3


async def test_who_says_gone_is_switched_off_at_once(on: Alerting) -> None:
    async with receiver(answer(410)) as there:
        made = await hook(on, there.url, EventKind.LIVE, channel=None)
        await on.told.go_live()
        await on.settle()
        found = await on.side.webhooks.get(None, ADMIN, made.webhook.id)
        assert (found.is_enabled, found.disabled_reason) == (False, "gone")
        assert [mail[0] for mail in on.posted.mails] == ["acc_ADMIN@example.org"]
        again = await on.side.webhooks.edit(
            None, ADMIN, made.webhook.id, WebhookEdit(is_enabled=True), any_revision
        )
        assert (again.is_enabled, again.disabled_reason) == (True, None)


async def test_a_success_ends_the_failing(on: Alerting) -> None:
    async with receiver(answer(500), answer(200)) as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        assert (await on.side.webhooks.get("studio", OWNER, made.webhook.id)).failing_since_ms
        await on.later(10_000)
        found = await on.side.webhooks.get("studio", OWNER, made.webhook.id)
        assert (found.failing_since_ms, found.delivered_at_ms) == (None, on.world.now_ms)


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(on: Alerting) -> None:
    async with receiver() as there:
        made = await hook(on, there.url, EventKind.LIVE)
        rotated = await on.side.webhooks.rotate("studio", OWNER, made.webhook.id)
        assert rotated.secret != made.secret
        await on.told.go_live()
        await on.settle()
        verified(there.got[0], rotated.secret, made.secret)
        await on.told.go_off()
        await on.later(25 * HOUR_MS)
        await on.told.go_live(at_ms=on.world.now_ms)
        await on.settle()
        verified(there.got[1], rotated.secret)


async def test_no_secret_can_be_read_in_the_database(on: Alerting) -> None:
    made = await hook(on, "http://127.0.0.1:9/")
    (row,) = await on.rows(webhooks)
    assert base64.b64decode(made.secret.removeprefix("whsec_")) not in row.secret
    assert made.secret not in repr(made)


async def test_the_test_button_sends_also_where_all_is_switched_off(on: Alerting) -> None:
    async with receiver(answer(404, b"nothing here")) as there:
        made = await hook(on, there.url, is_enabled=False)
        sent = await on.side.delivery_log.test("studio", OWNER, made.webhook.id)
        await on.settle()
        told = verified(there.got[0], made.secret)
        assert (told["type"], told["data"]["channel"]) == ("webhook.test", "studio")
        found = await on.side.delivery_log.get("studio", OWNER, made.webhook.id, sent.id)
        assert (found.state, found.status, found.answer) == ("failed", 404, "nothing here")
        hook_now = await on.side.webhooks.get("studio", OWNER, made.webhook.id)
        assert hook_now.failing_since_ms is None


async def test_a_replay_is_the_same_to_the_receiver(on: Alerting) -> None:
    async with receiver() as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        (first,) = await log(on, made)
        await on.later(HOUR_MS)
        again = await on.side.delivery_log.replay("studio", OWNER, made.webhook.id, first.id)
        assert again.id != first.id
        with pytest.raises(ConflictingError, match="on its way"):
            await on.side.delivery_log.replay("studio", OWNER, made.webhook.id, again.id)
        await on.settle()
        one, two = there.got
        assert one.headers["webhook-id"] == two.headers["webhook-id"] == first.message_id
        assert one.body == two.body
        assert one.headers["webhook-timestamp"] != two.headers["webhook-timestamp"]
        off = WebhookEdit(is_enabled=False)
        await on.side.webhooks.edit("studio", OWNER, made.webhook.id, off, any_revision)
        with pytest.raises(ConflictingError, match="switched off"):
            await on.side.delivery_log.replay("studio", OWNER, made.webhook.id, first.id)


async def test_one_slow_receiver_delays_no_other(on: Alerting) -> None:
    """They are told apart by host: a name that resolves to this machine, and its number."""
    async with receiver(None) as slow, receiver() as quick:
        for _ in range(6):
            await hook(on, slow.url.replace("127.0.0.1", "localhost"), EventKind.LIVE)
        await hook(on, quick.url, EventKind.LIVE)
        await on.told.go_live()
        await on.told.settle()
        assert await on.side.webhook_reader.step()
        running = asyncio.create_task(on.side.webhook_loop.run())
        await quick.wait_for(1)
        await slow.wait_for(1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_old_deliveries_go(on: Alerting) -> None:
    async with receiver() as there:
        await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        await on.later(13 * 24 * HOUR_MS)
        await on.side.deliveries.tidy()
        assert len(await on.rows(webhook_deliveries)) == 1
        await on.later(2 * 24 * HOUR_MS)
        await on.side.deliveries.tidy()
        assert await on.rows(webhook_deliveries) == []


async def test_a_hundred_hosts_that_hang_are_one_lane_once_they_have_failed(
    on: Alerting,
) -> None:
    """Whoever has a domain has as many hosts as they like."""
    async with receiver(answer(500)) as there:
        await hook(on, there.url, EventKind.LIVE)
        await hook(on, there.url.replace("127.0.0.1", "localhost"), EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        on.world.now_ms += HOUR_MS
        lanes = Lanes(64, 1)
        assert len(await on.side.deliveries.claim(lanes)) == 1
        (full,) = lanes.full
        assert full.startswith("failing chn_")


async def test_tests_of_one_channel_share_a_lane_whatever_the_host(on: Alerting) -> None:
    """Or whoever has a button and a domain would take all the places that there are."""
    for number in range(3):
        made = await hook(on, f"http://host{number}.example.org:9/")
        await on.side.delivery_log.test("studio", OWNER, made.webhook.id)
    lanes = Lanes(64, 1)
    assert len(await on.side.deliveries.claim(lanes)) == 1
    (full,) = lanes.full
    assert full.startswith("testing chn_")


async def test_as_many_replays_wait_as_deliveries_may(database: Database, tmp_path: Path) -> None:
    settings = settings_of(webhooks=WebhooksSettings(waiting_per_webhook=2))
    async with alerting(database, tmp_path, settings) as on, receiver() as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        (first,) = await log(on, made)
        for _ in range(2):
            await on.side.delivery_log.replay("studio", OWNER, made.webhook.id, first.id)
        with pytest.raises(LimitReachedError):
            await on.side.delivery_log.replay("studio", OWNER, made.webhook.id, first.id)


async def test_there_are_so_many_webhooks_and_no_more(on: Alerting) -> None:
    for _ in range(10):
        await hook(on, "http://127.0.0.1:9/")
    with pytest.raises(LimitReachedError):
        await hook(on, "http://127.0.0.1:9/")


async def test_what_cannot_be_asked_is_refused_when_it_is_made(
    database: Database, tmp_path: Path
) -> None:
    strict = settings_of(outbound=OutboundSettings())
    async with alerting(database, tmp_path, strict) as on:
        for url in ("http://example.org/", "https://127.0.0.1/", "https://localhost/"):
            with pytest.raises(InvalidFieldsError, match="url"):
                await hook(on, url)


async def test_they_go_with_their_channel(on: Alerting) -> None:
    async with receiver() as there:
        made = await hook(on, there.url, EventKind.LIVE)
        await on.told.go_live()
        await on.settle()
        await on.side.webhooks.delete("studio", OWNER, made.webhook.id)
        with pytest.raises(NotFoundError):
            await on.side.webhooks.get("studio", OWNER, made.webhook.id)
        assert await on.rows(webhook_deliveries) == []
        await hook(on, there.url)
        await on.world.channels.delete("studio", OWNER)
        assert await on.rows(webhooks) == []

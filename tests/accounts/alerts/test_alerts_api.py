"""Browsers, mails and webhooks over the API: who may do what, and what it answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from accounts.api.service import RestApi
from accounts.mail_alerts.unsubscribing import PURPOSE, UnsubscribeTokens
from accounts.notifications.kind import Kind
from accounts.settings import AccountsSettings, ApiSettings
from accounts.webhooks.event import EventKind
from tests.accounts.alerts.alerting import RING, Alerting
from tests.accounts.alerts.hooks import hook
from tests.accounts.alerts.push_service import LINUX, Browser
from tests.accounts.channels.channel_server import NameAuthenticator, Reply
from tests.accounts.channels.world import OWNER
from tests.accounts.outbound.receiver import receiver
from tests.support.postgresql import PostgresServer

URL = "http://127.0.0.1:9/hook"
NEW = {"name": "Bot", "url": URL, "events": ["channel.live"]}
TOKEN = UnsubscribeTokens(RING.derive(PURPOSE)).token_of("acc_FAN")


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """The rules are the same on both, which others test."""
    return sqlite_model


@dataclass
class Served:
    """A running API of alerts."""

    on: Alerting
    api: RestApi
    session: aiohttp.ClientSession

    async def ask(
        self, method: str, path: str, as_: str | None = None, json: Any = None, **more: Any
    ) -> Reply:
        headers = {"User-Agent": LINUX, **more.pop("headers", {})}
        if as_ is not None:
            headers["Authorization"] = f"Bearer {as_}"
        if json is not None:
            more["json"] = json
        async with self.session.request(
            method, f"/api/v1{path}", headers=headers, **more
        ) as response:
            text = await response.text()
            is_json = response.content_type.endswith("json")
            body = await response.json(content_type=None) if is_json else None
            return Reply(response.status, response.headers, body, text)


@pytest.fixture
async def api(on: Alerting) -> AsyncIterator[Served]:
    limits = ApiSettings(burst=100_000, per_minute=1_000_000)
    made = RestApi(
        on.side.resources,
        on.world.database,
        NameAuthenticator(),
        AccountsSettings(enabled=True, api=limits),
        on.world.clock,
    )
    application = web.Application()
    made.add_to(application)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Served(on, made, session)
    await made.close()
    await runner.cleanup()


async def test_who_may_do_what_with_a_channels_webhooks(api: Served) -> None:
    """Anonymous, another account, a moderator, the owner, an administrator."""
    await api.on.world.moderators.put("studio", OWNER, "acc_FAN")
    made = await hook(api.on, URL)
    sent = await api.on.side.delivery_log.test("studio", OWNER, made.webhook.id)
    base, known = "/channels/studio/webhooks", made.webhook.id
    table = [
        ("GET", base, None, 200),
        ("POST", base, NEW, 201),
        ("GET", f"{base}/{known}", None, 200),
        ("PATCH", f"{base}/{known}", {"name": "x"}, 412),
        ("POST", f"{base}/{known}/rotate", None, 200),
        ("POST", f"{base}/{known}/test", None, 202),
        ("GET", f"{base}/{known}/deliveries", None, 200),
        ("GET", f"{base}/{known}/deliveries/{sent.id}", None, 200),
        ("POST", f"{base}/{known}/deliveries/{sent.id}/replay", None, 409),
    ]
    for method, path, body, done in table:
        got = []
        for who in (None, "OTHER", "FAN", "OWNER", "ADMIN"):
            reply = await api.ask(method, path, who, body, headers={"If-Match": '"none"'})
            got.append(reply.status)
        assert got == [401, 403, 403, done, done], (method, path)
    for who, status in (("OTHER", 403), ("FAN", 403), ("OWNER", 204), ("ADMIN", 404)):
        assert (await api.ask("DELETE", f"{base}/{known}", who)).status == status
    tried = {each.path.partition("{channel}")[2] for each in api.api.operations}
    assert len({path for path in tried if path.startswith("/webhooks")}) == 7


async def test_the_servers_webhooks_are_for_administrators(api: Served) -> None:
    mine = await hook(api.on, URL)
    for who, status in ((None, 401), ("OWNER", 403), ("ADMIN", 200)):
        assert (await api.ask("GET", "/admin/webhooks", who)).status == status
    made = await api.ask("POST", "/admin/webhooks", "ADMIN", NEW)
    assert made.status == 201
    assert (await api.ask("GET", made.headers["Location"][7:], "ADMIN")).status == 200
    other = f"/channels/studio/webhooks/{made.body['id']}"
    assert (await api.ask("GET", other, "ADMIN")).status == 404
    assert (await api.ask("GET", f"/admin/webhooks/{mine.webhook.id}", "ADMIN")).status == 404


async def test_a_token_reaches_as_far_as_its_scopes(api: Served) -> None:
    path = "/channels/studio/webhooks"
    assert (await api.ask("GET", path, "OWNER:channels:read")).status == 200
    assert (await api.ask("POST", path, "OWNER:channels:read", NEW)).status == 403
    assert (await api.ask("POST", path, "OWNER:channels:write", NEW)).status == 201
    assert (await api.ask("GET", "/admin/webhooks", "ADMIN:channels:read")).status == 403


async def test_a_secret_is_shown_once(api: Served) -> None:
    path = "/channels/studio/webhooks"
    made = await api.ask("POST", path, "OWNER", NEW)
    assert made.body["secret"].startswith("whsec_")
    (listed,) = (await api.ask("GET", path, "OWNER")).body["items"]
    assert "secret" not in listed
    assert listed["events"] == ["channel.live"]
    rotated = await api.ask("POST", f"{path}/{made.body['id']}/rotate", "OWNER")
    assert rotated.body["secret"] != made.body["secret"]


async def test_a_webhook_is_edited_by_who_has_seen_it(api: Served) -> None:
    made = await hook(api.on, URL)
    path = f"/channels/studio/webhooks/{made.webhook.id}"
    tag = (await api.ask("GET", path, "OWNER")).headers["ETag"]
    changed = await api.ask(
        "PATCH",
        path,
        "OWNER",
        {"events": ["follower.gained"], "isEnabled": False},
        headers={"If-Match": tag},
    )
    assert (changed.body["events"], changed.body["isEnabled"]) == (["follower.gained"], False)
    assert changed.body["url"] == URL
    stale = await api.ask("PATCH", path, "OWNER", {"name": "x"}, headers={"If-Match": tag})
    assert stale.status == 412


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "ftp://example.org/"},
        {"url": "javascript:alert(1)"},
        {"url": ""},
        {"name": ""},
        {"events": []},
        {"events": ["webhook.test"]},
        {"events": ["nothing"]},
        {"secret": "mine"},
    ],
)
async def test_what_is_no_webhook_is_refused(api: Served, changed: dict[str, Any]) -> None:
    reply = await api.ask("POST", "/channels/studio/webhooks", "OWNER", NEW | changed)
    assert (reply.status, reply.body["code"]) == (422, "invalid")


async def test_the_log_says_what_was_sent_and_what_came_back(api: Served) -> None:
    async with receiver() as there:
        made = await hook(api.on, there.url, EventKind.LIVE)
        base = f"/channels/studio/webhooks/{made.webhook.id}"
        sent = [await api.ask("POST", f"{base}/test", "OWNER") for _ in range(3)]
        await api.on.settle()
    page = (await api.ask("GET", f"{base}/deliveries?limit=2", "OWNER")).body
    rest = await api.ask("GET", f"{base}/deliveries?cursor={page['next']}", "OWNER")
    listed = page["items"] + rest.body["items"]
    assert {each["id"] for each in listed} == {each.body["id"] for each in sent}
    path = f"{base}/deliveries/{listed[0]['id']}"
    shown = (await api.ask("GET", path, "OWNER")).body
    assert (shown["state"], shown["status"], shown["answer"]) == ("delivered", 200, "ok")
    assert shown["body"] in {got.body.decode() for got in there.got}
    again = await api.ask("POST", f"{path}/replay", "OWNER")
    assert (again.status, again.body["messageId"]) == (202, shown["messageId"])


async def test_browsers_subscribe_and_are_listed_without_their_secrets(api: Served) -> None:
    key = (await api.ask("GET", "/push/key")).body["publicKey"]
    assert len(key) == 87
    keys = Browser("https://push.example.org/secret-of-the-browser").json()
    offered = {
        "endpoint": keys["endpoint"],
        "expirationTime": None,
        "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]},
    }
    assert (await api.ask("POST", "/me/push-subscriptions", None, offered)).status == 401
    one = await api.ask("POST", "/me/push-subscriptions", "FAN", offered)
    two = await api.ask("POST", "/me/push-subscriptions", "FAN", offered)
    assert (one.status, one.body["id"]) == (201, two.body["id"])
    listed = await api.ask("GET", "/me/push-subscriptions", "FAN")
    (shown,) = listed.body["items"]
    assert (shown["browser"], shown["service"]) == ("Firefox on Linux", "push.example.org")
    assert "secret-of-the-browser" not in listed.text
    assert (await api.ask("GET", "/me/push-subscriptions", "OTHER")).body["items"] == []
    path = f"/me/push-subscriptions/{shown['id']}"
    assert [(await api.ask("DELETE", path, who)).status for who in ("OTHER", "FAN", "FAN")] == [
        404,
        204,
        404,
    ]
    wrongs: list[dict[str, Any]] = [
        {"endpoint": "nothing"},
        {"keys": {"p256dh": "x", "auth": "y"}},
        {"keys": {}},
    ]
    for wrong in wrongs:
        refused = await api.ask("POST", "/me/push-subscriptions", "FAN", offered | wrong)
        assert refused.status == 422


async def test_mails_end_with_one_click_and_nobody_signs_in(api: Served) -> None:
    await api.on.wants_mail("acc_FAN", Kind.LIVE)
    path = f"/unsubscribe/{TOKEN}"
    for _ in range(2):  # programs that look at links end nothing
        assert (await api.ask("GET", path)).body == {"isSubscribed": True}
    ended = await api.ask("POST", path, data={"List-Unsubscribe": "One-Click"})
    assert (ended.status, ended.body) == (200, {"isSubscribed": False})
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("List-Unsubscribe", "One-Click")
    again = await api.ask("POST", path, data=form)
    assert (again.status, again.body) == (200, {"isSubscribed": False})
    assert (await api.ask("GET", path)).body == {"isSubscribed": False}
    assert (await api.ask("GET", f"/unsubscribe/{TOKEN[:-1]}")).status == 404
    evil = {"Origin": "https://evil.example"}
    crossed = await api.ask("POST", path, data={"a": "b"}, headers=evil)
    assert crossed.status == 403

"""Every operation of a real server, tried by everybody: what each may do, written down once.

The document of the API names the operations. One that neither this table nor one of those beside
what it belongs to has fails here.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.alerts.push_service import Browser
from tests.accounts.channels.test_channel_access import TABLE as OF_CHANNELS
from tests.accounts.serving import AccountsOnAir
from tests.notify.test_chat_access import TABLE as OF_ROOMS
from tests.support.accounts_server import PASSWORD, accounts_server, run_command, stream_key
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import (
    AudioSettings,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("everybody")]  # one server for all

# What tests/accounts/people/test_people_access.py tries: all that these headings have.
OF_PEOPLE = {
    "registration",
    "sessions",
    "me",
    "profiles",
    "security",
    "second factor",
    "personal tokens",
    "openid",
    "admin: users",
    "admin: invitations",
}

# What anonymous, another account, a moderator, the owner and an administrator get of the public
# channel "open" and of the private channel "shut".
EVERYBODY = (200, 200, 200, 200, 200)
NOBODY = (404, 404, 404, 404, 404)
SIGNED_IN = (401, 200, 200, 200, 200)
OWNERS = (401, 403, 403, 200, 200)
HIDDEN_OWNERS = (401, 404, 403, 200, 200)
PEOPLES = (401, 403, 200, 200, 200)
HIDDEN_PEOPLES = (401, 404, 200, 200, 200)
HIDDEN_SIGNED_IN = (401, 404, 200, 200, 200)
ADMINS = (401, 403, 403, 403, 200)
CALLERS = (None, "otto", "fay", "olga", "ada")  # Fay moderates, Olga owns, Ada administrates

Expected = tuple[int, ...]


def done(expected: Expected, status: int) -> Expected:
    """The same, where success is another status."""
    return tuple(status if each == 200 else each for each in expected)


HOOK = {"name": "Bot", "url": "https://hooks.example.org/x", "events": ["channel.live"]}
_KEYS = Browser("https://push.example.org/one").json()
BROWSER = {
    "endpoint": _KEYS["endpoint"],
    "keys": {"p256dh": _KEYS["p256dh"], "auth": _KEYS["auth"]},
}
A_DAY = "?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&step=hour"

# operation: (query, body, expected on open, expected on shut)
TABLE: dict[str, tuple[str, Any, Expected, Expected | None]] = {
    "listNotifications": ("", None, SIGNED_IN, None),
    "countUnreadNotifications": ("", None, SIGNED_IN, None),
    "markNotification": ("", {"isRead": True}, done(SIGNED_IN, 404), None),
    "markAllNotificationsRead": ("", {}, SIGNED_IN, None),
    "getNotificationSettings": ("", None, SIGNED_IN, None),
    "putNotificationSettings": ("", {}, done(SIGNED_IN, 412), None),
    "getChannelNotificationSettings": ("", None, SIGNED_IN, HIDDEN_SIGNED_IN),
    "putChannelNotificationSettings": (
        "",
        {},
        done(SIGNED_IN, 412),
        done(HIDDEN_SIGNED_IN, 412),
    ),
    "getPushKey": ("", None, EVERYBODY, None),
    "listPushSubscriptions": ("", None, SIGNED_IN, None),
    "createPushSubscription": ("", BROWSER, done(SIGNED_IN, 201), None),
    "deletePushSubscription": ("", None, done(SIGNED_IN, 404), None),
    "getMailStanding": ("", None, NOBODY, None),  # by a mailed token alone, which none here has
    "unsubscribe": ("", None, (415,) * 5, None),  # a form is read before its token is
    "listWebhooks": ("", None, OWNERS, HIDDEN_OWNERS),
    "createWebhook": ("", HOOK, done(OWNERS, 201), done(HIDDEN_OWNERS, 201)),
    "getWebhook": ("", None, OWNERS, HIDDEN_OWNERS),
    "editWebhook": ("", {"name": "x"}, done(OWNERS, 412), done(HIDDEN_OWNERS, 412)),
    "deleteWebhook": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "rotateWebhook": ("", None, OWNERS, HIDDEN_OWNERS),
    "testWebhook": ("", None, done(OWNERS, 202), done(HIDDEN_OWNERS, 202)),
    "listWebhookDeliveries": ("", None, OWNERS, HIDDEN_OWNERS),
    "getWebhookDelivery": ("", None, OWNERS, HIDDEN_OWNERS),
    "replayWebhookDelivery": ("", None, done(OWNERS, 409), done(HIDDEN_OWNERS, 409)),
    "listServerWebhooks": ("", None, ADMINS, None),
    "createServerWebhook": ("", HOOK, done(ADMINS, 201), None),
    "getServerWebhook": ("", None, ADMINS, None),
    "editServerWebhook": ("", {"name": "x"}, done(ADMINS, 412), None),
    "deleteServerWebhook": ("", None, done(ADMINS, 204), None),
    "rotateServerWebhook": ("", None, ADMINS, None),
    "testServerWebhook": ("", None, done(ADMINS, 202), None),
    "listServerWebhookDeliveries": ("", None, ADMINS, None),
    "getServerWebhookDelivery": ("", None, ADMINS, None),
    "replayServerWebhookDelivery": ("", None, done(ADMINS, 409), None),
    "listRecommendations": ("", None, SIGNED_IN, None),
    "readRecommendationSettings": ("", None, SIGNED_IN, None),
    "putRecommendationSettings": ("", {"isWanted": True}, SIGNED_IN, None),
    "listWatchHistory": ("", None, SIGNED_IN, None),
    "noteWatching": ("", {"channel": "open", "watchedMs": 1000}, done(SIGNED_IN, 204), None),
    "deleteWatchHistory": ("", None, done(SIGNED_IN, 204), None),
    "deleteWatchedChannel": ("", None, done(SIGNED_IN, 204), None),
    "getChannelIngest": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "getBroadcastIngest": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "getLiveViewers": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "getChannelViewers": (A_DAY, None, PEOPLES, HIDDEN_PEOPLES),
    "getChannelViewersCsv": (A_DAY, None, PEOPLES, HIDDEN_PEOPLES),
    "listBroadcastFigures": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "getBroadcastAnalytics": ("", None, PEOPLES, HIDDEN_PEOPLES),
    "getChannelQuality": (A_DAY, None, PEOPLES, HIDDEN_PEOPLES),
    "listTests": ("", None, OWNERS, HIDDEN_OWNERS),
    "createTest": ("", None, done(OWNERS, 201), done(HIDDEN_OWNERS, 201)),
    "getTest": ("", None, OWNERS, HIDDEN_OWNERS),
    "cancelTest": ("", None, done(OWNERS, 204), done(HIDDEN_OWNERS, 204)),
    "readOverview": ("", None, ADMINS, None),
    "listPublishers": ("", None, ADMINS, None),
}


@dataclass(frozen=True)
class Furnished:
    """A server with people, and two channels that have been live."""

    on_air: AccountsOnAir
    broadcasts: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None, as_: str | None = "olga") -> Any:
        """Ask for something that must be granted; return what came back."""
        got = self.on_air.ask(method, f"/api/v1{path}", body, as_=as_)
        assert got.status < 300, (method, path, got)
        return got.body

    def things(self, operation: str, channel: str) -> dict[str, str]:
        """Return what an operation can be about, and make what an earlier one has taken away."""
        things = {
            "channel": channel,
            "broadcast": self.broadcasts[channel],
            "notification": "ntf_NONE",
            "subscription": "psh_NONE",
            "channel_id": "chn_NONE",
            "token": "none",
        }
        if "Webhook" in operation:
            where, who = f"/channels/{channel}/webhooks", "olga"
            if "Server" in operation:
                where, who = "/admin/webhooks", "ada"
            things["webhook"] = self._one_of(where, HOOK, who)
            if "Deliver" in operation:
                hook = f"{where}/{things['webhook']}"
                things["delivery"] = self._one_of(f"{hook}/deliveries", None, who, f"{hook}/test")
        if operation in {"getTest", "cancelTest"}:
            things["test"] = self._one_of(f"/channels/{channel}/tests", None, "olga")
        return things

    def _one_of(self, path: str, body: Any, who: str, made_by: str | None = None) -> str:
        """Return the id of what is listed there, and make it if it is gone."""
        listed = self.ask("GET", path, as_=who)["items"]
        return str((listed or [self.ask("POST", made_by or path, body, who)])[0]["id"])


@pytest.fixture(scope="module")
def show() -> Show:
    return make_show(VideoSettings(), AudioSettings())


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, show: Show) -> Iterator[Furnished]:
    # A limit of what one may do is no answer to whether one may.
    limits = {
        "accounts.api.burst": "1000000",
        "accounts.api.per_minute": "1e9",
        "accounts.passwords.memory_kib": "64",
        "accounts.passwords.passes": "1",
    }
    flags = [part for name, text in limits.items() for part in ("--set", f"{name}={text}")]
    with accounts_server(Path(tmp_path_factory.mktemp("everybody")), *flags) as server:
        run_command(
            server.data, "user", "add", "otto@example.org", "--name", "otto",
            typed=f"{PASSWORD}\n{PASSWORD}\n",
        )  # fmt: skip
        on_air = AccountsOnAir(server.http_url, server.log, {})
        made = Furnished(on_air, {})
        for name in CALLERS[1:]:
            person = {"email": f"{name}@example.org", "password": PASSWORD, "kind": "client"}
            on_air.tokens[str(name)] = made.ask("POST", "/sessions", person, None)["accessToken"]
        fay = made.ask("GET", "/me", as_="fay")["id"]
        for channel, visibility in (("open", "public"), ("shut", "private")):
            made.ask("POST", "/channels", {"name": channel, "visibility": visibility})
            made.ask("PUT", f"/channels/{channel}/moderators/{fay}")
        asyncio.run(_have_been_live(server, made, show))
        yield made


async def _have_been_live(server: RillcastServer, made: Furnished, show: Show) -> None:
    for channel in ("open", "shut"):
        key = stream_key(server, channel)
        async with RtmpPublisher(server.rtmp_url, key) as publisher, publisher.sending(show):
            made.broadcasts[channel] = await _broadcast_of(made, channel)


async def _broadcast_of(made: Furnished, channel: str) -> str:
    ends = time.monotonic() + 180
    while time.monotonic() < ends:
        listed = await asyncio.to_thread(made.ask, "GET", f"/channels/{channel}/broadcasts")
        if listed["items"]:
            return str(listed["items"][0]["id"])
        await asyncio.sleep(0.1)
    raise AssertionError(f"expected a broadcast of {channel}, got none")


def _operations(made: Furnished) -> dict[str, tuple[str, str, Any]]:
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in made.on_air.document()["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_of_the_document_is_in_a_table(furnished: Furnished) -> None:
    of_people = {
        name
        for name, (_, _, operation) in _operations(furnished).items()
        if operation["tags"][0] in OF_PEOPLE
    }
    tables = [set(TABLE), set(OF_CHANNELS), set(OF_ROOMS), of_people]
    assert set.union(*tables) == set(_operations(furnished))
    assert sum(map(len, tables)) == len(_operations(furnished))  # each is in one


@pytest.mark.parametrize("name", sorted(TABLE))
def test_everybody_gets_what_the_table_says(furnished: Furnished, name: str) -> None:
    method, path, operation = _operations(furnished)[name]
    query, body, on_open, on_shut = TABLE[name]
    parameters = {each["name"] for each in operation.get("parameters", ())}
    headers = {"If-Match": '"0-none"'} if "If-Match" in parameters else {}
    wrong = []
    for place, caller in enumerate(CALLERS):
        for channel, expected in (("open", on_open), ("shut", on_shut)):
            if expected is None:
                continue
            asked = path.format(**furnished.things(name, channel)) + query
            got = furnished.on_air.ask(method, asked, body, as_=caller, headers=headers)
            is_right = got.status == expected[place]
            if name.startswith("replay") and expected[place] == 409:
                is_right = got.status in {202, 409}  # whether the first one has been sent by then
            if not is_right:
                wrong.append((channel, caller, expected[place], got.status, got.body))
            if expected[place] == 404 and caller is not None:
                assert furnished.broadcasts[channel] not in str(got.body)
    assert wrong == []

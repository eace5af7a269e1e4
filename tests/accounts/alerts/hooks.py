"""Webhooks of tests: made, looked at, and their signatures checked."""

import base64
import hashlib
import hmac
import json
from typing import Any

from accounts.webhooks.event import EventKind
from accounts.webhooks.webhook import Delivery
from accounts.webhooks.webhooks import NewSecret
from tests.accounts.alerts.alerting import Alerting
from tests.accounts.channels.world import ADMIN, OWNER
from tests.accounts.outbound.receiver import Got

HOUR_MS = 3_600_000


async def hook(
    on: Alerting, url: str, *kinds: EventKind, channel: str | None = "studio", **more: Any
) -> NewSecret:
    return await on.side.webhooks.create(
        channel,
        OWNER if channel else ADMIN,
        **{
            "name": "Mine",
            "url": url,
            "kinds": kinds or tuple(EventKind),
            "is_enabled": True,
            **more,
        },
    )


async def log(on: Alerting, made: NewSecret, channel: str | None = "studio") -> list[Delivery]:
    asker = OWNER if channel else ADMIN
    page = await on.side.delivery_log.page(channel, asker, made.webhook.id, None, 100)
    return list(page.items)


def verified(got: Got, *secrets: str) -> Any:
    """Check a request as Standard Webhooks says, and return what it tells."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    signatures = got.headers["webhook-signature"].split(" ")
    assert len(signatures) == len(secrets)
    for signature, secret in zip(signatures, secrets, strict=True):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert signature == f"v1,{expected}"
    return json.loads(got.body)

"""Subscriptions: which browsers of an account get alerts."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import FieldFault, InvalidFieldsError
from accounts.outbound.errors import TargetError
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import parse_target
from accounts.ports import Clock
from accounts.push.browser_name import browser_name
from accounts.push.settings import PushSettings
from accounts.push.tables import push_subscriptions
from accounts.storage import Database, new_id

_AUTH_BYTES: Final = 16  # RFC 8291, 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """A browser that gets alerts. `service` is the host of its push service."""

    id: str
    account_id: str
    service: str
    browser: str
    created_at_ms: int
    used_at_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSubscription:
    """What a browser's PushManager made; keys are base64url."""

    endpoint: str = field(repr=False)
    p256dh: str
    auth: str = field(repr=False)
    user_agent: str


class Subscriptions:
    """Takes, lists and forgets browsers."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: PushSettings,
        outbound: OutboundSettings,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._outbound = outbound

    async def put(
        self, account_id: str, offered: OfferedSubscription, session_id: str | None = None
    ) -> PushSubscription:
        """Send alerts to a browser, until its log-in is ended. Raises InvalidFieldsError.

        A browser has one endpoint: known, it is this account's from now on, for who knows an
        endpoint sits at the browser. The one that was unused longest makes room for a new one.
        """
        values = self._checked(offered) | {"session_id": session_id}
        digest, now_ms = hashlib.sha256(offered.endpoint.encode()).digest(), self._clock()

        async def work(connection: AsyncConnection) -> PushSubscription:
            table = push_subscriptions
            known = await connection.scalar(
                select(table.c.id).where(table.c.endpoint_digest == digest)
            )
            if known is not None:
                changed = values | {"account_id": account_id}
                await connection.execute(update(table).where(table.c.id == known).values(changed))
            else:
                known = new_id("psb")
                await connection.execute(
                    insert(table).values(
                        **values,
                        id=known,
                        account_id=account_id,
                        endpoint_digest=digest,
                        created_at_ms=now_ms,
                    )
                )
            rows = await _rows(connection, account_id)
            for row in [each for each in rows if each.id != known][
                self._settings.per_account - 1 :
            ]:
                await connection.execute(delete(table).where(table.c.id == row.id))
            return next(_subscription(row) for row in rows if row.id == known)

        return await self._database.write(work)

    async def of_account(self, account_id: str) -> tuple[PushSubscription, ...]:
        """Return an account's browsers, the one that was used last first."""
        async with self._database.reading() as connection:
            return tuple(map(_subscription, await _rows(connection, account_id)))

    async def delete(self, account_id: str, subscription_id: str) -> bool:
        """Send nothing to a browser any more; whether there was such a one."""

        async def work(connection: AsyncConnection) -> bool:
            gone = await connection.execute(
                delete(push_subscriptions).where(
                    push_subscriptions.c.id == subscription_id,
                    push_subscriptions.c.account_id == account_id,
                )
            )
            return bool(gone.rowcount)

        return await self._database.write(work)

    def _checked(self, offered: OfferedSubscription) -> dict[str, Any]:
        faults: list[FieldFault] = []
        service = ""
        try:
            service = parse_target(offered.endpoint, self._outbound).host
        except TargetError as error:
            faults.append(FieldFault("endpoint", str(error)))
        public_key = _decoded(offered.p256dh)
        try:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
        except ValueError:
            faults.append(FieldFault("keys.p256dh", "expected a point of P-256 in base64url"))
        auth = _decoded(offered.auth)
        if len(auth) != _AUTH_BYTES:
            faults.append(FieldFault("keys.auth", f"expected {_AUTH_BYTES} bytes in base64url"))
        if faults:
            raise InvalidFieldsError(faults)
        return {
            "endpoint": offered.endpoint,
            "service": service,
            "public_key": public_key,
            "auth_secret": auth,
            "browser": browser_name(offered.user_agent),
        }


def _decoded(text: str) -> bytes:
    try:
        plain = text.rstrip("=").encode("ascii")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


async def _rows(connection: AsyncConnection, account_id: str) -> list[Any]:
    table = push_subscriptions
    found = (await connection.execute(select(table).where(table.c.account_id == account_id))).all()
    return sorted(
        found, key=lambda row: (row.used_at_ms or row.created_at_ms, row.id), reverse=True
    )


def _subscription(row: Any) -> PushSubscription:
    return PushSubscription(
        id=row.id,
        account_id=row.account_id,
        service=row.service,
        browser=row.browser,
        created_at_ms=row.created_at_ms,
        used_at_ms=row.used_at_ms,
    )

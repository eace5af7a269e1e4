"""Webhooks: makes, lists, changes and deletes them, for a channel's owner or for administrators."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import (
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
)
from accounts.channels.sight import Asker, see_channel
from accounts.channels.written_text import WrittenTextError, label
from accounts.outbound.errors import TargetError
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import parse_target
from accounts.people.sealing import Seal
from accounts.ports import Clock
from accounts.storage import Database, new_id
from accounts.webhooks.event import EventKind
from accounts.webhooks.settings import WebhooksSettings
from accounts.webhooks.signature import new_secret, secret_text
from accounts.webhooks.tables import webhook_deliveries, webhooks
from accounts.webhooks.webhook import DeliveryState, Webhook, webhook_of

_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook with its secret, which cannot be had again."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEdit:
    """What to change; None leaves it as it is."""

    name: str | None = None
    url: str | None = None
    kinds: Collection[EventKind] | None = None
    is_enabled: bool | None = None


class Webhooks:
    """Services for one place: a channel by its name or, with None, the whole server."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        seal: Seal,
        settings: WebhooksSettings,
        outbound: OutboundSettings,
    ) -> None:
        self.database = database
        self.clock = clock
        self._seal = seal
        self.settings = settings
        self._outbound = outbound

    async def of_place(self, channel: str | None, asker: Asker) -> tuple[Webhook, ...]:
        """Return all webhooks, the oldest first. Raises NotFoundError, NotAllowedError."""
        async with self.database.reading() as connection:
            here = await self.place(connection, channel, asker)
            rows = await connection.execute(
                select(webhooks).where(_is_of(here)).order_by(webhooks.c.id)
            )
            return tuple(map(webhook_of, rows))

    async def get(self, channel: str | None, asker: Asker, webhook_id: str) -> Webhook:
        """Return one. Raises NotFoundError, NotAllowedError."""
        async with self.database.reading() as connection:
            return await self.find(connection, channel, asker, webhook_id)

    async def create(
        self,
        channel: str | None,
        asker: Asker,
        *,
        name: str,
        url: str,
        kinds: Collection[EventKind],
        is_enabled: bool,
    ) -> NewSecret:
        """Make one. Raises LimitReachedError, InvalidFieldsError, and as `of_place`."""
        values = self._checked(WebhookEdit(name=name, url=url, kinds=kinds, is_enabled=is_enabled))
        webhook_id, secret = new_id("whk"), new_secret()

        async def work(connection: AsyncConnection) -> Webhook:
            here = await self.place(connection, channel, asker)
            limit = self.settings.of_server if here is None else self.settings.per_channel
            count = await connection.scalar(
                select(func.count()).select_from(webhooks).where(_is_of(here))
            )
            if (count or 0) >= limit:
                raise LimitReachedError(f"there are {limit} webhooks at most: delete one first")
            await connection.execute(
                insert(webhooks).values(
                    **values,
                    id=webhook_id,
                    channel_id=here,
                    made_by_id=asker.account_id,
                    secret=self._seal.close(secret, webhook_id),
                    revision=1,
                    created_at_ms=self.clock(),
                )
            )
            return await _row(connection, here, webhook_id)

        return NewSecret(await self.database.write(work), secret_text(secret))

    async def edit(
        self,
        channel: str | None,
        asker: Asker,
        webhook_id: str,
        edit: WebhookEdit,
        check_revision: Callable[[int], None],
    ) -> Webhook:
        """Change one. Raises InvalidFieldsError, and as `get`."""
        values = self._checked(edit)

        async def work(connection: AsyncConnection) -> Webhook:
            found = await self.find(connection, channel, asker, webhook_id)
            check_revision(found.revision)
            changed = dict(values)
            if edit.is_enabled or edit.url is not None:
                changed |= {"failing_since_ms": None, "disabled_reason": None}
            await connection.execute(
                update(webhooks)
                .where(webhooks.c.id == found.id)
                .values(**changed, revision=found.revision + 1)
            )
            if edit.is_enabled is False:
                await give_up_waiting(connection, found.id)
            return await _row(connection, found.channel_id, found.id)

        return await self.database.write(work)

    async def rotate(self, channel: str | None, asker: Asker, webhook_id: str) -> NewSecret:
        """Sign with a new secret; with the old one, too, for some hours. Raises as `get`."""
        secret, now_ms = new_secret(), self.clock()

        async def work(connection: AsyncConnection) -> Webhook:
            found = await self.find(connection, channel, asker, webhook_id)
            await connection.execute(
                update(webhooks)
                .where(webhooks.c.id == found.id)
                .values(
                    previous_secret=webhooks.c.secret,
                    previous_until_ms=now_ms + self.settings.previous_secret_hours * _HOUR_MS,
                    secret=self._seal.close(secret, found.id),
                    rotated_at_ms=now_ms,
                    revision=found.revision + 1,
                )
            )
            return await _row(connection, found.channel_id, found.id)

        return NewSecret(await self.database.write(work), secret_text(secret))

    async def delete(self, channel: str | None, asker: Asker, webhook_id: str) -> None:
        """Delete one with all its deliveries. Raises as `get`."""

        async def work(connection: AsyncConnection) -> None:
            found = await self.find(connection, channel, asker, webhook_id)
            await connection.execute(delete(webhooks).where(webhooks.c.id == found.id))

        await self.database.write(work)

    async def place(
        self, connection: AsyncConnection, channel: str | None, asker: Asker
    ) -> str | None:
        """Return the channel's id, or None. Raises NotFoundError, NotAllowedError."""
        if channel is None:
            if not asker.is_admin:
                raise NotAllowedError("only administrators may do this")
            return None
        sight = await see_channel(connection, channel, asker, self.clock())
        return sight.require_owner().channel.id

    async def find(
        self, connection: AsyncConnection, channel: str | None, asker: Asker, webhook_id: str
    ) -> Webhook:
        """Return one, within a transaction. Raises NotFoundError, NotAllowedError."""
        here = await self.place(connection, channel, asker)
        return await _row(connection, here, webhook_id)

    def _checked(self, edit: WebhookEdit) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: list[FieldFault] = []
        if edit.name is not None:
            try:
                values["name"] = label(edit.name)
            except WrittenTextError as error:
                faults.append(FieldFault("name", str(error)))
        if edit.url is not None:
            try:
                target = parse_target(edit.url, self._outbound)
                values |= {"url": target.url, "host": target.host}
            except TargetError as error:
                faults.append(FieldFault("url", str(error)))
        if edit.kinds is not None:
            values["kinds"] = sorted(kind.value for kind in set(edit.kinds))
            if not edit.kinds:
                faults.append(FieldFault("events", "expected at least one"))
        if edit.is_enabled is not None:
            values["is_enabled"] = edit.is_enabled
        if faults:
            raise InvalidFieldsError(faults)
        return values


async def give_up_waiting(connection: AsyncConnection, webhook_id: str) -> None:
    """Note as failed what waits for a webhook that is switched off."""
    await connection.execute(
        update(webhook_deliveries)
        .where(
            webhook_deliveries.c.webhook_id == webhook_id,
            webhook_deliveries.c.due_at_ms.is_not(None),
        )
        .values(
            state=DeliveryState.FAILED.value,
            due_at_ms=None,
            leased_until_ms=None,
            error="switched-off",
        )
    )


def _is_of(channel_id: str | None) -> ColumnElement[bool]:
    here = webhooks.c.channel_id
    return here.is_(None) if channel_id is None else here == channel_id


async def _row(connection: AsyncConnection, here: str | None, webhook_id: str) -> Webhook:
    found = await connection.execute(
        select(webhooks).where(webhooks.c.id == webhook_id, _is_of(here))
    )
    row = found.first()
    if row is None:
        raise NotFoundError("there is no such webhook here")
    return webhook_of(row)

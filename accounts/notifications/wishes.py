"""Wishes: which notifications somebody wants, of which channels, and when not aloud."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import LimitReachedError
from accounts.channels.sight import Asker, see_channel
from accounts.notifications.kind import Kind
from accounts.notifications.quiet_hours import QuietHours, quiet_hours_of
from accounts.notifications.tables import notification_mutes, notification_settings
from accounts.ports import Clock
from accounts.storage import Database

MUTED_CHANNELS_MAX: Final = 5_000  # as many as an account may follow, unless set otherwise


@dataclass(frozen=True, slots=True)
class Wish:
    """What an account wants of all channels. `revision` is 0 until it says anything.

    Of what is not muted, browsers that agreed are told what is not in `push_muted`, and mailed is
    what is in `mailed`: mail is for those who chose it.
    """

    muted: frozenset[Kind]
    quiet_hours: QuietHours | None
    revision: int = 0
    push_muted: frozenset[Kind] = frozenset()
    mailed: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """What an account wants of one channel; None leaves it to what it wants of all."""

    muted: frozenset[Kind] = frozenset()
    push: bool | None = None
    email: bool | None = None


class Wishes:
    """Reads and changes wishes. A follow's level says how much of its channel comes at all."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, account_id: str) -> Wish:
        """Return what an account wants."""
        async with self._database.reading() as connection:
            return await _wish_of(connection, account_id)

    async def put(self, account_id: str, wish: Wish, check_revision: Callable[[int], None]) -> Wish:
        """Want something else. `check_revision` raises if the editor knows another revision."""
        quiet_hours = wish.quiet_hours
        values: dict[str, Any] = {
            "muted_kinds": _texts(wish.muted),
            "push_muted_kinds": _texts(wish.push_muted),
            "email_kinds": _texts(wish.mailed),
            "quiet_from_min": None if quiet_hours is None else quiet_hours.from_min,
            "quiet_to_min": None if quiet_hours is None else quiet_hours.to_min,
            "time_zone": None if quiet_hours is None else quiet_hours.time_zone,
        }

        async def work(connection: AsyncConnection) -> int:
            before = await _wish_of(connection, account_id)
            check_revision(before.revision)
            revision = before.revision + 1
            if before.revision:
                changed = update(notification_settings).where(
                    notification_settings.c.account_id == account_id
                )
                await connection.execute(changed.values(**values, revision=revision))
            else:
                await connection.execute(
                    insert(notification_settings).values(
                        account_id=account_id, **values, revision=revision
                    )
                )
            return revision

        return replace(wish, revision=await self._database.write(work))

    async def of_channel(self, channel: str, asker: Asker) -> ChannelWish:
        """Return what an account wants of one channel. Raises NotFoundError."""
        async with self._database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._clock())
            return await _wish_of_channel(connection, asker.account_id, sight.channel.id)

    async def put_of_channel(
        self,
        channel: str,
        asker: Asker,
        wish: ChannelWish,
        check: Callable[[ChannelWish], None],
    ) -> None:
        """Want something else of one channel. Raises NotFoundError, LimitReachedError.

        `check` is given what was wanted before, and raises if the editor knows something else.
        """

        async def work(connection: AsyncConnection) -> None:
            sight = await see_channel(connection, channel, asker, self._clock())
            row = {"account_id": asker.account_id, "channel_id": sight.channel.id}
            check(await _wish_of_channel(connection, asker.account_id, sight.channel.id))
            await connection.execute(
                delete(notification_mutes).where(
                    notification_mutes.c.account_id == row["account_id"],
                    notification_mutes.c.channel_id == row["channel_id"],
                )
            )
            if wish != ChannelWish():
                count = await connection.scalar(
                    select(func.count())
                    .select_from(notification_mutes)
                    .where(notification_mutes.c.account_id == asker.account_id)
                )
                if (count or 0) >= MUTED_CHANNELS_MAX:
                    raise LimitReachedError(f"expected at most {MUTED_CHANNELS_MAX} channels")
                await connection.execute(
                    insert(notification_mutes).values(
                        **row, kinds=_texts(wish.muted), push=wish.push, email=wish.email
                    )
                )

        await self._database.write(work)


async def mail_no_more(connection: AsyncConnection, account_id: str) -> None:
    """Take back every wish of an account for mails, within a transaction."""
    settings, mutes = notification_settings, notification_mutes
    await connection.execute(
        update(settings)
        .where(settings.c.account_id == account_id)
        .values(email_kinds=[], revision=settings.c.revision + 1)
    )
    await connection.execute(
        update(mutes)
        .where(mutes.c.account_id == account_id, mutes.c.email.is_(True))
        .values(email=None)
    )


async def _wish_of_channel(
    connection: AsyncConnection, account_id: str | None, channel_id: str
) -> ChannelWish:
    row = (
        await connection.execute(
            select(notification_mutes).where(
                notification_mutes.c.account_id == account_id,
                notification_mutes.c.channel_id == channel_id,
            )
        )
    ).first()
    return ChannelWish() if row is None else ChannelWish(_kinds(row.kinds), row.push, row.email)


async def _wish_of(connection: AsyncConnection, account_id: str) -> Wish:
    row = (
        await connection.execute(
            select(notification_settings).where(notification_settings.c.account_id == account_id)
        )
    ).first()
    if row is None:
        return Wish(frozenset(), None)
    return Wish(
        _kinds(row.muted_kinds),
        quiet_hours_of(row),
        row.revision,
        _kinds(row.push_muted_kinds or ()),
        _kinds(row.email_kinds or ()),
    )


def _kinds(texts: Collection[str]) -> frozenset[Kind]:
    return frozenset(Kind(text) for text in texts)


def _texts(kinds: Collection[Kind]) -> list[str]:
    return sorted(kind.value for kind in kinds)

"""PeopleSide: the people side of accounts, put together for one server."""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import select

from accounts.api.resources.people import people_resources
from accounts.channels.tables import channels
from accounts.chat.emotes import emote_pictures
from accounts.events import AccountsEvent, RefreshTokenReused, SignInRefused
from accounts.images import PictureFolder
from accounts.key_ring import KeyRing
from accounts.mail.couriers import Courier, FolderCourier, SmtpCourier
from accounts.mail.outbox import Outbox
from accounts.mail.texts import PageLinks
from accounts.people.context import PeopleContext
from accounts.people.people import People
from accounts.ports import Clock, Emit
from accounts.settings import AccountsSettings
from accounts.storage import Database
from analytics.operations.state import QueueState
from config.channel_belongings import ChannelBelongings

KEY_RING_NAME: Final = "accounts-keys.json"
MAIL_FOLDER_NAME: Final = "mail"
PICTURE_FOLDER_NAME: Final = "pictures"
_DRAIN_S: Final = 5.0
_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.people")


class PeopleSide:
    """Services and tasks of one server. Start and stop it once.

    `public_url` says how browsers reach the server: what mails link to.
    """

    def __init__(
        self,
        database: Database,
        settings: AccountsSettings,
        data: Path,
        *,
        public_url: Callable[[], str],
        keys: KeyRing,
        pictures: PictureFolder,
        clock: Clock,
        emit: Emit,
    ) -> None:
        self._database = database
        self._mail_folder = data / MAIL_FOLDER_NAME
        self._is_mailed = bool(settings.mail.host)
        self.courier: Courier = (
            SmtpCourier(settings.mail) if self._is_mailed else FolderCourier(self._mail_folder)
        )
        self.outbox = Outbox(self.courier, settings.mail, clock)
        self.links = PageLinks(public_url)
        context = PeopleContext(
            database=database,
            clock=clock,
            emit=emit,
            mail=self.outbox,
            links=self.links,
        )
        self.people = People(
            context,
            settings,
            keys,
            pictures,
            ChannelBelongings(database),
            names_in_use=[self._artworks, self._emotes],
        )
        self.authenticator = self.people.authenticator
        self.resources: Sequence[object] = people_resources(
            self.people, public_url=settings.public_url
        )
        self._tasks: list[asyncio.Task[None]] = []

    def queues(self) -> Sequence[QueueState]:
        """Say how full the queue of mails is."""
        outbox = self.outbox
        return (QueueState("mail", len(outbox), outbox.capacity, outbox.dropped_count),)

    async def start(self) -> str | None:
        """Begin to send mails; return the set-up link while there is no administrator."""
        if not self._is_mailed:
            _log.warning("mails are written to a folder", folder=str(self._mail_folder))
        self._tasks = [
            asyncio.create_task(self.outbox.run(), name="outbox"),
            asyncio.create_task(self.people.upkeep.run(), name="accounts-upkeep"),
        ]
        return await self.people.set_up.link()

    async def stop(self) -> None:
        """Send what waits, write what was used last, and end."""
        if self._tasks:
            await self.outbox.drain(_DRAIN_S)
            await self.authenticator.write_uses()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        self.people.close()

    async def _artworks(self) -> Collection[str]:
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(channels.c.artwork).where(channels.c.artwork.is_not(None)).distinct()
            )
            return {str(name) for name in rows.scalars()}

    async def _emotes(self) -> Collection[str]:
        async with self._database.reading() as connection:
            return await emote_pictures(connection)


def log_people_event(event: AccountsEvent) -> None:
    """Write what an operator wants to know of; no event holds a secret or an address."""
    match event:
        case RefreshTokenReused():
            _log.warning(
                "refresh token reused, log-in ended",
                account=event.account_id,
                session=event.session_id,
            )
        case SignInRefused():
            _log.info("sign-in refused", account=event.account_id, reason=event.reason)
        case _:
            pass

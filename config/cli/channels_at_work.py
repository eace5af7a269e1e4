"""The channel side for one command: as an administrator, on the settings' database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from accounts.channels.administration import Administration
from accounts.channels.channels import Channels
from accounts.channels.errors import ChannelsError
from accounts.channels.sight import Asker
from accounts.channels.stream_keys import StreamKeys
from accounts.people.account import account_by_email
from accounts.people.errors import PeopleError
from accounts.people.new_account import email_of
from accounts.storage import Database, StorageError
from config.accounts_database import accounts_database
from config.channel_side import channels_context
from config.cli.beside_server import tell_nobody, unix_ms_now
from config.cli.flag import fail
from config.settings import RillcastSettings

Result = TypeVar("Result")
OPERATOR = Asker(None, is_admin=True)
"""Whoever may run commands in the data folder may do everything."""


@dataclass(frozen=True, slots=True)
class ChannelsAtWork:
    """The services that commands need. What they change, running servers see within a moment."""

    database: Database
    channels: Channels
    keys: StreamKeys
    administration: Administration

    async def account_id(self, email: str) -> str:
        """Return whose address it is. Raises ChannelsError."""
        async with self.database.reading() as connection:
            account = await account_by_email(connection, email_of(email).key)
        if account is None:
            raise ChannelsError("there is no account with this address")
        return account.id


class _NothingLive:
    """Implements LiveControl for a process without live channels."""

    def live_channels(self) -> set[str]:
        return set()

    def principal_of(self, channel: str) -> str | None:  # noqa: ARG002 - LiveControl's signature
        """Return None: nobody publishes here."""
        return None

    def cut(self, channel: str, reason: str, *, ends_show: bool) -> bool:  # noqa: ARG002 - LiveControl's signature
        return False


def with_channels(
    settings: RillcastSettings, work: Callable[[ChannelsAtWork], Awaitable[Result]]
) -> Result:
    """Do some work on channels, or end the command with what was wrong."""

    async def run() -> Result:
        async with accounts_database(settings) as database:
            context = channels_context(
                database, unix_ms_now, tell_nobody, settings.accounts.channels
            )
            return await work(
                ChannelsAtWork(
                    database,
                    Channels(context),
                    StreamKeys(context),
                    Administration(context, _NothingLive()),
                )
            )

    try:
        return asyncio.run(run())
    except (ChannelsError, PeopleError, StorageError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot open the database: {error.strerror or error}")

"""The key that `rillcast demo` publishes with on a server with accounts, for as long as it runs.

Keys are kept as digests there, so the demo makes one of its own. For its own channel, `demo`, it
also makes the account that owns it: nobody can sign in to that, and administrators may delete it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import ChannelEdit
from accounts.channels.errors import NotFoundError
from accounts.people.account import account_by_email
from accounts.people.email_address import EmailAddress
from accounts.people.new_account import insert_account
from config.cli.beside_server import unix_ms_now
from config.cli.channels_at_work import OPERATOR, ChannelsAtWork, with_channels
from config.settings import RillcastSettings

DEMO_CHANNEL: Final = "demo"
_OWNER: Final = "demo@rillcast.internal"  # of a domain that no mail server has (ICANN, 2024)
_KEY_NAME: Final = "rillcast demo"


@contextmanager
def demo_key(settings: RillcastSettings, channel: str | None) -> Iterator[str]:
    """Give a channel a key, and take it back in the end. None: the demo's own channel."""
    name = DEMO_CHANNEL if channel is None else channel

    async def make(side: ChannelsAtWork) -> tuple[str, str]:
        try:
            keys = await side.keys.of_channel(name, OPERATOR)
        except NotFoundError:
            if channel is not None:
                raise
            await _make_channel(side)
            keys = ()
        for key in keys:
            if key.name == _KEY_NAME:  # of a demo that was killed
                await side.keys.revoke(name, OPERATOR, key.id)
        made, secret = await side.keys.create(name, OPERATOR, _KEY_NAME)
        return made.id, secret.reveal()

    key_id, secret = with_channels(settings, make)

    async def void(side: ChannelsAtWork) -> None:
        with suppress(NotFoundError):  # it was voided by somebody else meanwhile
            await side.keys.revoke(name, OPERATOR, key_id)

    try:
        yield secret
    finally:
        with_channels(settings, void)


async def _make_channel(side: ChannelsAtWork) -> None:
    email = EmailAddress.parse(_OWNER)

    async def owner(connection: AsyncConnection) -> str:
        account = await account_by_email(connection, email.key)
        if account is not None:
            return account.id
        return await insert_account(
            connection,
            email=email,
            password_hash=None,
            display_name="Rillcast demo",
            role="user",
            now_ms=unix_ms_now(),
        )

    owner_id = await side.database.write(owner)
    await side.channels.create(
        owner_id,
        DEMO_CHANNEL,
        ChannelEdit(title="Demo", description="A running clock and a tone, by `rillcast demo`."),
    )

"""Unsubscribing: a link that ends mails without a log-in (RFC 8058).

The link's token names the account and is signed; it holds no address and opens nothing else. It
stays good for as long as the server knows the key: a mail of last year must end them, too.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.key_ring import DerivedKeys
from accounts.mail_alerts.tables import mail_alerts, mail_turns
from accounts.notifications.tables import notification_mutes, notification_settings
from accounts.notifications.wishes import mail_no_more
from accounts.people.tables import accounts
from accounts.storage import Database

PURPOSE: Final = "rillcast unsubscribe links"
_MAC_BYTES: Final = 16
_TOKEN_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True)
class MailStanding:
    """Whether anything is mailed to an account."""

    account_id: str
    is_mailed: bool


class UnsubscribeTokens:
    """Makes and reads tokens of the form `account.key.mac`."""

    def __init__(self, keys: DerivedKeys) -> None:
        self._keys = keys

    def token_of(self, account_id: str) -> str:
        """Return the token that ends an account's mails."""
        return f"{account_id}.{self._keys.newest_id}.{_mac(self._keys.newest, account_id)}"

    def account_of(self, token: str) -> str | None:
        """Return whose mails a token ends; None if it was not made here."""
        parts = token.split(".")
        if len(token) > _TOKEN_CHARACTERS or not token.isascii() or len(parts) != 3:
            return None
        account_id, key_id, mac = parts
        key = self._keys.by_id.get(key_id)
        if key is None or not hmac.compare_digest(mac, _mac(key, account_id)):
            return None
        return account_id


class Unsubscribing:
    """Ends mails for whoever has a token."""

    def __init__(self, database: Database, tokens: UnsubscribeTokens) -> None:
        self._database = database
        self._tokens = tokens

    async def standing(self, token: str) -> MailStanding | None:
        """Return whether anything is mailed; None for a token that is of nobody here."""
        account_id = self._tokens.account_of(token)
        if account_id is None:
            return None
        async with self._database.reading() as connection:
            return await _standing(connection, account_id)

    async def end(self, token: str) -> MailStanding | None:
        """Mail nothing any more, of no channel; what waits is not sent. As often as you like."""
        account_id = self._tokens.account_of(token)
        if account_id is None:
            return None

        async def work(connection: AsyncConnection) -> MailStanding | None:
            before = await _standing(connection, account_id)
            if before is not None and before.is_mailed:
                await mail_no_more(connection, account_id)
                await drop_waiting_mail(connection, account_id)
            return await _standing(connection, account_id)

        return await self._database.write(work)


async def drop_waiting_mail(connection: AsyncConnection, account_id: str) -> None:
    """Forget what waits to be mailed to an account."""
    await connection.execute(delete(mail_alerts).where(mail_alerts.c.account_id == account_id))
    await connection.execute(
        update(mail_turns)
        .where(mail_turns.c.account_id == account_id)
        .values(due_at_ms=None, leased_until_ms=None)
    )


async def _standing(connection: AsyncConnection, account_id: str) -> MailStanding | None:
    settings, mutes = notification_settings, notification_mutes
    if await connection.scalar(select(accounts.c.id).where(accounts.c.id == account_id)) is None:
        return None
    kinds = await connection.scalar(
        select(settings.c.email_kinds).where(settings.c.account_id == account_id)
    )
    of_channel = await connection.scalar(
        select(mutes.c.channel_id)
        .where(mutes.c.account_id == account_id, mutes.c.email.is_(True))
        .limit(1)
    )
    return MailStanding(account_id, is_mailed=bool(kinds) or of_channel is not None)


def _mac(key: bytes, account_id: str) -> str:
    mac = hmac.digest(key, account_id.encode(), hashlib.sha256)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

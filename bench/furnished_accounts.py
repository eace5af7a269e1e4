"""A database with people, channels and stream keys, as a server has that has run for a while."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from accounts.channels.channel import ChannelEdit
from accounts.channels.channels import Channels
from accounts.channels.sight import Asker
from accounts.channels.stream_keys import StreamKeys
from accounts.people.email_address import EmailAddress
from accounts.people.new_account import insert_account
from accounts.people.passwords import Passwords
from accounts.storage import Database
from accounts.storage.migration import migrate
from config.accounts_database import database_of
from config.all_tables import all_tables
from config.channel_side import channels_context
from config.cli.beside_server import tell_nobody, unix_ms_now
from config.settings import RillcastSettings, load_settings

PASSWORD = "nine unrelated llamas"  # noqa: S105 - of people who do not exist
CATEGORIES = ("music", "gaming", "talk", "sports")
_WORDS = ("jazz", "night", "session", "open", "garden", "chess", "river", "morning", "studio")


@dataclass(frozen=True, slots=True)
class FurnishedAccounts:
    """What was made: `people` are addresses, all with PASSWORD; `keys` are one a channel's."""

    people: tuple[str, ...]
    channels: tuple[str, ...]
    keys: tuple[str, ...] = field(repr=False)

    def write_to(self, folder: Path) -> tuple[Path, Path]:
        """Write files for the load makers: the keys, and who and what there is."""
        keys, names = folder / "keys", folder / "names.json"
        keys.write_text("\n".join(self.keys))
        names.write_text(json.dumps({"people": self.people, "channels": self.channels}))
        return keys, names


def furnish(data: Path, database_url: str, people: int, channels: int) -> FurnishedAccounts:
    """Make the tables and fill them."""
    flags = {"data": data, "accounts": {"database": {"url": database_url}}}
    return asyncio.run(_furnish(load_settings(None, flags), people, channels))


async def _furnish(settings: RillcastSettings, people: int, channels: int) -> FurnishedAccounts:
    database = database_of(settings)
    try:
        await migrate(database, all_tables)
        emails = tuple(f"person{number}@example.org" for number in range(people))
        owners = await _people(database, settings, emails)
        context = channels_context(database, unix_ms_now, tell_nobody, settings.accounts.channels)
        names, keys = [], []
        for number in range(channels):
            # Five channels are as many as an account may have.
            owner_id = owners[number // 5 % people]
            title = " ".join(_WORDS[(number + place) % len(_WORDS)] for place in (0, 3, 5))
            edit = ChannelEdit(title=title, category=CATEGORIES[number % len(CATEGORIES)])
            made = await Channels(context).create(owner_id, f"bench{number}", edit)
            asker = Asker(owner_id, is_admin=False)
            _, key = await StreamKeys(context).create(made.name, asker, "encoder")
            names.append(made.name)
            keys.append(key.reveal())
        if not database.is_sqlite:
            # As PostgreSQL does by itself a minute later: without it every plan is a guess.
            async with database.writing() as connection:
                await connection.execute(text("ANALYZE"))
        return FurnishedAccounts(emails, tuple(names), tuple(keys))
    finally:
        await database.close()


async def _people(
    database: Database, settings: RillcastSettings, emails: tuple[str, ...]
) -> list[str]:
    passwords = Passwords(settings.accounts.passwords)
    try:
        password_hash = await passwords.hash(PASSWORD)  # one for all: it takes 25 ms
    finally:
        passwords.close()
    async with database.writing() as connection:
        return [
            await insert_account(
                connection,
                email=EmailAddress.parse(email),
                password_hash=password_hash,
                display_name=email.partition("@")[0],
                role="user",
                now_ms=unix_ms_now(),
            )
            for email in emails
        ]

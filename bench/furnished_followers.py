"""Followers who have signed in: rows that would take argon2 an hour, written at once."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import insert, select, update

from accounts.channels.follows import Level
from accounts.channels.tables import channels, follows
from accounts.people.account import ACCOUNT_ID_PREFIX
from accounts.people.secret_token import SESSION_PREFIX, digest_of, new_token
from accounts.people.sessions import SESSION_ID_PREFIX
from accounts.people.tables import accounts, sessions
from accounts.storage import new_id
from config.accounts_database import database_of
from config.cli.beside_server import unix_ms_now
from config.settings import RillcastSettings, load_settings

_DAY_MS: Final = 24 * 3600 * 1000


def furnish_followers(data: Path, followed: Sequence[str], count: int) -> list[str]:
    """Let `count` more people follow these channels of an embedded database; return cookies."""
    return asyncio.run(_furnish(load_settings(None, {"data": data}), followed, count))


async def _furnish(settings: RillcastSettings, followed: Sequence[str], count: int) -> list[str]:
    now_ms = unix_ms_now()
    people = {new_id(ACCOUNT_ID_PREFIX): new_token(SESSION_PREFIX) for _ in range(count)}
    database = database_of(settings)
    try:
        async with database.writing() as connection:
            ids = (
                await connection.scalars(select(channels.c.id).where(channels.c.name.in_(followed)))
            ).all()
            await connection.execute(
                insert(accounts),
                [
                    {
                        "id": account_id, "email": f"{account_id}@example.org",
                        "email_key": f"{account_id.lower()}@example.org", "role": "user",
                        "display_name": "Fan", "bio": "", "links": [], "revision": 1,
                        "created_at_ms": now_ms,
                    }
                    for account_id in people
                ],
            )  # fmt: skip
            await connection.execute(
                insert(sessions),
                [
                    {
                        "id": new_id(SESSION_ID_PREFIX), "account_id": account_id,
                        "kind": "browser", "lookup_digest": digest_of(cookie), "client": "bench",
                        "created_at_ms": now_ms, "proven_at_ms": now_ms, "used_at_ms": now_ms,
                        "expires_at_ms": now_ms + _DAY_MS,
                    }
                    for account_id, cookie in people.items()
                ],
            )  # fmt: skip
            if ids:
                await connection.execute(
                    insert(follows),
                    [
                        {
                            "account_id": account_id, "channel_id": channel_id,
                            "level": Level.LIVE.value, "created_at_ms": now_ms,
                        }
                        for channel_id in ids
                        for account_id in people
                    ],
                )  # fmt: skip
                await connection.execute(
                    update(channels)
                    .where(channels.c.id.in_(ids))
                    .values(follower_count=channels.c.follower_count + count)
                )
    finally:
        await database.close()
    return list(people.values())

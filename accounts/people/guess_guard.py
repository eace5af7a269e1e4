"""GuessGuard: makes whoever guesses wait, and knows who that is across restarts and processes.

Nothing here depends on whether an account exists: parties are named by what was sent.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.api.client_address import network_of
from accounts.people.errors import TooManyGuessesError
from accounts.people.guessing import (
    NO_FAILURES,
    GuessLimit,
    GuessRecord,
    after_failure,
    opens_at_ms,
    remembered,
)
from accounts.people.one_time_tokens import Purpose
from accounts.people.tables import guesses
from accounts.ports import Clock
from accounts.storage import Database

_SECOND_MS: Final = 1000
_MINUTE_MS: Final = 60 * _SECOND_MS
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS

# One who tries one account from one place: soon has to wait for minutes.
_PAIR: Final = GuessLimit(
    free=5, first_delay_ms=_SECOND_MS, longest_delay_ms=15 * _MINUTE_MS, forget_after_ms=_DAY_MS
)
# One who tries many accounts; an office or a school shares one address.
_ADDRESS: Final = GuessLimit(
    free=50, first_delay_ms=_SECOND_MS, longest_delay_ms=15 * _MINUTE_MS, forget_after_ms=_HOUR_MS
)
# Many who try one account. Its owner suffers, too, on a network where they have never signed in:
# so the delay stays short. 1,440 guesses a day find no password that was allowed, and a new one by
# mail does not wait.
_ACCOUNT: Final = GuessLimit(
    free=50, first_delay_ms=_SECOND_MS, longest_delay_ms=_MINUTE_MS, forget_after_ms=_DAY_MS
)
# A network that the right password came from is known for 30 days, and never waits for that. How
# many an account gets to know is bounded: 32, and then one a day.
_KNOWN: Final = GuessLimit(
    free=2**30, first_delay_ms=1, longest_delay_ms=1, forget_after_ms=30 * _DAY_MS
)
_NEWCOMERS: Final = GuessLimit(
    free=32, first_delay_ms=_DAY_MS, longest_delay_ms=_DAY_MS, forget_after_ms=30 * _DAY_MS
)
# Codes have six digits: 100 guesses a day, at three valid codes each, succeed in nine years.
_CODE: Final = GuessLimit(
    free=5, first_delay_ms=2 * _SECOND_MS, longest_delay_ms=15 * _MINUTE_MS, forget_after_ms=_DAY_MS
)
# Mails that anybody can have sent to somebody else's address.
_MAIL: Final = GuessLimit(
    free=4, first_delay_ms=10 * _MINUTE_MS, longest_delay_ms=6 * _HOUR_MS, forget_after_ms=_DAY_MS
)


@dataclass(frozen=True, slots=True)
class Party:
    """One who is counted: as what, and what names it."""

    kind: str
    name: str = field(repr=False)
    limit: GuessLimit = field(repr=False)


def pair_party(email_key: str, address: str) -> Party:
    """Return who is counted when a network sends a password for an account."""
    return Party("pair", f"{email_key}\0{network_of(address)}", _PAIR)


def address_party(address: str) -> Party:
    """Return who is counted when a network sends a password for any account."""
    return Party("address", network_of(address), _ADDRESS)


def known_party(email_key: str, address: str) -> Party:
    """Return who is counted when a network has sent an account's right password."""
    return Party("known", f"{email_key}\0{network_of(address)}", _KNOWN)


def newcomers_party(email_key: str) -> Party:
    """Return who is counted when an account's right password comes from a network anew."""
    return Party("newcomers", email_key, _NEWCOMERS)


def account_party(email_key: str) -> Party:
    """Return who is counted when anybody anywhere sends a password for an account."""
    return Party("account", email_key, _ACCOUNT)


def code_party(account_id: str) -> Party:
    """Return who is counted when a code of an account's second factor is sent."""
    return Party("code", account_id, _CODE)


def mail_party(purpose: Purpose, email_key: str) -> Party:
    """Return who is counted when somebody has a mail for one purpose sent to an address.

    Each purpose by itself: who has registrations mailed keeps no forgotten password's link away.
    """
    return Party("mail", f"{purpose.value}\0{email_key}", _MAIL)


class GuessGuard:
    """Counts failures in the database. `key` keeps what is counted from being read there."""

    def __init__(self, database: Database, key: bytes, clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock

    async def attempt(self, *parties: Party) -> None:
        """Count a failure for each, to be taken back by `succeed`. Raises TooManyGuessesError.

        Nothing is counted when one of them has to wait: waiting is not made longer by asking.
        """
        now_ms = self._clock()
        keyed = {self._digest(party): party for party in parties}

        async def work(connection: AsyncConnection) -> int:
            records = await _records(connection, list(keyed))
            wait_ms = 0
            for digest, party in keyed.items():
                record = remembered(records.get(digest, NO_FAILURES), party.limit, now_ms)
                wait_ms = max(wait_ms, opens_at_ms(record, party.limit) - now_ms)
            if wait_ms > 0:
                return wait_ms
            for digest, party in keyed.items():
                old = records.get(digest)
                failed = after_failure(old or NO_FAILURES, party.limit, now_ms)
                await _put(connection, digest, failed, party.limit, is_new=old is None)
            return 0

        wait_ms = await self._database.write(work)
        if wait_ms > 0:
            raise TooManyGuessesError(wait_ms)

    async def take_back(self, *parties: Party) -> None:
        """Count the last failure of each no more."""
        digests = [self._digest(party) for party in parties]

        async def work(connection: AsyncConnection) -> None:
            await _count_one_less(connection, digests)

        await self._database.write(work)

    async def has_counted(self, party: Party) -> bool:
        """Whether anything of it is remembered."""
        digest = self._digest(party)
        async with self._database.reading() as connection:
            record = (await _records(connection, [digest])).get(digest, NO_FAILURES)
        return remembered(record, party.limit, self._clock()).failures > 0

    async def succeed(self, *parties: Party) -> None:
        """Forget the failures of each; of addresses only the one that `attempt` counted.

        Otherwise one account of one's own would open an address again after every guess.
        """
        addresses = [self._digest(party) for party in parties if party.kind == "address"]
        forgotten = [self._digest(party) for party in parties if party.kind != "address"]

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(guesses).where(guesses.c.party.in_(forgotten)))
            await _count_one_less(connection, addresses)

        await self._database.write(work)

    async def allows(self, party: Party) -> bool:
        """Count one and return True, or return False if it is too many."""
        try:
            await self.attempt(party)
        except TooManyGuessesError:
            return False
        return True

    def _digest(self, party: Party) -> bytes:
        named = f"{party.kind}\0{party.name}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, named, hashlib.sha256).digest()


async def _records(
    connection: AsyncConnection, digests: Sequence[bytes]
) -> dict[bytes, GuessRecord]:
    rows = await connection.execute(
        select(guesses.c.party, guesses.c.failures, guesses.c.last_at_ms).where(
            guesses.c.party.in_(digests)
        )
    )
    return {bytes(row.party): GuessRecord(row.failures, row.last_at_ms) for row in rows}


async def _count_one_less(connection: AsyncConnection, digests: Sequence[bytes]) -> None:
    await connection.execute(
        update(guesses)
        .where(guesses.c.party.in_(digests), guesses.c.failures > 0)
        .values(failures=guesses.c.failures - 1)
    )


async def _put(
    connection: AsyncConnection,
    digest: bytes,
    record: GuessRecord,
    limit: GuessLimit,
    *,
    is_new: bool,
) -> None:
    values = {
        "failures": record.failures,
        "last_at_ms": record.last_ms,
        "forget_at_ms": record.last_ms + limit.forget_after_ms,
    }
    if is_new:
        await connection.execute(insert(guesses).values(party=digest, **values))
    else:
        await connection.execute(update(guesses).where(guesses.c.party == digest).values(**values))

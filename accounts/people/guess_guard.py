"""GuessGuard: makes whoever guesses wait, and knows who that is across restarts and processes.

Nothing here depends on whether an account exists: parties are named by what was sent.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, or_, select, update
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
from accounts.storage import Database, PreparedChange, PreparedRead

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
        wait_ms = await self._database.write(
            lambda connection: self._count(connection, parties), is_short=True
        )
        if wait_ms > 0:
            raise TooManyGuessesError(wait_ms)

    async def take_back(self, *parties: Party) -> None:
        """Count the last failure of each no more."""
        digests = [self._digest(party) for party in parties]

        async def work(connection: AsyncConnection) -> None:
            await _count_one_less(connection, digests)

        await self._database.write(work, is_short=True)

    async def has_counted(self, party: Party) -> bool:
        """Whether anything of it is remembered."""
        rows = await self._database.fetch(_RECORD, party=self._digest(party))
        record = GuessRecord(rows[0].failures, rows[0].last_at_ms) if rows else NO_FAILURES
        return remembered(record, party.limit, self._clock()).failures > 0

    async def succeed(self, *parties: Party) -> None:
        """Forget the failures of each; of addresses only the one that `attempt` counted.

        Otherwise one account of one's own would open an address again after every guess.
        """
        await self._database.write(
            lambda connection: self._forget(connection, parties), is_short=True
        )

    async def succeed_and_know(
        self, parties: Sequence[Party], known: Party, *, newcomer: Party | None
    ) -> None:
        """Do as `succeed`, and count `known` once; if `newcomer` is given, only if it may be."""

        async def work(connection: AsyncConnection) -> None:
            await self._forget(connection, parties)
            if newcomer is None or await self._count(connection, [newcomer]) == 0:
                await self._count(connection, [known])

        await self._database.write(work, is_short=True)

    async def _count(self, connection: AsyncConnection, parties: Sequence[Party]) -> int:
        """Count a failure for each; or return for how many ms one of them has to wait."""
        now_ms = self._clock()
        keyed = {self._digest(party): party for party in parties}
        records = await _records(connection, list(keyed))
        wait_ms = 0
        for digest, party in keyed.items():
            record = remembered(records.get(digest, NO_FAILURES), party.limit, now_ms)
            wait_ms = max(wait_ms, opens_at_ms(record, party.limit) - now_ms)
        if wait_ms > 0:
            return wait_ms
        await _put(
            connection,
            {
                digest: (
                    after_failure(records.get(digest, NO_FAILURES), party.limit, now_ms),
                    party,
                )
                for digest, party in keyed.items()
            },
            known=records,
        )
        return 0

    async def _forget(self, connection: AsyncConnection, parties: Sequence[Party]) -> None:
        addresses = [self._digest(party) for party in parties if party.kind == "address"]
        forgotten = [self._digest(party) for party in parties if party.kind != "address"]
        for some in _in_threes(forgotten):
            await _FORGET.within(connection, **some)
        await _count_one_less(connection, addresses)

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
    return {
        bytes(row.party): GuessRecord(row.failures, row.last_at_ms)
        for some in _in_threes(digests)
        for row in await _RECORDS.within(connection, **some)
    }


async def _count_one_less(connection: AsyncConnection, digests: Sequence[bytes]) -> None:
    for some in _in_threes(digests):
        await _COUNT_ONE_LESS.within(connection, **some)


async def _put(
    connection: AsyncConnection,
    counted: Mapping[bytes, tuple[GuessRecord, Party]],
    known: Collection[bytes],
) -> None:
    """Write records; `known` are those that have a row."""
    for digest, (record, party) in counted.items():
        values = {
            "failures": record.failures,
            "last_at_ms": record.last_ms,
            "forget_at_ms": record.last_ms + party.limit.forget_after_ms,
        }
        statement = _COUNT_AGAIN if digest in known else _COUNT_FIRST
        await statement.within(
            connection, **{f"new_{name}": number for name, number in values.items()}, which=digest
        )


def _in_threes(digests: Sequence[bytes]) -> Iterator[dict[str, bytes]]:
    """Return what `_ARE_THESE` compares with, so that all of them come; one may come twice."""
    for first in range(0, len(digests), 3):
        some = digests[first : first + 3]
        yield {"first": some[0], "second": some[1 % len(some)], "third": some[-1]}


_RECORD: Final = PreparedRead(
    select(guesses.c.failures, guesses.c.last_at_ms).where(guesses.c.party == bindparam("party"))
)
_NUMBERS: Final[Mapping[str, Any]] = {
    name: bindparam(f"new_{name}") for name in ("failures", "last_at_ms", "forget_at_ms")
}
_COUNT_FIRST: Final = PreparedChange(insert(guesses).values(party=bindparam("which"), **_NUMBERS))
_COUNT_AGAIN: Final = PreparedChange(
    update(guesses).where(guesses.c.party == bindparam("which")).values(**_NUMBERS)
)
# A list of any length would be another statement for each length.
_ARE_THESE: Final = or_(*(guesses.c.party == bindparam(n) for n in ("first", "second", "third")))
_RECORDS: Final = PreparedRead(
    select(guesses.c.party, guesses.c.failures, guesses.c.last_at_ms).where(_ARE_THESE)
)
_FORGET: Final = PreparedChange(delete(guesses).where(_ARE_THESE))
_COUNT_ONE_LESS: Final = PreparedChange(
    update(guesses)
    .where(_ARE_THESE, guesses.c.failures > 0)
    .values(failures=guesses.c.failures - 1)
)

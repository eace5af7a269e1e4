"""SecondFactors: a code from an app beside the password, and recovery codes for who lost it."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.mail.texts import PageLinks
from accounts.people.errors import ConflictingError, WrongCredentialsError
from accounts.people.sealing import Seal
from accounts.people.secret_token import digest_of
from accounts.people.tables import accounts, recovery_codes, second_factors
from accounts.people.totp import (
    RECOVERY_CODES,
    canonical_recovery_code,
    matching_step,
    new_recovery_code,
    new_secret,
    provisioning_uri,
)
from accounts.ports import Clock
from accounts.storage import Database, PreparedRead

_NEVER_STEP = -1
_ROW: Final = PreparedRead(
    select(
        second_factors.c.sealed_secret,
        second_factors.c.last_step,
        second_factors.c.confirmed_at_ms,
    ).where(second_factors.c.account_id == bindparam("account"))
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that is not yet in force: what the app has to be told."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


class SecondFactors:
    """Sets second factors up, checks their codes, and takes them away.

    A code is good once: the step that it belongs to is kept, and so is every earlier one
    (RFC 6238, 5.2). Recovery codes are deleted with their use.
    """

    def __init__(self, database: Database, seal: Seal, links: PageLinks, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._links = links
        self._clock = clock

    async def enrol(self, account_id: str) -> Enrolment:
        """Make a secret, in place of one that was never confirmed. Raises ConflictingError."""
        secret = new_secret()
        sealed = self._seal.close(secret.encode(), account_id)
        now_ms = self._clock()

        async def work(connection: AsyncConnection) -> str:
            if await is_in_force(connection, account_id):
                raise ConflictingError("there is a second factor already: remove it first")
            await connection.execute(
                delete(second_factors).where(second_factors.c.account_id == account_id)
            )
            await connection.execute(
                insert(second_factors).values(
                    account_id=account_id,
                    sealed_secret=sealed,
                    created_at_ms=now_ms,
                    last_step=_NEVER_STEP,
                )
            )
            email = await connection.scalar(
                select(accounts.c.email).where(accounts.c.id == account_id)
            )
            return str(email)

        email = await self._database.write(work)
        return Enrolment(secret, provisioning_uri(secret, email, f"Rillcast {self._links.host}"))

    async def confirm(self, account_id: str, code: str) -> tuple[str, ...]:
        """Put the secret in force by a first code, and return the recovery codes, shown once.

        Raises WrongCredentialsError, ConflictingError if there is nothing to confirm.
        """
        now_ms = self._clock()
        codes = _new_codes()

        async def work(connection: AsyncConnection) -> bool:
            row = await _row_of(connection, account_id)
            if row is None or row[2] is not None:
                raise ConflictingError("there is no second factor to confirm: set one up first")
            if not await self._accepts_app_code(connection, account_id, code, now_ms):
                return False
            await connection.execute(
                update(second_factors)
                .where(second_factors.c.account_id == account_id)
                .values(confirmed_at_ms=now_ms)
            )
            await _put_codes(connection, account_id, codes)
            return True

        if not await self._database.write(work):
            raise WrongCredentialsError("this code is wrong or was used: try the next one")
        return codes

    async def renew_codes(self, account_id: str) -> tuple[str, ...]:
        """Replace all recovery codes. Raises ConflictingError without a second factor."""
        codes = _new_codes()

        async def work(connection: AsyncConnection) -> None:
            if not await is_in_force(connection, account_id):
                raise ConflictingError("there is no second factor")
            await _put_codes(connection, account_id, codes)

        await self._database.write(work)
        return codes

    async def remove(self, account_id: str) -> bool:
        """Take the second factor away; return whether one was in force."""

        async def work(connection: AsyncConnection) -> bool:
            was = await is_in_force(connection, account_id)
            await remove_second_factor(connection, account_id)
            return was

        return await self._database.write(work)

    async def codes_left(self, account_id: str) -> int | None:
        """Return how many recovery codes are left, or None without a second factor."""
        async with self._database.reading() as connection:
            if not await is_in_force(connection, account_id):
                return None
            counted = await connection.scalar(
                select(func.count())
                .select_from(recovery_codes)
                .where(recovery_codes.c.account_id == account_id)
            )
            return int(counted or 0)

    async def accepts(self, connection: AsyncConnection, account_id: str, code: str) -> bool:
        """Whether a code is right, in the caller's transaction, which uses it up."""
        if await self._accepts_app_code(connection, account_id, code, self._clock()):
            return True
        digest = digest_of(canonical_recovery_code(code))
        used = await connection.execute(
            delete(recovery_codes)
            .where(recovery_codes.c.account_id == account_id, recovery_codes.c.digest == digest)
            .returning(recovery_codes.c.digest)
        )
        return used.one_or_none() is not None

    async def _accepts_app_code(
        self, connection: AsyncConnection, account_id: str, code: str, now_ms: int
    ) -> bool:
        row = await _row_of(connection, account_id)
        if row is None:
            return False
        secret = self._seal.open(row[0], account_id).decode()
        step = matching_step(secret, code, now_ms, row[1])
        if step is None:
            return False
        await connection.execute(
            update(second_factors)
            .where(second_factors.c.account_id == account_id)
            .values(last_step=step)
        )
        return True


async def is_in_force(connection: AsyncConnection, account_id: str) -> bool:
    """Whether signing in to the account takes a code."""
    row = await _row_of(connection, account_id)
    return row is not None and row[2] is not None


async def remove_second_factor(connection: AsyncConnection, account_id: str) -> None:
    """Take second factor and recovery codes away in the caller's transaction."""
    await connection.execute(
        delete(second_factors).where(second_factors.c.account_id == account_id)
    )
    await connection.execute(
        delete(recovery_codes).where(recovery_codes.c.account_id == account_id)
    )


async def _row_of(
    connection: AsyncConnection, account_id: str
) -> tuple[bytes, int, int | None] | None:
    row = await _ROW.first_within(connection, account=account_id)
    if row is None:
        return None
    return bytes(row.sealed_secret), row.last_step, row.confirmed_at_ms


def _new_codes() -> tuple[str, ...]:
    return tuple(new_recovery_code() for _ in range(RECOVERY_CODES))


async def _put_codes(connection: AsyncConnection, account_id: str, codes: tuple[str, ...]) -> None:
    await connection.execute(
        delete(recovery_codes).where(recovery_codes.c.account_id == account_id)
    )
    rows = [{"account_id": account_id, "digest": digest_of(code)} for code in codes]
    await connection.execute(insert(recovery_codes), rows)

"""Idempotency-Key: a create that is sent twice happens once (draft-ietf-httpapi-idempotency-key).

Whoever is unsure whether a request arrived sends it again with the same key, and gets the answer
to the first. Keys belong to one account and one operation. Only successes are kept: what was
refused has created nothing and may be sent again, corrected.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.ports import Clock
from accounts.storage.database import Database
from accounts.storage.metadata import Id, JsonText, UnixMs, metadata

KEY_LENGTH_LIMIT: Final = 255
KEYS_PER_ACCOUNT: Final = 500
# A request that began this long ago belongs to a process that has died.
RUN_LIMIT_MS: Final = 60_000
_DONE: Final = 0  # instead of a status: what was asked for is there, the answer not yet
_SWEEP_EVERY_MS: Final = 60_000

idempotent_requests = Table(
    "idempotent_requests",
    metadata,
    Column("account_id", Id, nullable=False),
    Column("operation_id", String(64), nullable=False),
    Column("key_digest", LargeBinary(32), nullable=False),
    Column("request_digest", LargeBinary(32), nullable=False),
    Column("begun_at_ms", UnixMs, nullable=False, index=True),
    Column("status", Integer),  # NULL while the request runs, _DONE once it has changed something
    Column("headers", JsonText),
    Column("body", Text),
    PrimaryKeyConstraint("account_id", "operation_id", "key_digest"),
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered the first time. `body` is None where it showed a secret."""

    status: int
    headers: dict[str, str]
    body: str | None = field(repr=False)


class RunningError(Exception):
    """The first request with this key has not been answered yet."""


class AnswerLostError(Exception):
    """The first request has done its work, but its process died before it could say so."""


class KeyReusedError(Exception):
    """The key came before, with another request."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What one request is remembered by; digests, so that the table holds nothing to replay."""

    account_id: str
    operation_id: str
    key_digest: bytes
    request_digest: bytes

    @classmethod
    def of(
        cls, account_id: str, operation_id: str, key: str, target: str, content: bytes
    ) -> "RequestKey":
        """Make it of the header and of all that the request asks for."""
        asked = hashlib.sha256(target.encode("utf-8", "surrogatepass") + b"\0" + content).digest()
        return cls(account_id, operation_id, hashlib.sha256(key.encode()).digest(), asked)


class IdempotentRequests:
    """Remembers requests and their answers for a while, at most KEYS_PER_ACCOUNT for each."""

    def __init__(self, database: Database, clock: Clock, keep_ms: int) -> None:
        self._database = database
        self._clock = clock
        self._keep_ms = keep_ms
        self._next_sweep_ms = 0

    async def begin(self, key: RequestKey) -> KeptAnswer | None:
        """Return the answer if there is one; None makes it the caller's task to find one.

        Then either `finish` or `forget` must follow. Raises RunningError, KeyReusedError,
        AnswerLostError.
        """
        now_ms = self._clock()
        if now_ms >= self._next_sweep_ms:
            self._next_sweep_ms = now_ms + _SWEEP_EVERY_MS
            await self._database.write(self._sweep)
        return await self._database.write(
            lambda connection: self._begin(connection, key, now_ms), is_short=True
        )

    async def note_done(self, connection: AsyncConnection, key: RequestKey) -> None:
        """Remember, in the transaction of the change itself, that there was one.

        Whatever happens to this process then, the same request makes no second change.
        """
        table = idempotent_requests
        await connection.execute(
            update(table).where(*_is(key), table.c.status.is_(None)).values(status=_DONE)
        )

    async def finish(self, key: RequestKey, answer: KeptAnswer) -> None:
        """Keep the answer."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(idempotent_requests)
                .where(*_is(key))
                .values(status=answer.status, headers=answer.headers, body=answer.body)
            )

        await self._database.write(work, is_short=True)

    async def forget(self, key: RequestKey) -> None:
        """Let the same key be used again: nothing has been created."""
        status = idempotent_requests.c.status

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                delete(idempotent_requests).where(*_is(key), or_(status.is_(None), status == _DONE))
            )

        await self._database.write(work, is_short=True)

    async def _begin(
        self, connection: AsyncConnection, key: RequestKey, now_ms: int
    ) -> KeptAnswer | None:
        table = idempotent_requests
        row = (await connection.execute(select(table).where(*_is(key)))).one_or_none()
        if row is not None and row.begun_at_ms > now_ms - self._keep_ms:
            if row.request_digest != key.request_digest:
                raise KeyReusedError
            if row.status not in {None, _DONE}:
                return KeptAnswer(row.status, row.headers, row.body)
            if row.begun_at_ms > now_ms - RUN_LIMIT_MS:
                raise RunningError
            if row.status == _DONE:
                raise AnswerLostError
        await connection.execute(delete(table).where(*_is(key)))
        await self._make_room(connection, key.account_id)
        await connection.execute(
            insert(table).values(
                account_id=key.account_id,
                operation_id=key.operation_id,
                key_digest=key.key_digest,
                request_digest=key.request_digest,
                begun_at_ms=now_ms,
            )
        )
        return None

    async def _make_room(self, connection: AsyncConnection, account_id: str) -> None:
        table = idempotent_requests
        own = table.c.account_id == account_id
        kept = (await connection.execute(select(func.count()).where(own))).scalar_one()
        if kept < KEYS_PER_ACCOUNT:
            return
        oldest = select(func.min(table.c.begun_at_ms)).where(own).scalar_subquery()
        await connection.execute(delete(table).where(own, table.c.begun_at_ms == oldest))

    async def _sweep(self, connection: AsyncConnection) -> None:
        table = idempotent_requests
        limit_ms = self._clock() - self._keep_ms
        await connection.execute(delete(table).where(table.c.begun_at_ms <= limit_ms))


def _is(key: RequestKey) -> tuple[Any, ...]:
    table = idempotent_requests
    return (
        table.c.account_id == key.account_id,
        table.c.operation_id == key.operation_id,
        table.c.key_digest == key.key_digest,
    )

"""A create that is sent twice happens once."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.api import idempotency
from accounts.api.idempotency import (
    KEYS_PER_ACCOUNT,
    RUN_LIMIT_MS,
    AnswerLostError,
    IdempotentRequests,
    KeptAnswer,
    RequestKey,
    RunningError,
    idempotent_requests,
)
from accounts.storage import Database
from accounts.storage.database import also_writing
from tests.accounts.api.conftest import Served
from tests.support.postgresql import PostgresServer

KEY = {"Idempotency-Key": "f3b1"}
DAY_MS = 86_400_000


@pytest.fixture(params=["sqlite_model", "postgresql"])
def model(request: pytest.FixtureRequest) -> PostgresServer | Path:
    found: PostgresServer | Path = request.getfixturevalue(request.param)
    return found


async def test_the_same_request_again_is_answered_the_same(served: Served) -> None:
    first, note = await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "a"})
    again, same = await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "a"})
    assert (again.status, same) == (201, note)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert served.notes.made_count == 1


async def test_the_same_key_with_another_request_is_refused(served: Served) -> None:
    await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "a"})
    response, problem = await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "b"})
    assert (response.status, problem["code"]) == (422, "idempotency-key-reused")


async def test_keys_of_others_are_others(served: Served) -> None:
    await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "a"})
    response, _ = await served.ask("POST", "/api/v1/notes", "bob", KEY, json={"title": "b"})
    assert response.status == 201


async def test_what_was_refused_may_be_sent_again_corrected(served: Served) -> None:
    await served.ask("POST", "/api/v1/notes", "ann", json={"title": "a"})
    refused, _ = await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "a"})
    made, _ = await served.ask("POST", "/api/v1/notes", "ann", KEY, json={"title": "b"})
    assert (refused.status, made.status) == (409, 201)


@pytest.mark.parametrize("key", ["", "a b", "é", "k" * 256])
async def test_a_key_that_is_none_is_refused(served: Served, key: str) -> None:
    headers = {"Idempotency-Key": key}
    response, problem = await served.ask(
        "POST", "/api/v1/notes", "ann", headers, json={"title": "a"}
    )
    assert (response.status, problem["errors"][0]["path"]) == (400, "Idempotency-Key:")


async def test_while_the_first_runs_the_second_is_told_so(served: Served) -> None:
    first = asyncio.ensure_future(served.ask("POST", "/api/v1/slow", "ann", KEY))
    await served.notes.begun.wait()
    response, problem = await served.ask("POST", "/api/v1/slow", "ann", KEY)
    assert (response.status, problem["code"]) == (409, "request-running")
    assert response.headers["Retry-After"] == "1"
    served.notes.go_on.set()
    assert (await first)[0].status == 201
    response, _ = await served.ask("POST", "/api/v1/slow", "ann", KEY)
    assert response.headers["Idempotency-Replayed"] == "true"
    assert served.notes.made_count == 1


async def test_twenty_at_once_make_one(served: Served) -> None:
    served.notes.go_on.set()
    answers = await asyncio.gather(
        *(served.ask("POST", "/api/v1/slow", "ann", KEY) for _ in range(20))
    )
    assert {response.status for response, _ in answers} <= {201, 409}
    assert served.notes.made_count == 1


async def test_a_write_runs_to_its_end_although_who_asked_has_left(served: Served) -> None:
    asked = asyncio.ensure_future(served.ask("POST", "/api/v1/slow", "ann", KEY))
    await served.notes.begun.wait()
    asked.cancel()
    served.notes.go_on.set()
    await served.notes.finished.wait()
    await served.api.close()
    response, _ = await served.ask("POST", "/api/v1/slow", "ann", KEY)
    assert (response.status, served.notes.made_count) == (201, 1)


async def test_a_secret_is_not_kept(served: Served, database: Database) -> None:
    first, shown = await served.ask("POST", "/api/v1/secrets", "ann", KEY)
    assert (first.status, shown["title"]) == (201, "hunter2")
    again, problem = await served.ask("POST", "/api/v1/secrets", "ann", KEY)
    assert (again.status, problem["code"]) == (409, "already-created")
    assert again.headers["Location"] == "/api/v1/secrets/1"
    async with database.reading() as connection:
        rows = (await connection.execute(select(idempotent_requests))).all()
    assert "hunter2" not in repr(rows)
    assert served.notes.made_count == 1


async def test_an_answer_is_forgotten_after_a_day(served: Served, database: Database) -> None:
    served.notes.go_on.set()
    await served.ask("POST", "/api/v1/slow", "ann", KEY)
    served.clock_ms[0] += DAY_MS
    await served.ask("POST", "/api/v1/slow", "ann", {"Idempotency-Key": "other"})
    async with database.reading() as connection:
        count = (
            await connection.execute(select(func.count()).select_from(idempotent_requests))
        ).scalar()
    assert count == 1
    await served.ask("POST", "/api/v1/slow", "ann", KEY)
    assert served.notes.made_count == 3


def a_key(number: int = 0) -> RequestKey:
    return RequestKey.of("acc_ann", "createNote", f"key{number}", "/notes", b"{}")


async def test_a_request_whose_process_died_may_be_sent_again(database: Database) -> None:
    now_ms = [0]
    requests = IdempotentRequests(database, lambda: now_ms[0], DAY_MS)
    assert await requests.begin(a_key()) is None
    now_ms[0] = RUN_LIMIT_MS - 1
    with pytest.raises(RunningError):
        await requests.begin(a_key())
    now_ms[0] = RUN_LIMIT_MS
    assert await requests.begin(a_key()) is None
    await requests.finish(a_key(), KeptAnswer(201, {}, "{}"))
    assert await requests.begin(a_key()) == KeptAnswer(201, {}, "{}")


async def test_an_account_keeps_a_bounded_number_of_keys(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "KEYS_PER_ACCOUNT", 5)
    assert KEYS_PER_ACCOUNT > 5
    now_ms = [0]
    requests = IdempotentRequests(database, lambda: now_ms[0], DAY_MS)
    for number in range(8):
        now_ms[0] += 1
        await requests.begin(a_key(number))
        await requests.finish(a_key(number), KeptAnswer(201, {}, str(number)))
    assert await requests.begin(a_key(7)) == KeptAnswer(201, {}, "7")
    assert await requests.begin(a_key(0)) is None
    async with database.reading() as connection:
        count = (
            await connection.execute(select(func.count()).select_from(idempotent_requests))
        ).scalar()
    assert count == 5


async def test_what_was_created_before_a_crash_is_not_created_again(database: Database) -> None:
    now_ms = 1_763_738_960_123
    key = RequestKey.of("acc_ann", "createNote", "k", "/notes", b"{}")

    async def insert_other(connection: AsyncConnection) -> None:
        other = RequestKey.of("acc_bob", "createNote", "k", "/notes", b"{}")
        await connection.execute(
            insert(idempotent_requests).values(
                account_id=other.account_id,
                operation_id=other.operation_id,
                key_digest=other.key_digest,
                request_digest=other.request_digest,
                begun_at_ms=now_ms,
            )
        )

    async def fail(connection: AsyncConnection) -> None:
        await insert_other(connection)
        raise RuntimeError

    dying = IdempotentRequests(database, lambda: now_ms, DAY_MS)
    assert await dying.begin(key) is None
    with (
        also_writing(lambda connection: dying.note_done(connection, key)),
        pytest.raises(RuntimeError),
    ):
        await database.write(fail)
    later = IdempotentRequests(database, lambda: now_ms + RUN_LIMIT_MS, DAY_MS)
    assert await later.begin(key) is None  # nothing had been created
    with also_writing(lambda connection: later.note_done(connection, key)):
        await database.write(insert_other)
    # The process is killed here: neither `finish` nor `forget` follows.
    next_one = IdempotentRequests(database, lambda: now_ms + RUN_LIMIT_MS + 1, DAY_MS)
    with pytest.raises(RunningError):
        await next_one.begin(key)
    much_later = IdempotentRequests(database, lambda: now_ms + 3 * RUN_LIMIT_MS, DAY_MS)
    with pytest.raises(AnswerLostError):
        await much_later.begin(key)

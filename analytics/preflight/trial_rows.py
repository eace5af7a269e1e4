"""Rows of trials, read and changed within somebody's transaction."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import and_, column, delete, func, insert, select, table, update
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.preflight.tables import test_keys
from analytics.preflight.trial import Trial, TrialReport, TrialState
from analytics.preflight.trial_key import NewTrialKey

ENCODER_CHARACTERS: Final = 100
_channels: Final = table("channels", column("id"), column("owner_id"))


def trial_of(row: Any) -> Trial:
    """Return what a row says."""
    return Trial(
        id=row.id,
        channel_id=row.channel_id,
        lookup=row.lookup,
        row_state=TrialState(row.state),
        created_at_ms=row.created_at_ms,
        expires_at_ms=row.expires_at_ms,
        encoder=row.encoder,
        started_at_ms=row.started_at_ms,
        seen_at_ms=row.seen_at_ms,
        ended_at_ms=row.ended_at_ms,
        report=None if row.report is None else _reports().validate_python(row.report),
    )


async def read_trials(connection: AsyncConnection, channel_id: str) -> list[Trial]:
    """Return a channel's trials, the newest first."""
    rows = await connection.execute(
        select(test_keys)
        .where(test_keys.c.channel_id == channel_id)
        .order_by(test_keys.c.created_at_ms.desc(), test_keys.c.id.desc())
    )
    return list(map(trial_of, rows))


async def read_trial(connection: AsyncConnection, channel_id: str, trial_id: str) -> Trial | None:
    """Return one trial of a channel, if there is such."""
    row = (
        await connection.execute(
            select(test_keys).where(
                test_keys.c.id == trial_id, test_keys.c.channel_id == channel_id
            )
        )
    ).first()
    return None if row is None else trial_of(row)


async def count_measured(connection: AsyncConnection, channel_id: str, since_ms: int) -> int:
    """Count the trials of all channels of a channel's owner whose encoders are measured.

    Those that were written down since then: whose server is gone is not measured any more.
    """
    owner = select(_channels.c.owner_id).where(_channels.c.id == channel_id).scalar_subquery()
    own = select(_channels.c.id).where(_channels.c.owner_id == owner)
    found = await connection.scalar(
        select(func.count()).where(
            test_keys.c.channel_id.in_(own),
            test_keys.c.state == TrialState.RECEIVING.value,
            test_keys.c.seen_at_ms > since_ms,
        )
    )
    return int(found or 0)


async def insert_trial(
    connection: AsyncConnection,
    *,
    trial_id: str,
    channel_id: str,
    key: NewTrialKey,
    now_ms: int,
    expires_at_ms: int,
) -> None:
    """Write down a trial that waits for its encoder."""
    await connection.execute(
        insert(test_keys).values(
            id=trial_id,
            channel_id=channel_id,
            lookup=key.lookup,
            digest=key.digest,
            created_at_ms=now_ms,
            expires_at_ms=expires_at_ms,
            state=TrialState.WAITING.value,
        )
    )


async def delete_trials(connection: AsyncConnection, ids: list[str]) -> int:
    """Forget trials; return how many there were."""
    gone = await connection.execute(delete(test_keys).where(test_keys.c.id.in_(ids)))
    return int(gone.rowcount)


async def delete_old_trials(connection: AsyncConnection, before_ms: int) -> None:
    """Forget all trials that were made earlier."""
    await connection.execute(delete(test_keys).where(test_keys.c.created_at_ms < before_ms))


async def claim_trial(
    connection: AsyncConnection, trial_id: str, run: str, encoder: str, now_ms: int
) -> bool:
    """Say that a publisher is measured; whether the trial still waits for one.

    Whoever was measured before, here or by another server, finds that it is not any more.
    """
    done = await connection.execute(
        update(test_keys)
        .where(test_keys.c.id == trial_id, test_keys.c.state != TrialState.GRADED.value)
        .values(
            state=TrialState.RECEIVING.value,
            run=run,
            encoder=encoder[:ENCODER_CHARACTERS],
            started_at_ms=now_ms,
            seen_at_ms=now_ms,
            report=None,
        )
    )
    return bool(done.rowcount)


async def save_run(
    connection: AsyncConnection,
    trial_id: str,
    run: str,
    report: TrialReport | None,
    changes: Mapping[str, object],
) -> bool:
    """Write down what a publisher's measuring came to; whether it is still this one's turn."""
    done = await connection.execute(
        update(test_keys)
        .where(and_(test_keys.c.id == trial_id, test_keys.c.run == run))
        .values({"report": _written(report), **changes})
    )
    return bool(done.rowcount)


def _written(report: TrialReport | None) -> Any:
    """Return a report as its row holds it."""
    return None if report is None else _reports().dump_python(report, mode="json")


@cache
def _reports() -> TypeAdapter[TrialReport]:
    """Made when it is first used: most starts read no trial."""
    return TypeAdapter(TrialReport)

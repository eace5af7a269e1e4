"""Sanctions: who may not write in a room for a while, or not at all.

Timeouts are rows of rooms. A ban is the channel's own: who is banned may neither watch nor follow
nor write, whichever way it was done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, insert, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import ConflictingError, LimitReachedError, NotFoundError
from accounts.channels.owners import PersonCard, account_exists, cards_of
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.channels.tables import channel_moderators, viewer_bans
from accounts.channels.viewer_bans import ViewerBans, checked_reason
from accounts.chat.context import ChatContext
from accounts.chat.deletion import clear_messages
from accounts.chat.log import LogAction, write_log
from accounts.chat.message import ActKind
from accounts.chat.rows import write_acts
from accounts.chat.tables import chat_timeouts
from accounts.people.tables import accounts
from accounts.storage import Cursor, Page
from accounts.storage.cursor import page_of
from accounts.storage.database import also_writing, work_beside

TIMEOUTS_PER_CHANNEL: Final = 10_000


class SanctionKind(StrEnum):
    """What somebody may not do."""

    TIMEOUT = "timeout"  # write, for a while
    BAN = "ban"  # write, watch, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """One that is in force. `ends_at_ms` None: until it is lifted."""

    kind: SanctionKind
    person: PersonCard
    by: PersonCard | None
    reason: str
    since_ms: int
    ends_at_ms: int | None


class Sanctions:
    """Imposes, lifts and lists; for the channel's moderators and owner."""

    def __init__(self, context: ChatContext, bans: ViewerBans) -> None:
        self._context = context
        self._bans = bans

    async def time_out(
        self,
        channel: str,
        asker: Asker,
        account_id: str,
        seconds: int,
        reason: str,
        *,
        clears: bool,
    ) -> Sanction:
        """Let somebody not write for a while; what they said is taken away if that is wanted.

        Nobody silences the owner or themselves, and moderators no moderators. Raises
        NotFoundError, NotAllowedError, ConflictingError, InvalidFieldsError, LimitReachedError.
        """
        context, now_ms = self._context, self._context.clock()
        text, ends_at_ms = checked_reason(reason), now_ms + seconds * 1000

        async def work(connection: AsyncConnection) -> tuple[Sight, PersonCard, PersonCard | None]:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            cards = await _require_subject(connection, sight, asker, account_id)
            await _make_room(connection, channel_id, account_id, now_ms)
            await connection.execute(
                insert(chat_timeouts).values(
                    channel_id=channel_id,
                    account_id=account_id,
                    by_id=asker.account_id,
                    reason=text,
                    created_at_ms=now_ms,
                    ends_at_ms=ends_at_ms,
                )
            )
            person = cards[account_id]
            await self._note(
                connection, channel_id, asker, _told(person, "timeout", text, ends_at_ms),
                clears=clears, now_ms=now_ms,
            )  # fmt: skip
            return sight, person, cards.get(asker.account_id or "")

        sight, person, by = await context.database.write(work)
        self._enforce(sight.channel.id, account_id)
        return Sanction(
            kind=SanctionKind.TIMEOUT,
            person=person,
            by=by,
            reason=text,
            since_ms=now_ms,
            ends_at_ms=ends_at_ms,
        )

    async def ban(
        self,
        channel: str,
        asker: Asker,
        account_id: str,
        reason: str,
        ends_at_ms: int | None,
        *,
        clears: bool,
    ) -> Sanction:
        """Ban somebody from the channel. Raises what `ViewerBans.put` does."""
        now_ms = self._context.clock()
        found: list[Sight] = []
        people: dict[str, PersonCard] = {}

        async def beside(connection: AsyncConnection) -> None:
            sight = await see_channel(connection, channel, asker, now_ms)
            people.update(await cards_of(connection, {account_id, asker.account_id or ""}))
            found[:] = [sight]
            await self._note(
                connection, sight.channel.id, asker,
                _told(people[account_id], "ban", checked_reason(reason), ends_at_ms),
                clears=clears, now_ms=now_ms,
            )  # fmt: skip

        with also_writing(_both(beside)):
            ban = await self._bans.put(channel, asker, account_id, reason, ends_at_ms)
        self._enforce(found[0].channel.id, account_id)
        return Sanction(
            kind=SanctionKind.BAN,
            person=ban.person,
            by=people.get(asker.account_id or ""),
            reason=ban.reason,
            since_ms=ban.since_ms,
            ends_at_ms=ban.ends_at_ms,
        )

    async def lift(self, channel: str, asker: Asker, account_id: str) -> bool:
        """Lift all that is imposed on somebody; whether there was anything.

        Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Sight, bool]:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            lifted = 0
            for table in (chat_timeouts, viewer_bans):
                done: Any = await connection.execute(
                    delete(table).where(
                        table.c.channel_id == channel_id, table.c.account_id == account_id
                    )
                )
                lifted += done.rowcount
            await note_rule_change(connection, [channel_id], now_ms)
            cards = await cards_of(connection, {account_id})
            if lifted and account_id in cards:
                await write_log(
                    connection, channel_id, asker, LogAction.LIFT, now_ms, account_id=account_id
                )
                details = _told(cards[account_id], "lifted", "", None)
                await write_acts(connection, ActKind.SANCTIONED, [channel_id], now_ms, details)
            return sight, bool(lifted)

        sight, was_there = await self._context.database.write(work)
        self._context.speakers.forget(channel_id=sight.channel.id, account_id=account_id)
        self._context.changed(sight.channel.id)
        return was_there

    async def page(
        self,
        channel: str,
        asker: Asker,
        kind: SanctionKind | None,
        cursor: Cursor | None,
        limit: int,
    ) -> Page[Sanction]:
        """List what is in force, the newest first. Raises NotFoundError, NotAllowedError."""
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            parts = [
                select(
                    literal(which.value).label("kind"),
                    table.c.account_id,
                    table.c.by_id,
                    table.c.reason,
                    table.c.created_at_ms,
                    table.c.ends_at_ms,
                ).where(
                    table.c.channel_id == channel_id,
                    or_(table.c.ends_at_ms == null(), table.c.ends_at_ms > now_ms),
                )
                for which, table in (
                    (SanctionKind.TIMEOUT, chat_timeouts),
                    (SanctionKind.BAN, viewer_bans),
                )
                if kind in {None, which}
            ]
            found = union_all(*parts).subquery()
            key = (found.c.created_at_ms, found.c.account_id, found.c.kind)
            query = select(found).order_by(*(each.desc() for each in key)).limit(limit + 1)
            if cursor is not None:
                query = query.where(cursor.before(*key))
            rows = (await connection.execute(query)).all()
            people = {row.account_id for row in rows} | {row.by_id for row in rows if row.by_id}
            cards = await cards_of(connection, people)
        return page_of(
            rows,
            limit,
            lambda row: Sanction(
                kind=SanctionKind(row.kind),
                person=cards[row.account_id],
                by=cards.get(row.by_id),
                reason=row.reason,
                since_ms=row.created_at_ms,
                ends_at_ms=row.ends_at_ms,
            ),
            lambda row: (row.created_at_ms, row.account_id, row.kind),
        )

    async def _note(
        self,
        connection: AsyncConnection,
        channel_id: str,
        asker: Asker,
        told: Mapping[str, Any],
        *,
        clears: bool,
        now_ms: int,
    ) -> None:
        await write_log(
            connection,
            channel_id,
            asker,
            LogAction(told["kind"]),
            now_ms,
            account_id=told["accountId"],
            reason=told["reason"],
            details={"endsAtMs": told["endsAtMs"]},
        )
        await write_acts(connection, ActKind.SANCTIONED, [channel_id], now_ms, told)
        if clears:
            await clear_messages(connection, channel_id, asker, told["accountId"], now_ms)

    def _enforce(self, channel_id: str, account_id: str) -> None:
        self._context.hushed.add(channel_id, account_id)
        self._context.speakers.forget(channel_id=channel_id, account_id=account_id)
        self._context.changed(channel_id)


def _told(person: PersonCard, kind: str, reason: str, ends_at_ms: int | None) -> dict[str, Any]:
    return {
        "accountId": person.account_id,
        "displayName": person.display_name,
        "kind": kind,
        "reason": reason,
        "endsAtMs": ends_at_ms,
    }


def _both(work: Any) -> Any:
    """Do this beside a transaction, and what was to be done beside it already."""
    outer = work_beside()
    if outer is None:
        return work

    async def both(connection: AsyncConnection) -> None:
        await work(connection)
        await outer(connection)

    return both


async def _require_subject(
    connection: AsyncConnection, sight: Sight, asker: Asker, account_id: str
) -> dict[str, PersonCard]:
    if not await account_exists(connection, account_id):
        raise NotFoundError("there is no such account")
    if account_id in {sight.channel.owner_id, asker.account_id}:
        raise ConflictingError("neither the owner nor oneself can be silenced")
    is_moderator = await connection.scalar(
        select(channel_moderators.c.account_id).where(
            channel_moderators.c.channel_id == sight.channel.id,
            channel_moderators.c.account_id == account_id,
        )
    )
    is_admin = await connection.scalar(
        select(accounts.c.id).where(accounts.c.id == account_id, accounts.c.role == "admin")
    )
    if is_admin is not None:
        raise ConflictingError("administrators cannot be silenced")
    if is_moderator is not None:
        raise ConflictingError(
            "dismiss a moderator first"
            if sight.standing.runs_it
            else "only the owner can dismiss a moderator"
        )
    return dict(await cards_of(connection, {account_id, asker.account_id or ""}))


async def _make_room(
    connection: AsyncConnection, channel_id: str, account_id: str, now_ms: int
) -> None:
    """Take away the account's earlier timeout, and those whose time is over."""
    here = chat_timeouts.c.channel_id == channel_id
    await connection.execute(
        delete(chat_timeouts).where(
            here,
            or_(chat_timeouts.c.account_id == account_id, chat_timeouts.c.ends_at_ms <= now_ms),
        )
    )
    count = await connection.scalar(select(func.count()).select_from(chat_timeouts).where(here))
    if (count or 0) >= TIMEOUTS_PER_CHANNEL:
        raise LimitReachedError(f"a room silences {TIMEOUTS_PER_CHANNEL} accounts at most")

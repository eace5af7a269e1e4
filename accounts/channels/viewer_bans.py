"""ViewerBans: accounts that may not watch or follow a channel, for a while or until lifted."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.context import ChannelsContext
from accounts.channels.errors import (
    ConflictingError,
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotFoundError,
)
from accounts.channels.follows import end_follow
from accounts.channels.owners import PERSON_COLUMNS, PersonCard, account_exists, person_card
from accounts.channels.playback_voids import void_viewer
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.channels.tables import channel_moderators, viewer_bans
from accounts.channels.written_text import REASON_CHARACTERS, WrittenTextError, one_line
from accounts.events import ViewerBanned
from accounts.people.tables import accounts
from accounts.storage import Cursor, Page
from accounts.storage.cursor import page_of

_LONGEST_MS: Final = 100 * 365 * 86_400_000  # within what dates can say, whatever the time zone


@dataclass(frozen=True, slots=True)
class ViewerBan:
    """Somebody who may not watch. `ends_at_ms` None: until it is lifted."""

    person: PersonCard
    reason: str
    since_ms: int
    ends_at_ms: int | None


class ViewerBans:
    """Bans, lifts and lists; for the channel's moderators and owner."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def put(
        self, channel: str, asker: Asker, account_id: str, reason: str, ends_at_ms: int | None
    ) -> ViewerBan:
        """Ban an account, or change for how long; what it plays stops within a moment.

        Nobody bans the owner or an administrator, and moderators no moderators. Raises
        NotFoundError, NotAllowedError, ConflictingError, InvalidFieldsError, LimitReachedError.
        """
        now_ms = self._context.clock()
        text = checked_reason(reason)
        if ends_at_ms is not None and ends_at_ms <= now_ms:
            raise InvalidFieldsError([FieldFault("endsAt", "expected a time to come")])
        if ends_at_ms is not None and ends_at_ms > now_ms + _LONGEST_MS:
            text = "expected a time within a hundred years, or none: then the ban does not end"
            raise InvalidFieldsError([FieldFault("endsAt", text)])

        async def work(connection: AsyncConnection) -> tuple[Sight, ViewerBan]:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            if not await account_exists(connection, account_id):
                raise NotFoundError("there is no such account")
            if account_id in {sight.channel.owner_id, asker.account_id}:
                raise ConflictingError("neither the owner nor oneself can be banned")
            is_admin = await connection.scalar(
                select(accounts.c.id).where(accounts.c.id == account_id, accounts.c.role == "admin")
            )
            if is_admin is not None:
                raise ConflictingError("administrators cannot be banned")
            here = (channel_moderators.c.channel_id == channel_id) & (
                channel_moderators.c.account_id == account_id
            )
            if (
                not sight.standing.runs_it
                and await connection.scalar(select(channel_moderators.c.account_id).where(here))
                is not None
            ):
                raise ConflictingError("only the owner can ban a moderator")
            await connection.execute(delete(channel_moderators).where(here))
            await self._require_room(connection, channel_id, account_id, now_ms)
            await connection.execute(
                insert(viewer_bans).values(
                    channel_id=channel_id,
                    account_id=account_id,
                    by_id=asker.account_id,
                    reason=text,
                    created_at_ms=now_ms,
                    ends_at_ms=ends_at_ms,
                )
            )
            await end_follow(connection, channel_id, account_id, now_ms)
            await void_viewer(connection, [channel_id], account_id, now_ms)
            await note_rule_change(connection, [channel_id], now_ms)
            row = (
                await connection.execute(
                    _select().where(
                        viewer_bans.c.channel_id == channel_id,
                        viewer_bans.c.account_id == account_id,
                    )
                )
            ).one()
            return sight, _ban_of(row)

        sight, ban = await self._context.database.write(work)
        await self._context.enforce(sight.channel.name)
        self._context.emit(
            ViewerBanned(
                at_ms=now_ms,
                channel_id=sight.channel.id,
                channel=sight.channel.name,
                account_id=account_id,
                by_id=asker.account_id or "",
            )
        )
        return ban

    async def remove(self, channel: str, asker: Asker, account_id: str) -> None:
        """Lift a ban, if there is one. Raises NotFoundError, NotAllowedError."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> None:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            await connection.execute(
                delete(viewer_bans).where(
                    viewer_bans.c.channel_id == channel_id,
                    viewer_bans.c.account_id == account_id,
                )
            )
            await note_rule_change(connection, [channel_id], now_ms)

        await self._context.database.write(work)

    async def of_channel(
        self, channel: str, asker: Asker, cursor: Cursor | None, limit: int
    ) -> Page[ViewerBan]:
        """List the bans that are in force, the newest first."""
        now_ms = self._context.clock()
        key = (viewer_bans.c.created_at_ms, viewer_bans.c.account_id)
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, now_ms)
            query = (
                _select()
                .where(
                    viewer_bans.c.channel_id == sight.require_moderator().channel.id,
                    or_(viewer_bans.c.ends_at_ms.is_(None), viewer_bans.c.ends_at_ms > now_ms),
                )
                .order_by(key[0].desc(), key[1].desc())
                .limit(limit + 1)
            )
            if cursor is not None:
                query = query.where(cursor.before(*key))
            rows = (await connection.execute(query)).all()
        return page_of(rows, limit, _ban_of, lambda row: (row.created_at_ms, row.account_id))

    async def _require_room(
        self, connection: AsyncConnection, channel_id: str, account_id: str, now_ms: int
    ) -> None:
        """Make way for a ban: the account's earlier one, and those whose time is over."""
        await connection.execute(
            delete(viewer_bans).where(
                viewer_bans.c.channel_id == channel_id,
                or_(viewer_bans.c.account_id == account_id, viewer_bans.c.ends_at_ms <= now_ms),
            )
        )
        count = await connection.scalar(
            select(func.count())
            .select_from(viewer_bans)
            .where(viewer_bans.c.channel_id == channel_id)
        )
        limit = self._context.settings.bans_per_channel
        if (count or 0) >= limit:
            raise LimitReachedError(f"a channel bans {limit} accounts at most")


def _select() -> Select[Any]:
    return select(
        viewer_bans.c.account_id,
        viewer_bans.c.reason,
        viewer_bans.c.created_at_ms,
        viewer_bans.c.ends_at_ms,
        *PERSON_COLUMNS,
    ).join(accounts, accounts.c.id == viewer_bans.c.account_id)


def _ban_of(row: Row[Any]) -> ViewerBan:
    return ViewerBan(person_card(row), row.reason, row.created_at_ms, row.ends_at_ms)


def checked_reason(reason: str) -> str:
    """Return the reason as it is kept. Raises InvalidFieldsError."""
    try:
        return one_line(reason, REASON_CHARACTERS)
    except WrittenTextError as error:
        raise InvalidFieldsError([FieldFault("reason", str(error))]) from None

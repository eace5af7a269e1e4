"""RulesDesk: shows and changes the rules of rooms, and says who may write there."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import NotFoundError
from accounts.channels.sight import Asker, see_channel
from accounts.chat.context import ChatContext
from accounts.chat.log import LogAction, write_log
from accounts.chat.message import ActKind
from accounts.chat.refusal import Refusal, RefusalCode, RefusedError
from accounts.chat.room_rules import ChatRole, RoomRules, slow_mode_refusal, why_not
from accounts.chat.rooms import read_rules
from accounts.chat.rows import write_acts
from accounts.chat.tables import chat_rooms


@dataclass(frozen=True, slots=True)
class RoomSight:
    """A room as one asker sees it. `role` None: nobody who has signed in."""

    rules: RoomRules
    role: ChatRole | None
    is_staff: bool
    may_read: bool
    why_not: Refusal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesEdit:
    """What is to be otherwise; what is left out stays as it is."""

    values: dict[str, Any]


class RulesDesk:
    """For everybody who may know of the channel; changes are for its moderators and owner."""

    def __init__(self, context: ChatContext) -> None:
        self._context = context

    async def see(self, channel: str, asker: Asker, leave: str | None = None) -> RoomSight:
        """Return a room. `leave` is a token to watch by: who has one may read, no more.

        Raises NotFoundError.
        """
        guest_of = None if leave is None else await self._context.opened_by(channel, leave)
        try:
            found = await self._see(channel, asker)
        except NotFoundError:
            if guest_of is None:
                raise
            room = await self._context.rooms.get(guest_of.id)
            code = RefusalCode.SIGN_IN if asker.account_id is None else RefusalCode.NOT_WATCHING
            return RoomSight(room.rules, None, is_staff=False, may_read=True, why_not=Refusal(code))
        return replace(found, may_read=found.may_read or guest_of is not None)

    async def _see(self, channel: str, asker: Asker) -> RoomSight:
        context, now_ms = self._context, self._context.clock()
        async with context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, now_ms)
        room = await context.rooms.get(sight.channel.id)
        if asker.account_id is None:
            refusal: Refusal | None = Refusal(RefusalCode.SIGN_IN)
            return RoomSight(
                room.rules, None, is_staff=False, may_read=sight.may_watch, why_not=refusal
            )
        try:
            place = await context.speakers.get(channel, asker)
        except RefusedError as error:
            return RoomSight(
                room.rules, None, is_staff=False, may_read=sight.may_watch, why_not=error.refusal
            )
        speaker = place.speaker
        refusal = why_not(room.rules, speaker, room.timeouts.get(speaker.account_id), now_ms)
        if refusal is None:
            said_ms = context.voices.said_ms(sight.channel.id, speaker.account_id)
            refusal = slow_mode_refusal(room.rules, speaker, said_ms, now_ms)
        return RoomSight(
            room.rules,
            speaker.role,
            is_staff=speaker.is_staff,
            may_read=sight.may_watch,
            why_not=refusal,
        )

    async def edit(
        self,
        channel: str,
        asker: Asker,
        changes: RulesEdit,
        check_revision: Callable[[int], None] | None = None,
    ) -> RoomRules:
        """Change rules. `check_revision` raises if the editor knows another revision.

        Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, RoomRules]:
            sight = await see_channel(connection, channel, asker, now_ms)
            channel_id = sight.require_moderator().channel.id
            before = await read_rules(connection, channel_id)
            if check_revision is not None:
                check_revision(before.revision)
            after = replace(before, **changes.values, revision=before.revision + 1)
            values = asdict(after)
            if before.revision:
                changed = update(chat_rooms).where(chat_rooms.c.channel_id == channel_id)
                await connection.execute(changed.values(**values))
            else:
                await connection.execute(insert(chat_rooms).values(channel_id=channel_id, **values))
            told = rules_told(after)
            was = rules_told(before)
            differs = {name: value for name, value in told.items() if was[name] != value}
            if differs:
                await write_log(
                    connection, channel_id, asker, LogAction.RULES, now_ms, details=differs
                )
                await write_acts(connection, ActKind.RULES, [channel_id], now_ms, told)
            return channel_id, after

        channel_id, rules = await self._context.database.write(work)
        self._context.changed(channel_id)
        return rules


_NAMES: Final = {
    "is_enabled": "enabled",
    "slow_mode_s": "slowModeS",
    "followers_only_min": "followersOnlyMinutes",
    "verified_only": "verifiedOnly",
    "links_allowed": "linksAllowed",
}


def rules_told(rules: RoomRules) -> dict[str, Any]:
    """Return the rules as events and the log have them."""
    return {told: getattr(rules, name) for name, told in _NAMES.items()}

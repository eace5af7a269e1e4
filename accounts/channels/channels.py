"""Channels: make, read, change and delete them."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.broadcast_document import index_broadcast
from accounts.channels.broadcast_rows import find_open
from accounts.channels.channel import Channel, ChannelEdit, CheckedEdit, check_edit
from accounts.channels.channel_facts import note_changed, note_ended
from accounts.channels.channel_name import canonical_channel_name, may_be_taken
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.context import ChannelsContext
from accounts.channels.errors import (
    ConflictingError,
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
)
from accounts.channels.playback_voids import void_everybody
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.sight import Asker, Sight, look_at_channel, see_channel
from accounts.channels.tables import broadcasts, channel_tags, channels
from accounts.channels.title_history import note_title
from accounts.channels.visibility import Visibility
from accounts.events import ChannelChanged, ChannelCreated, ChannelDeleted
from accounts.search.index import Document, Kind
from accounts.storage import PreparedChange, PreparedRead, new_id

_NEW: Final[Mapping[str, Any]] = {
    "title": "",
    "description": "",
    "category": None,
    "language": None,
    "is_mature": False,
    "latency_profile": "normal",
    "grace_s": 60,
    "visibility": Visibility.PUBLIC.value,
}
_OWNED: Final = PreparedRead(
    select_channels().where(channels.c.owner_id == bindparam("owner")).order_by(channels.c.id)
)
_OPEN_BROADCAST: Final = PreparedRead(
    select(broadcasts.c.id).where(
        broadcasts.c.channel_id == bindparam("channel"), broadcasts.c.ended_at_ms.is_(None)
    )
)
_RULES: Final = frozenset({"visibility", "latency_profile", "grace_s"})
_SHOWN_BY_BROADCASTS: Final = ("title", "category", "language", "is_mature")

CheckRevision = Callable[[int], None]
"""Raises, within the transaction that edits, if the editor knows another revision than this."""


class Channels:
    """The channels themselves. Names never change: they stand in players' addresses."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context
        self._settings = context.settings

    async def create(self, owner_id: str, name: str, edit: ChannelEdit) -> Channel:
        """Give an account a channel.

        Raises InvalidFieldsError, ConflictingError for a name that is taken, LimitReachedError.
        """
        checked = check_edit(edit, self._settings.categories)
        canonical = canonical_channel_name(name)
        if canonical is None:
            text = (
                "expected letters of a to z, digits, '-' and '_', with a letter or digit first: "
                "no spaces or accents; the title can have them"
            )
            raise InvalidFieldsError([FieldFault("name", text)])
        if not may_be_taken(canonical):
            text = "this name is an address of the server's own: choose another"
            raise InvalidFieldsError([FieldFault("name", text)])
        now_ms = self._context.clock()
        values = {
            **_NEW,
            "title": canonical,
            **checked.columns,
            "id": new_id("chn"),
            "owner_id": owner_id,
            "name": canonical,
            "artwork": None,
            "revision": 1,
            "created_at_ms": now_ms,
            "tokens_void_ms": 0,
            "follower_count": 0,
            "viewer_count": 0,
        }

        async def work(connection: AsyncConnection) -> Channel:
            await self._require_room(connection, owner_id)
            taken = select(literal(1)).where(channels.c.name == canonical)
            if await connection.scalar(taken) is not None:
                raise ConflictingError("this name is taken")
            await connection.execute(insert(channels).values(values))
            await self._put_tags(connection, values["id"], checked.tags or ())
            made = (await see_channel(connection, canonical, Asker(owner_id), now_ms)).channel
            await self._index(connection, made)
            return made

        made = await self._context.database.write(work)
        self._context.emit(
            ChannelCreated(
                at_ms=now_ms, channel_id=made.id, channel=made.name, owner_id=made.owner_id
            )
        )
        return made

    async def see(self, name: str, asker: Asker) -> Sight:
        """Return a channel as the asker sees it. Raises NotFoundError."""
        return await look_at_channel(self._context.database, name, asker, self._context.clock())

    async def owned_by(self, owner_id: str) -> tuple[Channel, ...]:
        """Return all channels of an account, the oldest first; there are few."""
        rows = await self._context.database.fetch(_OWNED, owner=owner_id)
        return tuple(map(channel_of, rows))

    async def edit(
        self, name: str, asker: Asker, edit: ChannelEdit, check_revision: CheckRevision
    ) -> Channel:
        """Change a channel; what is live takes the new title into its history.

        Who may watch is decided anew at once. A channel that becomes private, or that was open to
        all, is watched by nobody whom it let in before: tokens and links are void. Raises
        NotFoundError, NotAllowedError, InvalidFieldsError.
        """
        checked = check_edit(edit, self._settings.categories)
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Channel, tuple[str, ...]]:
            sight = await see_channel(connection, name, asker, now_ms)
            before = sight.require_owner().channel
            check_revision(before.revision)
            changed = _changed(before, checked)
            if not changed:
                return before, ()
            columns = {**checked.columns, "revision": before.revision + 1}
            await _update_of(*columns).within(
                connection,
                channel=before.id,
                **{f"new_{name}": value for name, value in columns.items()},
            )
            if checked.tags is not None:
                await self._put_tags(connection, before.id, checked.tags)
            if "visibility" in changed and _shuts(
                before.visibility, Visibility(checked.columns["visibility"])
            ):
                await void_everybody(connection, before.id, now_ms)
            if not _RULES.isdisjoint(changed):
                await note_rule_change(connection, [before.id], now_ms)
            after = (await see_channel(connection, name, asker, now_ms)).channel
            await self._index(connection, after)
            if not set(changed).isdisjoint(_SHOWN_BY_BROADCASTS):
                await self._retitle(connection, after, now_ms)
            await note_changed(connection, before, after, changed, now_ms)
            return after, changed

        after, changed = await self._context.database.write(work, is_short=True)
        if not _RULES.isdisjoint(changed):
            await self._context.enforce(after.name)
        if changed:
            self._context.emit(
                ChannelChanged(
                    at_ms=now_ms, channel_id=after.id, channel=after.name, changed=changed
                )
            )
        return after

    async def set_artwork(
        self, name: str, asker: Asker, artwork: str | None, check_revision: CheckRevision
    ) -> tuple[Channel, str | None]:
        """Show another picture, or none; return the channel and the picture before."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Channel, str | None]:
            sight = await see_channel(connection, name, asker, now_ms)
            before = sight.require_owner().channel
            check_revision(before.revision)
            await connection.execute(
                update(channels)
                .where(channels.c.id == before.id)
                .values(artwork=artwork, revision=before.revision + 1)
            )
            after = await see_channel(connection, name, asker, now_ms)
            return after.channel, before.artwork

        after, earlier = await self._context.database.write(work)
        self._context.emit(
            ChannelChanged(
                at_ms=now_ms, channel_id=after.id, channel=after.name, changed=("artwork",)
            )
        )
        return after, earlier

    async def delete(self, name: str, asker: Asker) -> Channel:
        """Delete a channel and all that hangs on it; what is live is cut. Returns what it was.

        A ban goes with it, so that only administrators delete a banned one. Raises NotFoundError,
        NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Channel:
            sight = await see_channel(connection, name, asker, now_ms)
            before = sight.require_owner().channel
            if before.banned_at_ms is not None and not asker.is_admin:
                raise NotAllowedError("a banned channel can be deleted by administrators only")
            for gone in await find_open(connection, channel_id=before.id):
                await note_ended(connection, before.id, before.name, gone.id, now_ms)
            await connection.execute(delete(channels).where(channels.c.id == before.id))
            await note_rule_change(connection, [before.id], now_ms)
            return before

        gone = await self._context.database.write(work)
        await self._context.enforce(gone.name)
        self._context.emit(ChannelDeleted(at_ms=now_ms, channel_id=gone.id, channel=gone.name))
        return gone

    async def _require_room(self, connection: AsyncConnection, owner_id: str) -> None:
        count = await connection.scalar(
            select(func.count()).select_from(channels).where(channels.c.owner_id == owner_id)
        )
        if (count or 0) >= self._settings.per_account:
            raise LimitReachedError(f"an account has {self._settings.per_account} channels at most")

    async def _put_tags(
        self, connection: AsyncConnection, channel_id: str, tags: tuple[str, ...]
    ) -> None:
        await connection.execute(
            delete(channel_tags).where(channel_tags.c.channel_id == channel_id)
        )
        if tags:
            await connection.execute(
                insert(channel_tags),
                [
                    {"channel_id": channel_id, "position": position, "tag": tag}
                    for position, tag in enumerate(tags)
                ],
            )

    async def _index(self, connection: AsyncConnection, channel: Channel) -> None:
        await self._context.search.put(
            connection,
            Document(
                kind=Kind.CHANNEL,
                subject_id=channel.id,
                channel_id=channel.id,
                active_at_ms=channel.live_since_ms or channel.last_live_ms or channel.created_at_ms,
                heads=(channel.name, channel.title, *channel.tags),
                bodies=(channel.category or "", channel.description),
            ),
        )

    async def _retitle(self, connection: AsyncConnection, channel: Channel, now_ms: int) -> None:
        """Give the channel's open broadcast what the channel says now, and remember when."""
        found = await _OPEN_BROADCAST.first_within(connection, channel=channel.id)
        if found is None:
            return
        open_id = found.id
        shown = {name: getattr(channel, name) for name in _SHOWN_BY_BROADCASTS}
        await connection.execute(update(broadcasts).where(broadcasts.c.id == open_id).values(shown))
        await note_title(connection, open_id, channel.title, channel.category, now_ms)
        await index_broadcast(connection, self._context.search, open_id)


@cache
def _update_of(*names: str) -> PreparedChange:
    """Return what writes these columns of a channel; there are few sets of them."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return PreparedChange(
        update(channels).where(channels.c.id == bindparam("channel")).values(values)
    )


def _shuts(before: Visibility, after: Visibility) -> bool:
    """Whether leave given before must end with the change.

    Where everybody may watch, leave ends for nobody, but it must not outlast that time: who is
    taken off the list of those who may watch meanwhile would still have it afterwards.
    """
    return after is Visibility.PRIVATE or before.needs_token is not after.needs_token


def _changed(before: Channel, checked: CheckedEdit) -> tuple[str, ...]:
    changed = [name for name, value in checked.columns.items() if getattr(before, name) != value]
    if checked.tags is not None and checked.tags != before.tags:
        changed.append("tags")
    return tuple(changed)

"""Administration: what administrators, and partly owners, do to channels against their will."""

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.context import ChannelsContext
from accounts.channels.errors import FieldFault, InvalidFieldsError, NotAllowedError
from accounts.channels.live_desk import SHOW_CUT
from accounts.channels.rule_notes import note_cut, note_rule_change
from accounts.channels.sight import Asker, channels_of_rows, see_channel
from accounts.channels.tables import channels
from accounts.channels.written_text import REASON_CHARACTERS, WrittenTextError, one_line
from accounts.events import ChannelBanned, ChannelUnbanned, StreamCut
from accounts.ports import LiveControl
from accounts.search.index import Kind
from accounts.search.tables import search_documents
from accounts.search.terms import query_terms
from accounts.storage import Cursor, Page
from accounts.storage.cursor import page_of


class Administration:
    """Bans channels, opens them again, cuts what is live, and lists all channels."""

    def __init__(self, context: ChannelsContext, control: LiveControl) -> None:
        self._context = context
        self._control = control

    async def ban(self, channel: str, asker: Asker, reason: str) -> Channel:
        """Close a channel: nobody publishes to it or watches it from now on.

        Raises NotFoundError, NotAllowedError, InvalidFieldsError.
        """
        try:
            text = one_line(reason, REASON_CHARACTERS)
        except WrittenTextError as error:
            raise InvalidFieldsError([FieldFault("reason", str(error))]) from None
        now_ms = self._context.clock()
        banned = await self._set_ban(channel, asker, now_ms, text)
        self._context.emit(ChannelBanned(at_ms=now_ms, channel_id=banned.id, channel=banned.name))
        return banned

    async def unban(self, channel: str, asker: Asker) -> Channel:
        """Open a channel again. Raises NotFoundError, NotAllowedError."""
        opened = await self._set_ban(channel, asker, None, None)
        now_ms = self._context.clock()
        self._context.emit(ChannelUnbanned(at_ms=now_ms, channel_id=opened.id, channel=opened.name))
        return opened

    async def cut(self, channel: str, asker: Asker) -> bool:
        """End what is live on a channel now; its key may begin anew. For owners, too.

        What is live in another process ends there, as soon as that has looked for notes. Return
        whether there was something. Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, now_ms)
        cut = sight.require_owner().channel
        if not self._control.cut(cut.name, SHOW_CUT, ends_show=True):
            if cut.live_since_ms is None:
                return False
            await self._context.database.write(
                lambda connection: note_cut(connection, cut.id, now_ms)
            )
        self._context.emit(
            StreamCut(at_ms=now_ms, channel_id=cut.id, channel=cut.name, by_id=asker.account_id)
        )
        return True

    async def all_channels(
        self, asker: Asker, text: str, *, banned_only: bool, cursor: Cursor | None, limit: int
    ) -> Page[Channel]:
        """List all channels, hidden and closed ones too, the newest first."""
        _require_admin(asker)
        key = (channels.c.created_at_ms, channels.c.id)
        query = select(channels).order_by(key[0].desc(), key[1].desc()).limit(limit + 1)
        terms = query_terms(text)
        if terms:
            query = query.join(
                search_documents, search_documents.c.subject_id == channels.c.id
            ).where(
                search_documents.c.kind == Kind.CHANNEL.value,
                or_(
                    self._context.search.matches(terms),
                    channels.c.name == text.strip().lower(),
                ),
            )
        if banned_only:
            query = query.where(channels.c.banned_at_ms.is_not(None))
        if cursor is not None:
            query = query.where(cursor.before(*key))
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
            found = await channels_of_rows(connection, rows)
        return page_of(found, limit, lambda each: each, lambda each: (each.created_at_ms, each.id))

    async def _set_ban(
        self, channel: str, asker: Asker, banned_at_ms: int | None, reason: str | None
    ) -> Channel:
        _require_admin(asker)
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Channel:
            before = (await see_channel(connection, channel, asker, now_ms)).channel
            await connection.execute(
                update(channels)
                .where(channels.c.id == before.id)
                .values(banned_at_ms=banned_at_ms, ban_reason=reason, revision=before.revision + 1)
            )
            await note_rule_change(connection, [before.id], now_ms)
            return (await see_channel(connection, channel, asker, now_ms)).channel

        changed = await self._context.database.write(work)
        await self._context.enforce(changed.name)
        return changed


def _require_admin(asker: Asker) -> None:
    if not asker.is_admin:
        raise NotAllowedError("only administrators may do this")

"""Playback: leave to watch, as the addresses that a player needs; and links that owners share.

For a channel that is open to all the address is that of everybody, and caches serve it. Otherwise
a token stands in its path, so that every address in the playlists inherits it: players that can
send no headers (iOS) need to know nothing of it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.context import ChannelsContext
from accounts.channels.errors import (
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
)
from accounts.channels.owners import owner_is_closed
from accounts.channels.playback_token import (
    PlaybackClaim,
    PlaybackKeys,
    read_playback_token,
    write_playback_token,
)
from accounts.channels.playback_voids import LINK_ID_PREFIX, earliest_issue_ms, void_viewer
from accounts.channels.sight import Asker, Sight, look_at_channel, see_channel
from accounts.channels.tables import channels, playback_links, playback_voids
from accounts.channels.visibility import Visibility
from accounts.channels.written_text import WrittenTextError, label
from accounts.storage import new_id


@dataclass(frozen=True, slots=True)
class Leave:
    """Where to watch a channel. Without a token: where everybody watches it, without end."""

    channel: Channel
    token: str | None
    expires_at_ms: int | None

    @property
    def folder(self) -> str:
        """The path that the addresses of HLS and DASH begin with."""
        if self.token is None:
            return f"/live/{self.channel.name}"
        return f"/live/~{self.token}/{self.channel.name}"

    @property
    def hls(self) -> str:
        """The path of the HLS playlist."""
        return f"{self.folder}/index.m3u8"

    @property
    def dash(self) -> str:
        """The path of the DASH manifest."""
        return f"{self.folder}/manifest.mpd"


@dataclass(frozen=True, slots=True)
class PlaybackLink:
    """A token that an owner gives to whom it likes, by its name and until when."""

    id: str
    name: str
    created_at_ms: int
    expires_at_ms: int


class Playback:
    """Gives leave to watch, and takes it back."""

    def __init__(self, context: ChannelsContext, keys: PlaybackKeys) -> None:
        self._context = context
        self._keys = keys

    async def leave(self, channel: str, asker: Asker) -> Leave:
        """Let the asker watch. Raises NotFoundError, NotAllowedError."""
        now_ms = self._context.clock()
        sight = await look_at_channel(self._context.database, channel, asker, now_ms)
        if sight.may_watch and not sight.channel.visibility.needs_token:
            return Leave(sight.channel, None, None)
        # The date of a token depends on what was taken back until the very moment of the sight.
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, now_ms)
            return await self._leave_of(connection, sight, asker, now_ms)

    async def _leave_of(
        self, connection: AsyncConnection, sight: Sight, asker: Asker, now_ms: int
    ) -> Leave:
        if not sight.may_watch:
            if sight.channel.visibility is Visibility.FOLLOWERS and not sight.standing.is_shut_out:
                raise NotAllowedError("only followers may watch this channel")
            raise NotAllowedError("you may not watch this channel")
        if not sight.channel.visibility.needs_token:
            return Leave(sight.channel, None, None)
        if asker.account_id is None:  # an administrator from the command line watches elsewhere
            raise NotAllowedError("sign in to watch this channel")
        expires_ms = now_ms + self._context.settings.token_s * 1000
        return await self._sign(connection, sight.channel, asker.account_id, now_ms, expires_ms)

    async def leave_by_link(self, channel: str, token: str) -> Leave:
        """Let whoever holds a shared link watch, with that very token. Raises NotFoundError."""
        admitted = await self._admitted(channels.c.name == channel.lower(), token)
        if admitted is None:
            raise NotFoundError("this link is not valid")
        found, claim = admitted
        if not found.visibility.needs_token:
            return Leave(found, None, None)
        return Leave(found, token, claim.expires_ms)

    async def opened_by(self, channel: str, token: str) -> Channel | None:
        """Return the channel if this leave to watch it, whoever's, is good; None otherwise."""
        admitted = await self._admitted(channels.c.name == channel.lower(), token)
        return None if admitted is None else admitted[0]

    async def still_opened_by(self, channel_id: str, token: str) -> Channel | None:
        """Do as `opened_by` for a channel by its id."""
        admitted = await self._admitted(channels.c.id == channel_id, token)
        return None if admitted is None else admitted[0]

    async def _admitted(
        self, which: ColumnElement[bool], token: str
    ) -> tuple[Channel, PlaybackClaim] | None:
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            rows = await connection.execute(
                select_channels().where(
                    which, channels.c.banned_at_ms.is_(None), ~owner_is_closed()
                )
            )
            found = next((channel_of(row) for row in rows), None)
            if found is None:
                return None
            claim = read_playback_token(self._keys, found.id, token)
            if (
                claim is None
                or now_ms >= claim.expires_ms
                or claim.issued_ms <= found.tokens_void_ms
                or await self._is_void(connection, found.id, claim.viewer, claim.issued_ms)
            ):
                return None
            return found, claim

    async def links(self, channel: str, asker: Asker) -> tuple[PlaybackLink, ...]:
        """List the channel's links that still open, the oldest first; for the owner."""
        async with self._context.database.reading() as connection:
            sight = await self._own(connection, channel, asker)
            rows = await connection.execute(
                select(playback_links)
                .where(
                    playback_links.c.channel_id == sight.channel.id,
                    playback_links.c.expires_at_ms > self._context.clock(),
                )
                .order_by(playback_links.c.id)
            )
            return tuple(map(_link_of, rows))

    async def create_link(
        self, channel: str, asker: Asker, name: str, lifetime_s: int
    ) -> tuple[PlaybackLink, Leave]:
        """Make a link; its token is shown once.

        Raises NotFoundError, NotAllowedError, InvalidFieldsError, LimitReachedError.
        """
        now_ms = self._context.clock()
        link_name = self._check(name, lifetime_s)
        settings = self._context.settings

        async def work(connection: AsyncConnection) -> tuple[PlaybackLink, Leave]:
            sight = await self._own(connection, channel, asker)
            here = playback_links.c.channel_id == sight.channel.id
            await connection.execute(
                delete(playback_links).where(here, playback_links.c.expires_at_ms <= now_ms)
            )
            count = await connection.scalar(
                select(func.count()).select_from(playback_links).where(here)
            )
            if (count or 0) >= settings.links_per_channel:
                raise LimitReachedError(f"a channel has {settings.links_per_channel} links at most")
            link = PlaybackLink(
                new_id(LINK_ID_PREFIX), link_name, now_ms, now_ms + lifetime_s * 1000
            )
            await connection.execute(
                insert(playback_links).values(
                    id=link.id,
                    channel_id=sight.channel.id,
                    name=link.name,
                    created_at_ms=link.created_at_ms,
                    expires_at_ms=link.expires_at_ms,
                )
            )
            leave = await self._sign(connection, sight.channel, link.id, now_ms, link.expires_at_ms)
            return link, leave

        return await self._context.database.write(work)

    async def revoke_link(self, channel: str, asker: Asker, link_id: str) -> None:
        """Take a link back: whoever watches by it stops. Raises NotFoundError, NotAllowedError."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Sight:
            sight = await self._own(connection, channel, asker)
            done: Any = await connection.execute(
                delete(playback_links).where(
                    playback_links.c.channel_id == sight.channel.id, playback_links.c.id == link_id
                )
            )
            if not done.rowcount:
                raise NotFoundError("this channel has no such link")
            await void_viewer(connection, [sight.channel.id], link_id, now_ms)
            return sight

        sight = await self._context.database.write(work)
        await self._context.enforce(sight.channel.name)

    async def _own(self, connection: AsyncConnection, channel: str, asker: Asker) -> Sight:
        sight = await see_channel(connection, channel, asker, self._context.clock())
        return sight.require_owner()

    async def _sign(
        self,
        connection: AsyncConnection,
        channel: Channel,
        viewer: str,
        now_ms: int,
        expires_ms: int,
    ) -> Leave:
        issued_ms = await earliest_issue_ms(connection, channel.id, viewer, now_ms)
        claim = PlaybackClaim(viewer, issued_ms, expires_ms)
        return Leave(channel, write_playback_token(self._keys, channel.id, claim), expires_ms)

    def _check(self, name: str, lifetime_s: int) -> str:
        faults = []
        longest_s = self._context.settings.link_days * 86_400
        if not 60 <= lifetime_s <= longest_s:
            faults.append(FieldFault("lifetimeS", f"expected 60 to {longest_s}, got {lifetime_s}"))
        try:
            checked = label(name)
        except WrittenTextError as error:
            faults.append(FieldFault("name", str(error)))
        if faults:
            raise InvalidFieldsError(faults)
        return checked

    async def _is_void(
        self, connection: AsyncConnection, channel_id: str, viewer: str, issued_ms: int
    ) -> bool:
        found = await connection.scalar(
            select(literal(1)).where(
                playback_voids.c.channel_id == channel_id,
                playback_voids.c.viewer == viewer,
                playback_voids.c.void_ms >= issued_ms,
            )
        )
        return found is not None


def _link_of(row: Any) -> PlaybackLink:
    return PlaybackLink(row.id, row.name, row.created_at_ms, row.expires_at_ms)

"""Playback: where to watch a channel, and links that owners share."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, UtcTime
from accounts.api.operation import ANYBODY, USER, Answer, Call, operation
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
)
from accounts.api.resources.channel_views import ChannelCard, channel_card
from accounts.api.throttle import Throttle
from accounts.channels.playback import Leave, Playback, PlaybackLink
from accounts.channels.playback_token import MAX_TOKEN_CHARACTERS
from accounts.channels.written_text import LABEL_CHARACTERS
from accounts.storage import Page

_PLAYBACK = Throttle("playback", burst=60, per_minute=120)


class PlaybackQuestion(ApiModel):
    """By what right somebody wants to watch."""

    link: str | None = Field(
        None,
        max_length=MAX_TOKEN_CHARACTERS,
        description="The token of a link that the owner has shared; null: by the caller's own.",
    )


class PlaybackView(ApiModel):
    """Where to watch a channel. The addresses are secret where they expire."""

    channel: ChannelCard
    hls: str = Field(description="Path of the HLS playlist.")
    dash: str = Field(description="Path of the DASH manifest.")
    expires_at: UtcTime | None = Field(
        description="When they stop working; null where everybody may watch."
    )


class NewLink(ApiModel):
    """A link to be made."""

    name: str = Field(
        min_length=1, max_length=LABEL_CHARACTERS, description="For its owner to know it by."
    )
    lifetime_s: int = Field(24 * 3600, ge=60, description="How long it opens the channel.")


class LinkView(ApiModel):
    """A link without its token."""

    id: str
    name: str
    created_at: UtcTime
    expires_at: UtcTime


class NewLinkView(LinkView):
    """A link with its token, which is shown this once."""

    token: str = Field(description="Whoever has it may watch; send it as `link`.")
    hls: str
    dash: str


class PlaybackResource:
    """Gives leave to watch, and takes it back."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback

    @operation(
        "POST",
        "/channels/{channel}/playback",
        tag="playback",
        access=ANYBODY,
        scope="channels:read",
        problems=REFUSALS,
        throttle=_PLAYBACK,
    )
    async def ask_playback(self, call: Call, channel: str, body: PlaybackQuestion) -> PlaybackView:
        """Ask where to watch a channel.

        Whoever may watch it is told; for a channel that is not open to all, the addresses hold a
        token, are for this viewer alone, and stop working at `expiresAt` or when the right ends.
        """
        with explained():
            if body.link is None:
                leave = await self._playback.leave(channel, asker_of(call))
            else:
                leave = await self._playback.leave_by_link(channel, body.link)
        return PlaybackView(
            channel=channel_card(leave.channel),
            hls=leave.hls,
            dash=leave.dash,
            expires_at=leave.expires_at_ms,
        )

    @operation(
        "GET",
        "/channels/{channel}/links",
        tag="playback",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_links(self, call: Call, channel: str) -> Listing[LinkView]:
        """List the channel's links that still open it; for its owner."""
        with explained():
            links = await self._playback.links(channel, asker_of(call))
        return Listing[LinkView].of(Page(links, None), _view)

    @operation(
        "POST",
        "/channels/{channel}/links",
        tag="playback",
        access=USER,
        scope="channels:write",
        status=201,
        creates=True,
        shows_secret=True,
        problems=WRITE_REFUSALS,
    )
    async def create_link(self, call: Call, channel: str, body: NewLink) -> Answer[NewLinkView]:
        """Make a link by which anybody can watch until it expires or is taken back."""
        with explained():
            link, leave = await self._playback.create_link(
                channel, asker_of(call), body.name, body.lifetime_s
            )
        return Answer(_new_view(link, leave))

    @operation(
        "DELETE",
        "/channels/{channel}/links/{link}",
        tag="playback",
        access=USER,
        scope="channels:write",
        problems=REFUSALS,
    )
    async def revoke_link(self, call: Call, channel: str, link: str) -> None:
        """Take a link back: whoever watches by it stops at once."""
        with explained():
            await self._playback.revoke_link(channel, asker_of(call), link)


def _view(link: PlaybackLink) -> LinkView:
    return LinkView(
        id=link.id,
        name=link.name,
        created_at=link.created_at_ms,
        expires_at=link.expires_at_ms,
    )


def _new_view(link: PlaybackLink, leave: Leave) -> NewLinkView:
    return NewLinkView(
        **dict(_view(link)),
        token=leave.token or "",
        hls=leave.hls,
        dash=leave.dash,
    )

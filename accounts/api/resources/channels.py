"""Channels: /channels and /me/channels."""

from typing import Annotated

from pydantic import Field

from accounts.api.model import ApiModel, Listing
from accounts.api.operation import ANYBODY, USER, Answer, Call, operation
from accounts.api.problem import INVALID, UNAVAILABLE, FieldError
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
    revision_check,
)
from accounts.api.resources.channel_views import (
    ChannelCard,
    ChannelView,
    channel_card,
    channel_view,
    revision_tag,
)
from accounts.api.resources.picture_quota import PICTURE_QUOTA
from accounts.api.throttle import Throttle
from accounts.channels.channel import GRACE_LIMIT_S, ChannelEdit, LatencyProfile
from accounts.channels.channels import Channels
from accounts.channels.sight import Sight
from accounts.channels.visibility import Visibility
from accounts.channels.written_text import (
    DESCRIPTION_CHARACTERS,
    LANGUAGE_CHARACTERS,
    TAG_CHARACTERS,
    TAGS_PER_CHANNEL,
    TITLE_CHARACTERS,
)
from accounts.images import (
    PICTURE_BYTES,
    PICTURE_TYPES,
    PictureError,
    PictureFolder,
    PicturesBusyError,
)
from accounts.images.picture import ARTWORK
from accounts.storage import Page

_Tag = Annotated[str, Field(max_length=4 * TAG_CHARACTERS)]
_NEW_CHANNELS = Throttle("new-channels", burst=30, per_minute=5)
_EDITS = Throttle("channel-edits", burst=20, per_minute=20)
_PICTURES = Throttle("pictures", burst=10, per_minute=10)


class ChannelFields(ApiModel):
    """What an owner writes about a channel. What is left out stays as it is."""

    title: str = Field("", max_length=TITLE_CHARACTERS)
    description: str = Field("", max_length=DESCRIPTION_CHARACTERS)
    category: str | None = Field(None, max_length=32, description="One of GET /categories.")
    tags: tuple[_Tag, ...] = Field((), max_length=TAGS_PER_CHANNEL)
    language: str | None = Field(None, max_length=LANGUAGE_CHARACTERS, description="BCP 47.")
    is_mature: bool = False
    latency_profile: LatencyProfile = "normal"
    grace_s: int = Field(60, ge=0, le=GRACE_LIMIT_S)
    visibility: Visibility = Visibility.PUBLIC


class NewChannel(ChannelFields):
    """A channel to be made."""

    name: str = Field(
        min_length=1,
        max_length=64,
        # Judged by the channels themselves, which say what is wrong in words.
        json_schema_extra={"pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"},
        description="Stands in addresses, in lower case; never changes.",
    )


class ChannelsResource:
    """Makes, shows, changes and deletes channels."""

    def __init__(self, channels: Channels, pictures: PictureFolder) -> None:
        self._channels = channels
        self._pictures = pictures

    @operation(
        "POST",
        "/channels",
        tag="channels",
        access=USER,
        scope="channels:write",
        status=201,
        creates=True,
        has_etag=True,
        problems=WRITE_REFUSALS,
        throttle=_NEW_CHANNELS,
    )
    async def create_channel(self, call: Call, body: NewChannel) -> Answer[ChannelView]:
        """Make a channel.

        The title is the name if none is given.
        """
        with explained():
            made = await self._channels.create(call.account_id, body.name, _edit_of(body))
            sight = await self._channels.see(made.name, asker_of(call))
        return _answer(sight, location=f"/api/v1/channels/{made.name}")

    @operation("GET", "/me/channels", tag="channels", access=USER, scope="channels:read")
    async def list_my_channels(self, call: Call) -> Listing[ChannelCard]:
        """List the caller's own channels, the oldest first."""
        owned = await self._channels.owned_by(call.account_id)
        return Listing[ChannelCard].of(Page(owned, None), channel_card)

    @operation(
        "GET",
        "/channels/{channel}",
        tag="channels",
        access=ANYBODY,
        scope="channels:read",
        has_etag=True,
        problems=REFUSALS,
    )
    async def get_channel(self, call: Call, channel: str) -> Answer[ChannelView]:
        """Show a channel.

        Private channels are not there for others than their owner and moderators.
        """
        with explained():
            return _answer(await self._channels.see(channel, asker_of(call)))

    @operation(
        "PATCH",
        "/channels/{channel}",
        tag="channels",
        access=USER,
        scope="channels:write",
        throttle=_EDITS,
        edits=True,
        has_etag=True,
        problems=REFUSALS,
    )
    async def edit_channel(
        self, call: Call, channel: str, body: ChannelFields
    ) -> Answer[ChannelView]:
        """Change a channel.

        A new title becomes part of the history of what is live. A new visibility counts at once;
        a channel that becomes private, or was open to all, takes back all leave to watch that it
        has given, links included. A latency profile counts from the next show on.
        """
        asker = asker_of(call)
        with explained():
            await self._channels.edit(
                channel, asker, _edit_of(body), revision_check(call.precondition)
            )
            return _answer(await self._channels.see(channel, asker))

    @operation(
        "DELETE",
        "/channels/{channel}",
        tag="channels",
        access=USER,
        scope="channels:write",
        problems=REFUSALS,
    )
    async def delete_channel(self, call: Call, channel: str) -> None:
        """Delete a channel with its keys, followers and past broadcasts; what is live is cut."""
        with explained():
            await self._channels.delete(channel, asker_of(call))

    @operation(
        "PUT",
        "/channels/{channel}/artwork",
        tag="channels",
        access=USER,
        scope="channels:write",
        edits=True,
        has_etag=True,
        raw_body=PICTURE_TYPES,
        body_limit_bytes=PICTURE_BYTES,
        problems=REFUSALS,
        throttle=_PICTURES,
        account_throttle=PICTURE_QUOTA,
    )
    async def put_artwork(self, call: Call, channel: str) -> Answer[ChannelView]:
        """Give a channel a picture, shown 16 to 9.

        It is drawn anew in our sizes: nothing else of the file is kept.
        """
        asker = asker_of(call)
        with explained():
            (await self._channels.see(channel, asker)).require_owner()
            try:
                name = await self._pictures.keep(call.raw, ARTWORK)
            except PictureError as error:
                raise INVALID.because(errors=[FieldError("", str(error))]) from None
            except PicturesBusyError:
                raise UNAVAILABLE.because(headers={"Retry-After": "1"}) from None
            return await self._set_artwork(call, channel, name)

    @operation(
        "DELETE",
        "/channels/{channel}/artwork",
        tag="channels",
        access=USER,
        scope="channels:write",
        edits=True,
        has_etag=True,
        status=200,
        problems=REFUSALS,
    )
    async def delete_artwork(self, call: Call, channel: str) -> Answer[ChannelView]:
        """Let a channel have no picture."""
        with explained():
            return await self._set_artwork(call, channel, None)

    async def _set_artwork(self, call: Call, channel: str, name: str | None) -> Answer[ChannelView]:
        asker = asker_of(call)
        await self._channels.set_artwork(channel, asker, name, revision_check(call.precondition))
        return _answer(await self._channels.see(channel, asker))


def _edit_of(body: ChannelFields) -> ChannelEdit:
    """Take what was sent and nothing else: what was left out stays as it is."""
    sent = {name: getattr(body, name) for name in body.model_fields_set if name != "name"}
    return ChannelEdit(**sent)


def _answer(sight: Sight, location: str | None = None) -> Answer[ChannelView]:
    shown = channel_view(sight)
    return Answer(shown, etag=revision_tag(sight.channel.revision, shown), location=location)

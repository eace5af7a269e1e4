"""Stream keys: /channels/{channel}/keys."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, UtcTime
from accounts.api.operation import USER, Answer, Call, operation
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
    revision_check,
)
from accounts.api.resources.channel_views import revision_tag
from accounts.channels.stream_key import NewStreamKey
from accounts.channels.stream_keys import StreamKey, StreamKeys
from accounts.channels.written_text import LABEL_CHARACTERS
from accounts.storage import Page


class KeyFields(ApiModel):
    """What an owner says of a key."""

    name: str = Field(
        min_length=1, max_length=LABEL_CHARACTERS, description="For its owner to know it by."
    )


class KeyView(ApiModel):
    """A stream key without its secret."""

    id: str
    name: str
    start: str = Field(description="How the key begins, to tell it from others.")
    created_at: UtcTime
    rotated_at: UtcTime | None
    last_used_at: UtcTime | None = Field(description="To the minute; null if never.")


class NewKeyView(KeyView):
    """A stream key with its secret, which is shown this once."""

    key: str = Field(description="Goes into the encoder. Whoever has it may publish.")


class KeysResource:
    """Makes, lists, names, rotates and revokes stream keys."""

    def __init__(self, keys: StreamKeys) -> None:
        self._keys = keys

    @operation(
        "GET",
        "/channels/{channel}/keys",
        tag="stream keys",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_keys(self, call: Call, channel: str) -> Listing[KeyView]:
        """List a channel's keys, the oldest first; for its owner."""
        with explained():
            keys = await self._keys.of_channel(channel, asker_of(call))
        return Listing[KeyView].of(Page(keys, None), _view)

    @operation(
        "POST",
        "/channels/{channel}/keys",
        tag="stream keys",
        access=USER,
        scope="channels:write",
        status=201,
        creates=True,
        shows_secret=True,
        problems=WRITE_REFUSALS,
    )
    async def create_key(self, call: Call, channel: str, body: KeyFields) -> Answer[NewKeyView]:
        """Make a key. It is shown in this answer and never again."""
        with explained():
            key, made = await self._keys.create(channel, asker_of(call), body.name)
        location = f"/api/v1/channels/{channel}/keys/{key.id}"
        return Answer(_new_view(key, made), location=location)

    @operation(
        "GET",
        "/channels/{channel}/keys/{key}",
        tag="stream keys",
        access=USER,
        scope="channels:read",
        has_etag=True,
        problems=REFUSALS,
    )
    async def get_key(self, call: Call, channel: str, key: str) -> Answer[KeyView]:
        """Show a key without its secret."""
        with explained():
            return _answer(await self._keys.get(channel, asker_of(call), key))

    @operation(
        "PATCH",
        "/channels/{channel}/keys/{key}",
        tag="stream keys",
        access=USER,
        scope="channels:write",
        edits=True,
        has_etag=True,
        problems=REFUSALS,
    )
    async def rename_key(
        self, call: Call, channel: str, key: str, body: KeyFields
    ) -> Answer[KeyView]:
        """Give a key another name."""
        check = revision_check(call.precondition)
        with explained():
            return _answer(await self._keys.rename(channel, asker_of(call), key, body.name, check))

    @operation(
        "POST",
        "/channels/{channel}/keys/{key}/rotate",
        tag="stream keys",
        access=USER,
        scope="channels:write",
        shows_secret=True,
        problems=REFUSALS,
    )
    async def rotate_key(self, call: Call, channel: str, key: str) -> NewKeyView:
        """Put a new secret in the place of the old one.

        The old one is void at once, and who publishes with it is cut; viewers wait for the grace
        time.
        """
        with explained():
            rotated, made = await self._keys.rotate(channel, asker_of(call), key)
        return _new_view(rotated, made)

    @operation(
        "DELETE",
        "/channels/{channel}/keys/{key}",
        tag="stream keys",
        access=USER,
        scope="channels:write",
        problems=REFUSALS,
    )
    async def revoke_key(self, call: Call, channel: str, key: str) -> None:
        """Void a key for ever; who publishes with it is cut at once."""
        with explained():
            await self._keys.revoke(channel, asker_of(call), key)


def _view(key: StreamKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        start=key.start,
        created_at=key.created_at_ms,
        rotated_at=key.rotated_at_ms,
        last_used_at=key.last_used_at_ms,
    )


def _new_view(key: StreamKey, made: NewStreamKey) -> NewKeyView:
    return NewKeyView(**dict(_view(key)), key=made.reveal())


def _answer(key: StreamKey) -> Answer[KeyView]:
    shown = _view(key)
    return Answer(shown, etag=revision_tag(key.revision, shown))

"""Emotes: /channels/{channel}/chat/emotes, and /emotes for those of all rooms."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from accounts.api.model import Listing
from accounts.api.operation import ADMIN, ANYBODY, USER, Call, operation
from accounts.api.problem import INVALID, NOT_FOUND, UNAVAILABLE, FieldError
from accounts.api.resources.channel_problems import (
    LIMIT_REACHED,
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
)
from accounts.api.resources.chat_views import EmoteView, emote_view
from accounts.api.resources.picture_quota import PICTURE_QUOTA
from accounts.api.throttle import Throttle
from accounts.chat.emotes import Emotes
from accounts.images import PICTURE_BYTES, PICTURE_TYPES, PictureError, PicturesBusyError
from accounts.storage import Page

_PICTURES: Final = Throttle("pictures", burst=10, per_minute=20)


class EmotesResource:
    """Gives out, takes and takes back."""

    def __init__(self, emotes: Emotes) -> None:
        self._emotes = emotes

    @operation(
        "GET",
        "/channels/{channel}/chat/emotes",
        tag="chat",
        access=ANYBODY,
        scope="channels:read",
        problems=(NOT_FOUND,),
    )
    async def list_chat_emotes(self, call: Call, channel: str) -> Listing[EmoteView]:
        """List the emotes that can be used in a room, by code: its own, and those of all rooms."""
        with explained():
            found = await self._emotes.of_channel(channel, asker_of(call))
        return Listing[EmoteView].of(Page(found, None), emote_view)

    @operation(
        "PUT",
        "/channels/{channel}/chat/emotes/{code}",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        raw_body=PICTURE_TYPES,
        body_limit_bytes=PICTURE_BYTES,
        problems=WRITE_REFUSALS,
        throttle=_PICTURES,
        account_throttle=PICTURE_QUOTA,
    )
    async def put_chat_emote(self, call: Call, channel: str, code: str) -> EmoteView:
        """Let `:code:` stand for a picture in a room; shown as a square, its first frame alone."""
        with explained(), _drawn():
            return emote_view(await self._emotes.put(channel, asker_of(call), code, call.raw))

    @operation(
        "DELETE",
        "/channels/{channel}/chat/emotes/{code}",
        tag="chat-moderation",
        access=USER,
        scope="chat:moderate",
        problems=REFUSALS,
    )
    async def delete_chat_emote(self, call: Call, channel: str, code: str) -> None:
        """Let a code stand for nothing."""
        with explained():
            await self._emotes.remove(channel, asker_of(call), code)

    @operation("GET", "/emotes", tag="chat", access=ANYBODY)
    async def list_emotes(self, call: Call) -> Listing[EmoteView]:  # noqa: ARG002 - all see the same
        """List the emotes of all rooms, by code."""
        found = await self._emotes.of_all_rooms()
        return Listing[EmoteView].of(Page(found, None), emote_view)

    @operation(
        "PUT",
        "/emotes/{code}",
        tag="administration",
        access=ADMIN,
        scope="admin",
        raw_body=PICTURE_TYPES,
        body_limit_bytes=PICTURE_BYTES,
        problems=(LIMIT_REACHED,),
        throttle=_PICTURES,
        account_throttle=PICTURE_QUOTA,
    )
    async def put_emote(self, call: Call, code: str) -> EmoteView:
        """Let `:code:` stand for a picture in all rooms."""
        with explained(), _drawn():
            return emote_view(await self._emotes.put(None, asker_of(call), code, call.raw))

    @operation(
        "DELETE",
        "/emotes/{code}",
        tag="administration",
        access=ADMIN,
        scope="admin",
        problems=(NOT_FOUND,),
    )
    async def delete_emote(self, call: Call, code: str) -> None:
        """Let a code stand for nothing in all rooms but those that have it themselves."""
        with explained():
            await self._emotes.remove(None, asker_of(call), code)


@contextmanager
def _drawn() -> Iterator[None]:
    try:
        yield
    except PictureError as error:
        raise INVALID.because(errors=[FieldError("", str(error))]) from None
    except PicturesBusyError:
        raise UNAVAILABLE.because(headers={"Retry-After": "1"}) from None

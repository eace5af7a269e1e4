"""Chat: what is said in a channel's room, and what its moderators do there.

All of it is of the moment: a room's history is in the API, which is read anew by who resumes with
less than `exact`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from notify.events.event import Event, UtcTime

ROOM = ("chat:NAME",)
ChatRole = Literal["owner", "admin", "moderator", "follower", "viewer"]


class ChatPart(BaseModel):
    """A member of a chat event that is an object."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class ChatAuthor(ChatPart):
    """Who said something."""

    account_id: str
    display_name: str
    role: ChatRole
    avatar: str | None = Field(description="Where the picture is; null if there is none.")


class ChatEmote(ChatPart):
    """A code in the text that stands for a picture.

    Places are in units of UTF-16, as JavaScript counts: `text.slice(start, end)` is the code.
    """

    code: str
    url: str
    start: int
    end: int


class ChatMention(ChatPart):
    """A name in the text, with the @ before it. Places are as in emotes."""

    account_id: str
    display_name: str
    start: int
    end: int


class ChatReply(ChatPart):
    """What a message answers. Its text is in the message itself, if that is still there."""

    message_id: str
    account_id: str
    display_name: str


class ChatMessage(Event):
    """Somebody said something. Told once it is safely written, in the order of `messageId`."""

    TYPE = "chat.message"
    HEARD_ON = ROOM
    IS_FACT = False

    channel: str
    message_id: str = Field(description="A number as text; what is said later has a larger one.")
    author: ChatAuthor
    text: str = Field(description="Plain text, never markup.")
    is_action: bool = Field(description="Said with /me: the name is the sentence's beginning.")
    emotes: tuple[ChatEmote, ...]
    mentions: tuple[ChatMention, ...]
    reply_to: ChatReply | None
    broadcast_id: str | None = Field(description="The broadcast that was live then.")
    media_time_ms: int | None = Field(description="How long that broadcast had run.")


class ChatDeleted(Event):
    """A message is gone: show it no more."""

    TYPE = "chat.deleted"
    HEARD_ON = ROOM
    IS_FACT = False

    channel: str
    message_id: str
    by_moderator: bool = Field(description="Else its author took it back.")


class ChatCleared(Event):
    """All that somebody has said is gone; with `accountId` null, all that anybody has."""

    TYPE = "chat.cleared"
    HEARD_ON = ROOM
    IS_FACT = False

    channel: str
    account_id: str | None


class ChatSettings(Event):
    """The room has other rules."""

    TYPE = "chat.settings"
    HEARD_ON = ROOM
    IS_FACT = False

    channel: str
    enabled: bool
    slow_mode_s: int
    followers_only_minutes: int | None
    verified_only: bool
    links_allowed: bool


class ChatEmotesChanged(Event):
    """The room has other emotes: read them from the API anew."""

    TYPE = "chat.emotes"
    HEARD_ON = ROOM
    IS_FACT = False

    channel: str


class ChatSanctioned(Event):
    """Somebody may not write for a while, or is banned, or may write again.

    Told to whom it is about, on `me` too, and to the channel's people.
    """

    TYPE = "chat.sanctioned"
    HEARD_ON = ("chat:NAME", "me")
    IS_FACT = False

    channel: str
    account_id: str
    display_name: str
    kind: Literal["timeout", "ban", "lifted"]
    reason: str
    ends_at: UtcTime | None = Field(description="Null: until it is lifted.")

"""Rooms, messages and what moderators do there, as the API shows them."""

from typing import Any

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.resources.channel_views import PICTURES_PATH, PersonView, person_view
from accounts.chat.command import FOLLOWERS_MIN_MAX, SLOW_MODE_S_MAX
from accounts.chat.emotes import EMOTE, Emote
from accounts.chat.log import LogAction, LogEntry
from accounts.chat.message import Message
from accounts.chat.refusal import RefusalCode
from accounts.chat.room_rules import ChatRole
from accounts.chat.rules_desk import RoomSight
from accounts.chat.sanctions import Sanction, SanctionKind
from accounts.images import AVATAR, PictureShape, picture_file


class RefusalView(ApiModel):
    """Why the caller may not write."""

    code: RefusalCode
    text: str
    retry_after_s: int | None = Field(description="When they may, if waiting is all it takes.")
    reason: str = Field(description="What the moderator wrote who shut them out; may be empty.")


class ChatStandingView(ApiModel):
    """What the caller is to the room."""

    role: ChatRole | None = Field(description="Null for who has not signed in.")
    is_staff: bool = Field(description="May moderate; the room's rules hold for others.")
    may_read: bool
    may_write: bool
    why_not: RefusalView | None


class ChatView(ApiModel):
    """A room."""

    enabled: bool
    slow_mode_s: int = Field(description="How long everybody waits between messages; 0: not.")
    followers_only_minutes: int | None = Field(
        description="How long one must have followed to write; null: everybody may."
    )
    verified_only: bool = Field(description="Only who has confirmed an e-mail address may write.")
    links_allowed: bool
    standing: ChatStandingView


class ChatEdit(ApiModel):
    """Other rules; what is left out stays as it is."""

    enabled: bool = True
    slow_mode_s: int = Field(0, ge=0, le=SLOW_MODE_S_MAX)
    followers_only_minutes: int | None = Field(None, ge=0, le=FOLLOWERS_MIN_MAX)
    verified_only: bool = False
    links_allowed: bool = True


class ChatAuthorView(ApiModel):
    """Who said something."""

    account_id: str
    display_name: str
    role: ChatRole = Field(description="What they were in the room then.")
    avatar: str | None = Field(description="Where the picture is; null if there is none.")


class ChatEmotePlace(ApiModel):
    """A code in the text that stands for a picture.

    Places are in units of UTF-16, as JavaScript counts: `text.slice(start, end)` is the code.
    """

    code: str
    url: str
    start: int
    end: int


class ChatMentionPlace(ApiModel):
    """A name in the text, with the @ before it. Places are as in emotes."""

    account_id: str
    display_name: str
    start: int
    end: int


class ChatReplyView(ApiModel):
    """What a message answers."""

    message_id: str
    account_id: str
    display_name: str


class ChatMessageView(ApiModel):
    """What somebody said; as the event `chat.message` tells it."""

    message_id: str = Field(description="A number as text; what is said later has a larger one.")
    at: UtcTime
    author: ChatAuthorView
    text: str = Field(description="Plain text, never markup.")
    is_action: bool = Field(description="Said with /me: the name is the sentence's beginning.")
    emotes: tuple[ChatEmotePlace, ...]
    mentions: tuple[ChatMentionPlace, ...]
    reply_to: ChatReplyView | None
    broadcast_id: str | None = Field(description="The broadcast that was live then.")
    media_time_ms: int | None = Field(description="How long that broadcast had run.")


class ChatHistory(ApiModel):
    """Messages of a room."""

    items: tuple[ChatMessageView, ...]
    more: bool = Field(description="There are more; go on from the last of these.")


class NewChatMessage(ApiModel):
    """What to say."""

    text: str = Field(min_length=1, max_length=4000, description="A line, or a command: `/help`.")
    reply_to: str | None = Field(None, max_length=20, description="The `messageId` answered.")


class ChatSaid(ApiModel):
    """What became of it: a message, or the answer to a command, for the caller alone."""

    message: ChatMessageView | None
    answer: str | None


class SanctionView(ApiModel):
    """Somebody may not write for a while (`timeout`), or is banned from the channel (`ban`)."""

    kind: SanctionKind
    person: PersonView
    by: PersonView | None = Field(description="Null for who has left.")
    reason: str
    since: UtcTime
    ends_at: UtcTime | None = Field(description="Null: until it is lifted.")


class LogEntryView(ApiModel):
    """One thing that moderators did."""

    id: str
    at: UtcTime
    action: LogAction
    by: PersonView | None = Field(description="Null for who has left.")
    about: PersonView | None
    message_id: str | None
    text: str | None = Field(description="What was taken away.")
    reason: str
    details: dict[str, Any] = Field(description="What was changed, for some actions.")


class EmotePicture(ApiModel):
    """An emote in one width."""

    width: int = Field(description="In pixels.")
    url: str


class EmoteView(ApiModel):
    """A picture that `:code:` stands for."""

    code: str
    pictures: tuple[EmotePicture, ...] = Field(description="In rising widths.")
    is_global: bool = Field(description="Of all rooms of this server.")


def chat_view(sight: RoomSight) -> ChatView:
    """Show a room to the one who looks at it."""
    rules, refusal = sight.rules, sight.why_not
    return ChatView(
        enabled=rules.is_enabled,
        slow_mode_s=rules.slow_mode_s,
        followers_only_minutes=rules.followers_only_min,
        verified_only=rules.verified_only,
        links_allowed=rules.links_allowed,
        standing=ChatStandingView(
            role=sight.role,
            is_staff=sight.is_staff,
            may_read=sight.may_read,
            may_write=refusal is None,
            why_not=None
            if refusal is None
            else RefusalView(
                code=refusal.code,
                text=refusal.text,
                retry_after_s=refusal.retry_after_s,
                reason=refusal.reason,
            ),
        ),
    )


def message_view(message: Message) -> ChatMessageView:
    """Show a message."""
    said, reply = message.said, message.said.reply_to
    return ChatMessageView(
        message_id=str(message.id),
        at=said.at_ms,
        author=ChatAuthorView(
            account_id=said.author.account_id,
            display_name=said.author.display_name,
            role=said.author.role,
            avatar=avatar_url(said.author.avatar),
        ),
        text=said.text,
        is_action=said.is_action,
        emotes=tuple(
            ChatEmotePlace(
                code=each.code, url=emote_url(each.picture), start=each.start, end=each.end
            )
            for each in said.emotes
        ),
        mentions=tuple(
            ChatMentionPlace(
                account_id=each.account_id,
                display_name=each.display_name,
                start=each.start,
                end=each.end,
            )
            for each in said.mentions
        ),
        reply_to=None
        if reply is None
        else ChatReplyView(
            message_id=str(reply.message_id),
            account_id=reply.account_id,
            display_name=reply.display_name,
        ),
        broadcast_id=said.broadcast_id,
        media_time_ms=said.media_time_ms,
    )


def sanction_view(sanction: Sanction) -> SanctionView:
    """Show a sanction."""
    return SanctionView(
        kind=sanction.kind,
        person=person_view(sanction.person),
        by=None if sanction.by is None else person_view(sanction.by),
        reason=sanction.reason,
        since=sanction.since_ms,
        ends_at=sanction.ends_at_ms,
    )


def log_entry_view(entry: LogEntry) -> LogEntryView:
    """Show what was done."""
    return LogEntryView(
        id=entry.id,
        at=entry.at_ms,
        action=entry.action,
        by=None if entry.by is None else person_view(entry.by),
        about=None if entry.about is None else person_view(entry.about),
        message_id=None if entry.message_id is None else str(entry.message_id),
        text=entry.text,
        reason=entry.reason,
        details=dict(entry.details),
    )


def emote_view(emote: Emote) -> EmoteView:
    """Show an emote."""
    return EmoteView(
        code=emote.code,
        pictures=tuple(
            EmotePicture(width=width, url=f"{PICTURES_PATH}/{picture_file(emote.picture, width)}")
            for width in EMOTE.widths
        ),
        is_global=emote.is_global,
    )


def avatar_url(name: str | None) -> str | None:
    """Return where a small picture of somebody is."""
    return None if name is None else _url(name, AVATAR)


def emote_url(name: str) -> str:
    """Return where an emote's picture is, large enough for any screen."""
    return f"{PICTURES_PATH}/{picture_file(name, EMOTE.widths[-1])}"


def _url(name: str, shape: PictureShape) -> str:
    return f"{PICTURES_PATH}/{picture_file(name, shape.widths[0])}"

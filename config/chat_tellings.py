"""What is said and done in rooms, as the events that listeners hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from accounts.api.resources.chat_views import avatar_url, emote_url
from accounts.chat.message import Act, ActKind, Message
from accounts.chat.rows import ALL_ROOMS
from notify.events import (
    ChatCleared,
    ChatDeleted,
    ChatEmotesChanged,
    ChatMessage,
    ChatSanctioned,
    ChatSettings,
    Event,
)
from notify.events.chat import ChatAuthor, ChatEmote, ChatMention, ChatReply
from notify.topic import ME, Key, account_key, chat_account_key, chat_key, chat_staff_key


@dataclass(frozen=True, slots=True)
class RoomTelling:
    """One event, what clients call its topics, and whom it is for."""

    event: Event
    topics: Sequence[str]
    keys: frozenset[Key]


def telling_of(entry: Message | Act) -> list[RoomTelling]:
    """Return what is told of something; nothing, perhaps."""
    if isinstance(entry, Message):
        said = entry.said
        return [_to_all(_message(entry), said.channel, said.channel_id)]
    if entry.channel_id == ALL_ROOMS or not entry.channel:
        return []  # read anew when a page is opened; or the channel is gone
    if entry.kind is ActKind.SANCTIONED:
        return [_sanctioned(entry)]
    event = _event(entry)
    return [] if event is None else [_to_all(event, entry.channel, entry.channel_id)]


def _to_all(event: Event, channel: str, channel_id: str) -> RoomTelling:
    return RoomTelling(event, [f"chat:{channel}"], frozenset({chat_key(channel_id)}))


def _event(act: Act) -> Event | None:
    details = act.details
    match act.kind:
        case ActKind.DELETED:
            return ChatDeleted(
                at=act.at_ms,
                channel=act.channel,
                message_id=str(details["messageId"]),
                by_moderator=details["byModerator"],
            )
        case ActKind.CLEARED:
            return ChatCleared(at=act.at_ms, channel=act.channel, account_id=details["accountId"])
        case ActKind.RULES:
            return ChatSettings(
                at=act.at_ms,
                channel=act.channel,
                enabled=details["enabled"],
                slow_mode_s=details["slowModeS"],
                followers_only_minutes=details["followersOnlyMinutes"],
                verified_only=details["verifiedOnly"],
                links_allowed=details["linksAllowed"],
            )
        case ActKind.EMOTES:
            return ChatEmotesChanged(at=act.at_ms, channel=act.channel)
        case ActKind.FILTERS | ActKind.PEOPLE | ActKind.SANCTIONED:
            return None
        case _:
            assert_never(act.kind)


def _message(message: Message) -> ChatMessage:
    said, reply = message.said, message.said.reply_to
    return ChatMessage(
        at=said.at_ms,
        channel=said.channel,
        message_id=str(message.id),
        author=ChatAuthor(
            account_id=said.author.account_id,
            display_name=said.author.display_name,
            role=said.author.role.value,
            avatar=avatar_url(said.author.avatar),
        ),
        text=said.text,
        is_action=said.is_action,
        emotes=tuple(
            ChatEmote(code=each.code, url=emote_url(each.picture), start=each.start, end=each.end)
            for each in said.emotes
        ),
        mentions=tuple(
            ChatMention(
                account_id=each.account_id,
                display_name=each.display_name,
                start=each.start,
                end=each.end,
            )
            for each in said.mentions
        ),
        reply_to=None
        if reply is None
        else ChatReply(
            message_id=str(reply.message_id),
            account_id=reply.account_id,
            display_name=reply.display_name,
        ),
        broadcast_id=said.broadcast_id,
        media_time_ms=said.media_time_ms,
    )


def _sanctioned(act: Act) -> RoomTelling:
    details, channel_id = act.details, act.channel_id
    account_id = details["accountId"]
    event = ChatSanctioned(
        at=act.at_ms,
        channel=act.channel,
        account_id=account_id,
        display_name=details["displayName"],
        kind=details["kind"],
        reason=details["reason"],
        ends_at=details["endsAtMs"],
    )
    keys = {
        chat_staff_key(channel_id),
        chat_account_key(channel_id, account_id),
        account_key(account_id),
    }
    return RoomTelling(event, [f"chat:{act.channel}", ME], frozenset(keys))

"""Message: something that was said, as rows, readers and events know it; and Act, what was done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accounts.chat.room_rules import ChatRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who said something. `avatar` names the picture."""

    account_id: str
    display_name: str
    avatar: str | None
    role: ChatRole


@dataclass(frozen=True, slots=True, kw_only=True)
class EmotePlace:
    """Where a picture stands instead of `code`, colons included, in UTF-16 units."""

    code: str
    picture: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionPlace:
    """Where somebody is called by name, @ included, in UTF-16 units."""

    account_id: str
    display_name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """What a message answers."""

    message_id: int
    account_id: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What is to be said, before it has its place. `turn`: see Hushed; of this process alone."""

    channel_id: str
    channel: str
    author: Author
    at_ms: int
    text: str
    is_action: bool = False
    emotes: tuple[EmotePlace, ...] = ()
    mentions: tuple[MentionPlace, ...] = ()
    reply_to: ReplyTo | None = None
    broadcast_id: str | None = None
    media_time_ms: int | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """What was said. `id` is its place in the order that all servers share."""

    id: int
    said: Utterance


class ActKind(StrEnum):
    """What may happen in a room beside messages, with what `details` hold.

    deleted: messageId, byModerator. cleared: accountId, or null for everybody's. sanctioned:
    accountId, displayName, kind, reason, endsAtMs. rules: the room's rules. emotes, filters,
    people: nothing; read them anew.
    """

    DELETED = "deleted"
    CLEARED = "cleared"
    SANCTIONED = "sanctioned"
    RULES = "rules"
    EMOTES = "emotes"
    FILTERS = "filters"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that was done in a room; `channel_id` is "" where it is for all rooms."""

    position: int
    channel_id: str
    channel: str
    at_ms: int
    kind: ActKind
    details: Mapping[str, Any] = field(default_factory=dict)

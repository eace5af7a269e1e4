"""Events as they go over the wire, each with a name and a version; one file for each noun.

A field may be added to a version; nothing of it is taken away, renamed or given another meaning.
What needs that is a new version, told beside the old one for as long as clients know the old.
"""

from notify.events.broadcast import ChannelLive, ChannelOffline
from notify.events.channel import ChannelChanged, ViewersCounted
from notify.events.chat import (
    ChatCleared,
    ChatDeleted,
    ChatEmotesChanged,
    ChatMessage,
    ChatSanctioned,
    ChatSettings,
)
from notify.events.event import Event, UtcTime, schema_of
from notify.events.follower import FollowerGained
from notify.events.notification import NotificationAdded, NotificationsRead
from notify.events.publisher import PublisherFinding, PublisherFindings, PublisherWarned

ALL_EVENTS: tuple[type[Event], ...] = (
    ChannelLive,
    ChannelOffline,
    ChannelChanged,
    FollowerGained,
    NotificationAdded,
    NotificationsRead,
    PublisherWarned,
    PublisherFindings,
    ViewersCounted,
    ChatMessage,
    ChatDeleted,
    ChatCleared,
    ChatSettings,
    ChatEmotesChanged,
    ChatSanctioned,
)
"""Every event there is, in the order of the reference."""

__all__ = [
    "ALL_EVENTS",
    "ChannelChanged",
    "ChannelLive",
    "ChannelOffline",
    "ChatCleared",
    "ChatDeleted",
    "ChatEmotesChanged",
    "ChatMessage",
    "ChatSanctioned",
    "ChatSettings",
    "Event",
    "FollowerGained",
    "NotificationAdded",
    "NotificationsRead",
    "PublisherFinding",
    "PublisherFindings",
    "PublisherWarned",
    "UtcTime",
    "ViewersCounted",
    "schema_of",
]

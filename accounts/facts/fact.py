"""Fact: something that has happened and that nobody who should hear of it may miss. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FactKind(StrEnum):
    """What kinds there are, with what `details` hold. Names are camelCase, as in the API.

    broadcast-started: broadcastId, title, category, startedAtMs, isListed.
    broadcast-ended: broadcastId, isListed.
    channel-changed: changed (names of fields), title, category, visibility, wasListed, isListed;
    broadcastId and startedAtMs, both null while it is not live.
    follower-gained: ownerId, followerId, followerName, followerCount.
    notifications-stored: notificationId, kind, title, broadcastId, and the accounts that have the
    notification now: `aloud`, and `quiet` for those whose quiet hours it is.
    """

    BROADCAST_STARTED = "broadcast-started"
    BROADCAST_ENDED = "broadcast-ended"
    CHANNEL_CHANGED = "channel-changed"
    FOLLOWER_GAINED = "follower-gained"
    NOTIFICATIONS_STORED = "notifications-stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row of the outbox.

    `position` says where it stands in the one order in which all servers tell facts; positions
    have no gaps that could be filled later. `id` stays the same however often it is told.
    """

    id: str
    position: int
    kind: FactKind
    channel_id: str
    channel: str
    at_ms: int
    details: Mapping[str, Any] = field(default_factory=dict)

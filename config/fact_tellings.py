"""Facts of accounts as the events that listeners hear of them."""

from typing import Any, assert_never

from accounts.channels.visibility import Visibility
from accounts.facts import Fact, FactKind
from notify.events import (
    ChannelChanged,
    ChannelLive,
    ChannelOffline,
    Event,
    FollowerGained,
    NotificationAdded,
)
from notify.ports import Telling
from notify.topic import LIVE, LIVE_KEY, ME, Key, account_key, channel_key, staff_key


def tellings_of(fact: Fact) -> list[Telling]:
    """Return what is told of a fact, and to whom; nothing, perhaps."""
    match fact.kind:
        case FactKind.BROADCAST_STARTED:
            return [_of_channel(fact, _live(fact), is_listed=fact.details["isListed"])]
        case FactKind.BROADCAST_ENDED:
            return [_of_channel(fact, _offline(fact), is_listed=fact.details["isListed"])]
        case FactKind.CHANNEL_CHANGED:
            return _of_change(fact)
        case FactKind.FOLLOWER_GAINED:
            return [_of_follower(fact)]
        case FactKind.NOTIFICATIONS_STORED:
            return [
                _of_notifications(fact, fact.details[group], is_quiet=group == "quiet")
                for group in ("aloud", "quiet")
                if fact.details[group]
            ]
        case _:
            assert_never(fact.kind)


def _live(fact: Fact) -> ChannelLive:
    details = fact.details
    return ChannelLive(
        at=fact.at_ms,
        channel=fact.channel,
        broadcast_id=details["broadcastId"],
        title=details["title"],
        category=details["category"],
        started_at=details["startedAtMs"],
    )


def _offline(fact: Fact) -> ChannelOffline:
    return ChannelOffline(
        at=fact.at_ms, channel=fact.channel, broadcast_id=fact.details["broadcastId"]
    )


def _of_channel(fact: Fact, event: Event, *, is_listed: bool) -> Telling:
    topics, keys = [_topic(fact)], {channel_key(fact.channel_id)}
    if is_listed:
        topics.append(LIVE)
        keys.add(LIVE_KEY)
    return Telling(fact.position, event, topics, frozenset(keys))


def _of_change(fact: Fact) -> list[Telling]:
    details = fact.details
    event = ChannelChanged(
        at=fact.at_ms,
        channel=fact.channel,
        changed=tuple(details["changed"]),
        title=details["title"],
        category=details["category"],
    )
    # Who may not know of it any more hears no new title while rights are looked at anew.
    is_private = details["visibility"] == Visibility.PRIVATE.value
    key = staff_key(fact.channel_id) if is_private else channel_key(fact.channel_id)
    told = [_telling(fact, event, [_topic(fact)], {key})]
    if details["broadcastId"] is not None and details["wasListed"] != details["isListed"]:
        listed: Event = _live(fact) if details["isListed"] else _offline(fact)
        told.append(_telling(fact, listed, [LIVE], {LIVE_KEY}))
    return told


def _of_follower(fact: Fact) -> Telling:
    details = fact.details
    event = FollowerGained(
        at=fact.at_ms,
        channel=fact.channel,
        account_id=details["followerId"],
        display_name=details["followerName"],
        follower_count=details["followerCount"],
    )
    return _telling(fact, event, [ME], {account_key(details["ownerId"])})


def _of_notifications(fact: Fact, account_ids: Any, *, is_quiet: bool) -> Telling:
    details = fact.details
    event = NotificationAdded(
        at=fact.at_ms,
        notification_id=details["notificationId"],
        kind=details["kind"],
        channel=fact.channel,
        title=details["title"],
        broadcast_id=details["broadcastId"],
        is_quiet=is_quiet,
    )
    return _telling(fact, event, [ME], set(map(account_key, account_ids)))


def _telling(fact: Fact, event: Event, topics: list[str], keys: set[Key]) -> Telling:
    return Telling(fact.position, event, topics, frozenset(keys))


def _topic(fact: Fact) -> str:
    return f"channel:{fact.channel}"

"""Followers: who follows whom."""

from pydantic import Field

from notify.events.event import Event


class FollowerGained(Event):
    """Somebody follows a channel of the listener's. Told to its owner alone."""

    TYPE = "follower.gained"
    HEARD_ON = ("me",)

    channel: str
    account_id: str = Field(description="Who follows.")
    display_name: str
    follower_count: int

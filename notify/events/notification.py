"""Notifications: what somebody was told, and has read."""

from typing import Literal

from pydantic import Field

from notify.events.event import Event


class NotificationAdded(Event):
    """The listener has a new notification; it is in the API's list, too."""

    TYPE = "notification.added"
    HEARD_ON = ("me",)

    notification_id: str
    kind: Literal["live", "title", "webhook"] = Field(
        description="`webhook`: one of the listener's own was switched off, after days without any "
        "success or because its receiver said that it is gone."
    )
    channel: str
    title: str = Field(description="What the channel says of itself; the webhook's name.")
    broadcast_id: str = Field(description="Empty for what is about no broadcast.")
    is_quiet: bool = Field(description="In the listener's quiet hours: show it, but do not alert.")


class NotificationsRead(Event):
    """The listener has read notifications, here or on another device.

    Told by the server where that happened, to those who are connected to it.
    """

    TYPE = "notification.read"
    HEARD_ON = ("me",)
    IS_FACT = False

    unread: int

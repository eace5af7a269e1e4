"""Notifications: /me/notifications."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.channel_views import ChannelCard, channel_card
from accounts.api.resources.cursors import read_cursor
from accounts.notifications.inbox import COUNT_LIMIT, Inbox, Notification
from accounts.notifications.kind import Kind
from accounts.storage.ids import is_id


class NotificationView(ApiModel):
    """One thing that the caller was told of."""

    id: str
    kind: Kind
    channel: ChannelCard
    title: str = Field(
        description="What the channel said of itself then; of `webhook`, the webhook's name."
    )
    broadcast_id: str = Field(description="Empty for what is about no broadcast.")
    at: UtcTime
    is_quiet: bool = Field(description="It came in quiet hours: nothing sounded or moved.")
    is_read: bool


class NotificationsQuery(PageQuery):
    """Which notifications."""

    unread: bool = Field(False, description="Those alone that are unread.")


class UnreadView(ApiModel):
    """How many notifications are unread."""

    unread: int = Field(description=f"At most {COUNT_LIMIT}, even if there are more.")


class ReadMark(ApiModel):
    """Whether a notification has been read."""

    is_read: bool


class ReadAll(ApiModel):
    """Which notifications to mark as read."""

    until: str | None = Field(
        None,
        max_length=40,
        description="`id` of the newest notification that was seen; null for all there are.",
    )


class NotificationsResource:
    """Lists, counts and marks."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    @operation(
        "GET",
        "/me/notifications",
        tag="notifications",
        access=USER,
        scope="notifications:read",
    )
    async def list_notifications(
        self, call: Call, query: NotificationsQuery
    ) -> Listing[NotificationView]:
        """List the caller's notifications, the newest first.

        They are kept for some weeks. Those of channels that are private or closed by now are left
        out.
        """
        cursor = read_cursor(query, int, str)
        page = await self._inbox.page(
            call.account_id, cursor, query.limit, unread_only=query.unread
        )
        return Listing[NotificationView].of(page, _view)

    @operation(
        "GET",
        "/me/notifications/unread",
        tag="notifications",
        access=USER,
        scope="notifications:read",
    )
    async def count_unread_notifications(self, call: Call) -> UnreadView:
        """Count the caller's unread notifications."""
        return UnreadView(unread=await self._inbox.unread_count(call.account_id))

    @operation(
        "PUT",
        "/me/notifications/{notification}/read-mark",
        tag="notifications",
        access=USER,
        scope="notifications:write",
        problems=(NOT_FOUND,),
    )
    async def mark_notification(self, call: Call, notification: str, body: ReadMark) -> None:
        """Mark a notification as read, or as unread."""
        is_there = is_id(notification, "ntc") and await self._inbox.mark(
            call.account_id, notification, is_read=body.is_read
        )
        if not is_there:
            raise NOT_FOUND.because("You have no such notification.")

    @operation(
        "POST",
        "/me/notifications/read-all",
        tag="notifications",
        access=USER,
        scope="notifications:write",
    )
    async def mark_all_notifications_read(self, call: Call, body: ReadAll) -> UnreadView:
        """Mark all of the caller's notifications as read, up to one of them if that is wanted.

        Answers with what is unread still: what came after that one.
        """
        left = await self._inbox.mark_all_read(call.account_id, body.until)
        return UnreadView(unread=left)


def _view(notification: Notification) -> NotificationView:
    return NotificationView(
        id=notification.id,
        kind=notification.kind,
        channel=channel_card(notification.channel),
        title=notification.title,
        broadcast_id=notification.broadcast_id,
        at=notification.at_ms,
        is_quiet=notification.is_quiet,
        is_read=notification.is_read,
    )

"""Notification settings: /me/notifications/settings, for all channels and for each."""

import hashlib
from typing import Annotated, Final

from pydantic import Field

from accounts.api.etag import etag_of
from accounts.api.model import ApiModel
from accounts.api.operation import USER, Answer, Call, operation
from accounts.api.problem import INVALID, FieldError
from accounts.api.resources.channel_problems import REFUSALS, WRITE_REFUSALS, asker_of, explained
from accounts.notifications.kind import LEVELS, Kind
from accounts.notifications.quiet_hours import QuietHours
from accounts.notifications.wishes import ChannelWish, Wish, Wishes

_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
TimeOfDay = Annotated[str, Field(pattern=_TIME, description='A time of day such as "22:30".')]


class QuietHoursFields(ApiModel):
    """When notifications come without a sound, a pop-up or a push."""

    starts: TimeOfDay
    ends: TimeOfDay
    time_zone: str = Field(
        max_length=64, description='A name of the IANA database such as "Europe/Berlin".'
    )


class KindFields(ApiModel):
    """Which kinds of notifications are wanted."""

    live: bool = Field(True, description="A channel goes live.")
    title: bool = Field(
        True,
        description="A channel that is live says something else of itself; for those who follow "
        "with `all`, once for each broadcast.",
    )


class NotificationSettings(ApiModel):
    """What the caller wants to be told of, how, and when not aloud."""

    kinds: KindFields = KindFields(live=True, title=True)
    push: KindFields = Field(
        KindFields(live=True, title=True),
        description="Of these kinds, what browsers that agreed are told of, too.",
    )
    email: KindFields = Field(
        KindFields(live=False, title=False),
        description="Of these kinds, what is mailed, too; several channels in one mail.",
    )
    quiet_hours: QuietHoursFields | None = None


class ChannelNotificationSettings(KindFields):
    """What is wanted of one channel."""

    push: bool | None = Field(
        None, description="Whether browsers are told of it; null: as for all channels."
    )
    email: bool | None = Field(
        None, description="Whether all of it is mailed; null: as for all channels."
    )


class NotificationSettingsResource:
    """Shows and changes what is wanted."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes

    @operation(
        "GET",
        "/me/notifications/settings",
        tag="notifications",
        access=USER,
        scope="notifications:read",
        has_etag=True,
    )
    async def get_notification_settings(self, call: Call) -> Answer[NotificationSettings]:
        """Show what the caller wants to be told of."""
        return _answer(await self._wishes.get(call.account_id))

    @operation(
        "PUT",
        "/me/notifications/settings",
        tag="notifications",
        access=USER,
        scope="notifications:write",
        edits=True,
        has_etag=True,
    )
    async def put_notification_settings(
        self, call: Call, body: NotificationSettings
    ) -> Answer[NotificationSettings]:
        """Change what the caller wants to be told of, on all channels.

        How much of a channel is told is said when following it (`notifications`); what is not
        wanted here is not told whatever is said there.
        """
        wish = Wish(
            _muted(body.kinds),
            _quiet_hours(body.quiet_hours),
            push_muted=_muted(body.push),
            mailed=frozenset(LEVELS) - _muted(body.email),
        )
        return _answer(await self._wishes.put(call.account_id, wish, call.precondition.require))

    @operation(
        "GET",
        "/me/notifications/settings/channels/{channel}",
        tag="notifications",
        access=USER,
        scope="notifications:read",
        has_etag=True,
        problems=REFUSALS,
    )
    async def get_channel_notification_settings(
        self, call: Call, channel: str
    ) -> Answer[ChannelNotificationSettings]:
        """Show what the caller wants to be told of one channel."""
        with explained():
            return _channel_answer(await self._wishes.of_channel(channel, asker_of(call)))

    @operation(
        "PUT",
        "/me/notifications/settings/channels/{channel}",
        tag="notifications",
        access=USER,
        scope="notifications:write",
        edits=True,
        has_etag=True,
        problems=WRITE_REFUSALS,
    )
    async def put_channel_notification_settings(
        self, call: Call, channel: str, body: ChannelNotificationSettings
    ) -> Answer[ChannelNotificationSettings]:
        """Change what the caller wants to be told of one channel.

        It holds for whenever the caller follows the channel, and what is not wanted of any channel
        stays so.
        """
        wish = ChannelWish(_muted(body), body.push, body.email)

        def check(before: ChannelWish) -> None:
            call.precondition.require(_version_of(before))

        with explained():
            await self._wishes.put_of_channel(channel, asker_of(call), wish, check)
        return _channel_answer(wish)


def _answer(wish: Wish) -> Answer[NotificationSettings]:
    quiet = wish.quiet_hours
    shown = NotificationSettings(
        kinds=_kinds(wish.muted),
        push=_kinds(wish.push_muted),
        email=_kinds(frozenset(LEVELS) - wish.mailed),
        quiet_hours=None
        if quiet is None
        else QuietHoursFields(
            starts=_time_of_day(quiet.from_min),
            ends=_time_of_day(quiet.to_min),
            time_zone=quiet.time_zone,
        ),
    )
    return Answer(shown, etag=etag_of(wish.revision))


def _channel_answer(wish: ChannelWish) -> Answer[ChannelNotificationSettings]:
    shown = ChannelNotificationSettings(
        **dict(_kinds(wish.muted)), push=wish.push, email=wish.email
    )
    return Answer(shown, etag=etag_of(_version_of(wish)))


def _version_of(wish: ChannelWish) -> str:
    """Name a wish by what it says: of most channels there is no row that could count edits."""
    words = [*sorted(kind.value for kind in wish.muted), f"push={wish.push}", f"mail={wish.email}"]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def _quiet_hours(fields: QuietHoursFields | None) -> QuietHours | None:
    if fields is None:
        return None
    try:
        return QuietHours(_minute(fields.starts), _minute(fields.ends), fields.time_zone)
    except ValueError as error:
        raise INVALID.because(errors=[FieldError("quietHours", str(error))]) from None


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _time_of_day(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _muted(fields: KindFields) -> frozenset[Kind]:
    return frozenset(kind for kind in LEVELS if not getattr(fields, kind.value))


def _kinds(muted: frozenset[Kind]) -> KindFields:
    return KindFields(**{kind.value: kind not in muted for kind in LEVELS})

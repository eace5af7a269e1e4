"""Channels and people as the API shows them."""

import hashlib
from typing import Any, Final

from pydantic import BaseModel, Field

from accounts.api.etag import etag_of
from accounts.api.model import ApiModel, UtcTime
from accounts.channels.channel import Channel, LatencyProfile
from accounts.channels.owners import PersonCard
from accounts.channels.sight import Sight
from accounts.channels.visibility import Visibility, may_follow
from accounts.images import ARTWORK, AVATAR, PictureShape, picture_file

PICTURES_PATH: Final = "/api/v1/pictures"


class PictureView(ApiModel):
    """A picture in one width."""

    width: int = Field(description="In pixels.")
    url: str


class PersonView(ApiModel):
    """What everybody may know of an account."""

    account_id: str
    display_name: str
    avatar: tuple[PictureView, ...] = Field(description="In rising widths; empty if none.")


class ChannelCard(ApiModel):
    """A channel as lists show it."""

    id: str
    name: str = Field(description="Stands in addresses; never changes.")
    title: str
    category: str | None
    tags: tuple[str, ...]
    language: str | None = Field(description="BCP 47.")
    is_mature: bool
    artwork: tuple[PictureView, ...] = Field(description="In rising widths; empty if none.")
    visibility: Visibility
    follower_count: int
    viewer_count: int = Field(description="Who watches now; renewed every few seconds.")
    is_live: bool
    live_since: UtcTime | None
    last_live_at: UtcTime | None = Field(description="When it was last on air; null if never.")


class StandingView(ApiModel):
    """What the caller is to the channel."""

    is_owner: bool
    is_moderator: bool
    is_following: bool
    may_follow: bool
    may_watch: bool


class BanView(ApiModel):
    """That and why administrators have closed the channel; its owner and they see it."""

    at: UtcTime
    reason: str


class ChannelView(ChannelCard):
    """A channel as its page shows it."""

    description: str
    latency_profile: LatencyProfile
    grace_s: int = Field(description="How long a show waits for a publisher that was lost.")
    created_at: UtcTime
    owner_id: str
    ban: BanView | None
    standing: StandingView


def person_view(person: PersonCard) -> PersonView:
    """Show a person."""
    return PersonView(
        account_id=person.account_id,
        display_name=person.display_name,
        avatar=_pictures(person.avatar, AVATAR),
    )


def channel_card(channel: Channel) -> ChannelCard:
    """Show a channel in a list."""
    return ChannelCard(**_on_card(channel))


def channel_view(sight: Sight) -> ChannelView:
    """Show a channel to the one who looks at it."""
    channel, standing = sight.channel, sight.standing
    ban = None
    if channel.banned_at_ms is not None and standing.runs_it:
        ban = BanView(at=channel.banned_at_ms, reason=channel.ban_reason or "")
    return ChannelView(
        **_on_card(channel),
        description=channel.description,
        latency_profile=channel.latency_profile,
        grace_s=channel.grace_s,
        created_at=channel.created_at_ms,
        owner_id=channel.owner_id,
        ban=ban,
        standing=StandingView(
            is_owner=standing.is_owner,
            is_moderator=standing.is_moderator,
            is_following=standing.is_follower,
            may_follow=may_follow(channel.visibility, standing, is_closed=sight.is_closed),
            may_watch=sight.may_watch,
        ),
    )


def _on_card(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "title": channel.title,
        "category": channel.category,
        "tags": channel.tags,
        "language": channel.language,
        "is_mature": channel.is_mature,
        "artwork": _pictures(channel.artwork, ARTWORK),
        "visibility": channel.visibility,
        "follower_count": channel.follower_count,
        "viewer_count": channel.viewer_count,
        "is_live": channel.live_since_ms is not None,
        "live_since": channel.live_since_ms,
        "last_live_at": channel.last_live_ms,
    }


def revision_tag(revision: int, shown: BaseModel) -> str:
    """Return the ETag of what is shown of something at a revision; see `revision_check`."""
    digest = hashlib.sha256(shown.model_dump_json().encode()).hexdigest()
    return etag_of(f"{revision}-{digest[:16]}")


def _pictures(name: str | None, shape: PictureShape) -> tuple[PictureView, ...]:
    if name is None:
        return ()
    return tuple(
        PictureView(width=width, url=f"{PICTURES_PATH}/{picture_file(name, width)}")
        for width in shape.widths
    )

"""Who may see a channel and who may watch it, decided from facts. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """How far a channel is open."""

    PUBLIC = "public"  # listed, and anybody may watch
    UNLISTED = "unlisted"  # in no list; anybody who knows the name may watch
    FOLLOWERS = "followers"  # listed, but only who follows may watch
    PRIVATE = "private"  # unknown to all but its people and who has a link

    @property
    def is_listed(self) -> bool:
        """Whether the channel stands in lists and search results."""
        return self in {Visibility.PUBLIC, Visibility.FOLLOWERS}

    @property
    def needs_token(self) -> bool:
        """Whether live media is given only to who shows a playback token."""
        return self in {Visibility.FOLLOWERS, Visibility.PRIVATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one account is to one channel; all false for strangers and the anonymous.

    `is_blocked` says that the owner has blocked the account, `is_banned` that it may not watch
    or follow this channel for now.
    """

    is_owner: bool = False
    is_moderator: bool = False
    is_admin: bool = False
    is_follower: bool = False
    is_blocked: bool = False
    is_banned: bool = False

    @property
    def runs_it(self) -> bool:
        """Whether the channel is the account's own, or the account looks after all channels."""
        return self.is_owner or self.is_admin

    @property
    def watches_over_it(self) -> bool:
        """Whether the account may act against viewers of the channel."""
        return self.runs_it or self.is_moderator

    @property
    def is_shut_out(self) -> bool:
        """Whether the account may not be among the channel's viewers. Nobody shuts out its own."""
        return (self.is_blocked or self.is_banned) and not self.runs_it


STRANGER = Standing()


def may_know(visibility: Visibility, standing: Standing, *, is_closed: bool) -> bool:
    """Whether this account may learn that the channel is there.

    `is_closed`: the channel was banned by an administrator, or its owner's account was closed.
    """
    if standing.runs_it:
        return True
    if is_closed:
        return False
    if visibility is Visibility.PRIVATE:
        return standing.is_moderator and not standing.is_shut_out
    return True


def may_watch(visibility: Visibility, standing: Standing, *, is_closed: bool) -> bool:
    """Whether this account may watch; links that the owner has shared are another way in."""
    if is_closed or standing.is_shut_out:
        return False
    if standing.watches_over_it:
        return True
    match visibility:
        case Visibility.PUBLIC | Visibility.UNLISTED:
            return True
        case Visibility.FOLLOWERS:
            return standing.is_follower
        case Visibility.PRIVATE:
            return False


def may_follow(visibility: Visibility, standing: Standing, *, is_closed: bool) -> bool:
    """Whether this account may begin to follow; nobody follows a channel of its own."""
    if standing.is_owner or standing.is_shut_out:
        return False
    return may_know(visibility, standing, is_closed=is_closed)

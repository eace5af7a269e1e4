"""What happens to people and channels, told to whoever was given as `emit`.

Events are facts in the past tense. They hold ids and public names, never a secret, and are told
after the transaction that made them true has been committed.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsEvent:
    """Something has happened. `at_ms` is when, in milliseconds since 1970 (UTC)."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent(AccountsEvent):
    """Something has happened to a channel. `channel` is its name, which never changes."""

    channel_id: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCreated(ChannelEvent):
    """An account has a new channel."""

    owner_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(ChannelEvent):
    """What a channel says of itself, or who may watch it, has changed."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDeleted(ChannelEvent):
    """A channel is gone, and all that hung on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBanned(ChannelEvent):
    """An administrator has closed a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUnbanned(ChannelEvent):
    """An administrator has opened a channel again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCut(ChannelEvent):
    """Somebody has ended a channel's show. `by_id` is who."""

    by_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCreated(ChannelEvent):
    """A channel has a new stream key."""

    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(ChannelEvent):
    """A stream key is void, or its secret is (`rotated`): whoever published with it is cut."""

    key_id: str
    rotated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(ChannelEvent):
    """An account follows a channel. `level` says what it wants to hear of."""

    account_id: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed(ChannelEvent):
    """An account follows a channel no more."""

    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerBanned(ChannelEvent):
    """An account may not watch or follow a channel. `by_id` is who decided."""

    account_id: str
    by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastStarted(ChannelEvent):
    """A channel is live."""

    broadcast_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastEnded(ChannelEvent):
    """A channel is live no more."""

    broadcast_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent(AccountsEvent):
    """Something has happened to an account."""

    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(AccountEvent):
    """Somebody has an account.

    `how`: "set-up", "registration", "invitation", "openid" or "operator".
    """

    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(AccountEvent):
    """An account's profile, address, password or role has changed. `changed` names the fields."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeleted(AccountEvent):
    """An account is gone, and all that hung on it. `by_id`: an administrator, or its owner."""

    by_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSuspended(AccountEvent):
    """Nobody may use an account any more; all its log-ins have ended."""

    by_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRestored(AccountEvent):
    """A suspended account may be used again."""

    by_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(AccountEvent):
    """Somebody has signed in. `how`: "password", "second-factor", "openid", "link"."""

    session_id: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused(AccountsEvent):
    """Somebody has sent a wrong password or code. `account_id` is known for codes alone."""

    account_id: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(AccountEvent):
    """Log-ins have ended: one, or all but perhaps the one that asked."""

    session_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshTokenReused(AccountEvent):
    """A refresh token came a second time: somebody has a copy. The log-in has ended."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsRead(AccountEvent):
    """Somebody has read notifications; `unread_count` are left."""

    unread_count: int


CHANGES_LISTS: Final = (
    AccountDeleted,
    AccountRestored,
    AccountSuspended,
    BroadcastEnded,
    BroadcastStarted,
    ChannelBanned,
    ChannelChanged,
    ChannelCreated,
    ChannelDeleted,
    ChannelUnbanned,
)
"""What is seen in lists that everybody is shown: which channels and broadcasts there are, and how
they are called. Counts, which move all the time, may be a moment old there."""

"""RoomRules: who may write in a room, and how; decided from facts. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.channels.visibility import Standing
from accounts.chat.refusal import Refusal, RefusalCode

_MINUTE_MS: Final = 60_000


class ChatRole(StrEnum):
    """What somebody is in a room, for others to see."""

    OWNER = "owner"
    ADMIN = "admin"
    MODERATOR = "moderator"
    FOLLOWER = "follower"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRules:
    """What holds in a room for all but its people. `followers_only_min` None: for nobody."""

    is_enabled: bool = True
    slow_mode_s: int = 0
    followers_only_min: int | None = None
    verified_only: bool = False
    links_allowed: bool = True
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """Why somebody may not write, in a moderator's words. `ends_at_ms` None: until it is lifted."""

    ends_at_ms: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who may want to write. `follows_since_ms` None: does not follow.

    `ban` is there for who is banned; who is blocked is told no reason.
    """

    account_id: str
    display_name: str
    avatar: str | None
    standing: Standing
    follows_since_ms: int | None
    is_proven: bool  # the e-mail address
    may_watch: bool
    ban: Silence | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the room's rules for viewers do not hold for them."""
        return self.standing.watches_over_it and not self.standing.is_shut_out

    @property
    def role(self) -> ChatRole:
        """What others see them as."""
        if self.standing.is_owner:
            return ChatRole.OWNER
        if self.standing.is_admin:
            return ChatRole.ADMIN
        if self.standing.is_moderator:
            return ChatRole.MODERATOR
        return ChatRole.FOLLOWER if self.follows_since_ms is not None else ChatRole.VIEWER


def why_not(
    rules: RoomRules, speaker: Speaker, timeout: Silence | None, now_ms: int
) -> Refusal | None:
    """Return why somebody may not write in a room at all at the moment; None if they may."""
    if speaker.standing.is_shut_out:
        return _silenced(RefusalCode.BANNED, speaker.ban, now_ms)
    if not speaker.may_watch:
        return Refusal(RefusalCode.NOT_WATCHING)
    if speaker.is_staff:
        return None
    if timeout is not None and (timeout.ends_at_ms or 0) > now_ms:
        return _silenced(RefusalCode.TIMED_OUT, timeout, now_ms)
    if not rules.is_enabled:
        return Refusal(RefusalCode.CLOSED)
    if rules.verified_only and not speaker.is_proven:
        return Refusal(RefusalCode.VERIFIED_ONLY)
    if rules.followers_only_min is not None:
        since_ms = speaker.follows_since_ms
        if since_ms is None:
            return Refusal(RefusalCode.FOLLOWERS_ONLY)
        left_ms = since_ms + rules.followers_only_min * _MINUTE_MS - now_ms
        if left_ms > 0:
            return Refusal(RefusalCode.FOLLOWERS_ONLY, _seconds(left_ms))
    return None


def slow_mode_refusal(
    rules: RoomRules, speaker: Speaker, last_said_ms: int | None, now_ms: int
) -> Refusal | None:
    """Return why somebody must wait since they have said something; None if they need not."""
    if not rules.slow_mode_s or speaker.is_staff or last_said_ms is None:
        return None
    left_ms = last_said_ms + rules.slow_mode_s * 1000 - now_ms
    return Refusal(RefusalCode.SLOW_MODE, _seconds(left_ms)) if left_ms > 0 else None


def _silenced(code: RefusalCode, silence: Silence | None, now_ms: int) -> Refusal:
    if silence is None:
        return Refusal(code)
    left_ms = None if silence.ends_at_ms is None else silence.ends_at_ms - now_ms
    wait_s = None if left_ms is None or left_ms <= 0 else _seconds(left_ms)
    return Refusal(code, wait_s, reason=silence.reason)


def _seconds(left_ms: int) -> int:
    return -(-left_ms // 1000)

"""Refusal: why something is not said, for programs and for people. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RefusalCode(StrEnum):
    """The reasons. They never change their meaning."""

    SIGN_IN = "sign-in"
    BANNED = "banned"
    TIMED_OUT = "timed-out"
    CLOSED = "closed"
    NOT_WATCHING = "not-watching"
    FOLLOWERS_ONLY = "followers-only"
    VERIFIED_ONLY = "verified-only"
    SLOW_MODE = "slow-mode"
    TOO_FAST = "too-fast"
    ROOM_BUSY = "room-busy"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    FILTERED = "filtered"
    LINKS = "links"
    COMMAND = "command"
    NOT_ALLOWED = "not-allowed"
    UNKNOWN = "unknown"
    NO_CHANNEL = "no-channel"


TEXTS: Final = {
    RefusalCode.SIGN_IN: "Sign in to write here.",
    RefusalCode.BANNED: "You are banned from this channel.",
    RefusalCode.TIMED_OUT: "You may not write here for a while.",
    RefusalCode.CLOSED: "The chat of this channel is closed.",
    RefusalCode.NOT_WATCHING: "Only who may watch this channel may write here.",
    RefusalCode.FOLLOWERS_ONLY: "Only who has followed this channel for a while may write here.",
    RefusalCode.VERIFIED_ONLY: "Only who has confirmed an e-mail address may write here.",
    RefusalCode.SLOW_MODE: "Slow mode: wait before you write again.",
    RefusalCode.TOO_FAST: "You write too fast.",
    RefusalCode.ROOM_BUSY: "Too much is said here at the moment.",
    RefusalCode.EMPTY: "There is nothing to read in it.",
    RefusalCode.TOO_LONG: "It is too long.",
    RefusalCode.FILTERED: "It has words that are not wanted here.",
    RefusalCode.LINKS: "It leads to where links may not lead here.",
    RefusalCode.COMMAND: "There is no such command.",
    RefusalCode.NOT_ALLOWED: "Only the channel's moderators may do this.",
    RefusalCode.UNKNOWN: "There is no such person or message here.",
    RefusalCode.NO_CHANNEL: "There is no such channel.",
}
"""What each says to people, where there is nothing more to say."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`retry_after_s`: when the same may be said, if waiting is all that it takes.

    `reason` is what a moderator wrote who shut somebody out; empty if there is none.
    """

    code: RefusalCode
    retry_after_s: int | None = None
    more: str = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """What people are told."""
        return self.more or TEXTS[self.code]


class RefusedError(Exception):
    """It was not said or done."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


def refused(code: RefusalCode, retry_after_s: int | None = None, more: str = "") -> RefusedError:
    """Make the error of a refusal."""
    return RefusedError(Refusal(code, retry_after_s, more))

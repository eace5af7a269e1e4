"""What notify needs from the world: who somebody is, what they may hear, what was before.

Adapters are named in `config` alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from notify.events.event import Event
from notify.topic import Key


class UnavailableError(Exception):
    """It cannot be known at the moment; the same may work soon. The text holds no secret."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client showed. Neither is ever logged or printed."""

    cookie: str | None = field(repr=False)
    bearer: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who listens; all None for the anonymous.

    `session_id` names the log-in, where there is one; a personal token is looked at anew by its
    text instead. What was shown reaches only so far: `sees`, to channels that are not open to all;
    `hears_me`, to `me`; `speaks`, to writing in rooms; `moderates` and `runs_channels`, to commands
    there, if the account may give them. `leave` is a token to watch one channel by.
    """

    account_id: str | None = None
    session_id: str | None = None
    is_admin: bool = False
    sees: bool = False
    hears_me: bool = False
    speaks: bool = False
    moderates: bool = False
    runs_channels: bool = False
    leave: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


ANYBODY = Listener()


@dataclass(frozen=True, slots=True)
class Seat:
    """A place from which a listener hears a channel.

    `is_staff`: among its own people. `hears_chat`: in its room, too.
    """

    channel_id: str
    name: str
    is_staff: bool
    hears_chat: bool = True


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact as it is told: the event, what clients call its topics, and whom it is for."""

    fact: int
    event: Event
    topics: Sequence[str]
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Recalled:
    """Facts told again, in order, up to the position `until`.

    `is_whole` is false if some were deleted meanwhile, or were too many.
    """

    tellings: Sequence[Telling]
    until: int
    is_whole: bool


class Doorkeeper(Protocol):
    """Knows who stands at the door."""

    def address_of(self, request: web.BaseRequest) -> str:
        """Return the client's address, behind trusted proxies too; one network counts as one.

        "" if it cannot be told from others': a proxy that does not say whom it serves.
        """
        ...

    def is_cross_site(self, request: web.BaseRequest) -> bool:
        """Whether a page of another site made a browser send this."""
        ...

    def credentials_of(self, request: web.BaseRequest) -> Credentials:
        """Return what the request carries."""
        ...

    async def identify(self, credentials: Credentials) -> Listener:
        """Return who it is; ANYBODY if it is nobody's. Raises UnavailableError."""
        ...


class Rights(Protocol):
    """Knows who may hear what. All raise UnavailableError."""

    async def seat(self, channel: str, listener: Listener) -> Seat | None:
        """Return from where a listener hears a channel; None if it may not know of it."""
        ...

    async def seats(
        self, channel_id: str, listeners: Collection[Listener]
    ) -> Mapping[Listener, Seat]:
        """Return those of the listeners who may hear a channel now, and from where."""
        ...

    async def standing(self, listeners: Collection[Listener]) -> Collection[Listener]:
        """Return those of the listeners whose log-ins stand, and are still what they were."""
        ...


class Archive(Protocol):
    """Remembers facts for longer than a process runs."""

    async def recall(
        self, fact: int, keys: Collection[Key], account_id: str | None, limit: int
    ) -> Recalled:
        """Return what facts behind a position are for these keys. Raises UnavailableError.

        `account_id`: whose `me` is among the keys, if anybody's.
        """
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What became of something that was said.

    `message_id` is the message's; None for what was a command, which `answer` answers.
    """

    message_id: str | None
    answer: str | None


class UnsaidError(Exception):
    """It was not said: why, for programs and for people, and when it may be said again."""

    def __init__(self, code: str, text: str, retry_after_s: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.retry_after_s = retry_after_s


class Speech(Protocol):
    """Takes what listeners say in channels' rooms."""

    async def say(self, listener: Listener, channel: str, text: str, reply_to: str | None) -> Said:
        """Say something; return once it is safely written. Raises UnsaidError, UnavailableError."""
        ...


class Silence:
    """There are no rooms here. Implements Speech."""

    async def say(self, *_: object) -> Said:
        """Say nothing."""
        raise UnsaidError("no-chat", "There is no chat on this server.")

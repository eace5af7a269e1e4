"""What ingest needs from the world: somebody who knows the keys, and somewhere for the media to go.

Adapters are named in `config/wiring.py` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from ingest.media import MediaEvent


@dataclass(frozen=True, slots=True)
class PublishAttempt:
    """Somebody asks to publish.

    `app` and `key` are what the encoder's server address and stream key say, percent-decoded, with
    leading and trailing slashes and the query removed. `key` may be empty. `query` holds the
    parameters of both, the key's winning. Neither `key` nor `query` is ever logged or printed.
    """

    app: str
    key: str = field(repr=False)
    query: dict[str, str] = field(repr=False)
    remote_host: str
    encoder: str


@dataclass(frozen=True, slots=True)
class Grant:
    """The attempt may publish to `channel`.

    `principal` says who published without naming the secret: a newer publisher with the same
    principal takes over, one with another principal is refused while the first is on air.
    """

    channel: str
    principal: str


class RefusalCode(Enum):
    """Why an attempt was refused, in terms that encoders tell apart."""

    UNKNOWN_KEY = "unknown-key"
    KEY_EXPIRED = "key-expired"
    KEY_USED_UP = "key-used-up"  # what it was made for is done
    CHANNEL_CLOSED = "channel-closed"  # by an administrator
    CHANNEL_BUSY = "channel-busy"
    SERVER_FULL = "server-full"
    TOO_MANY = "too-many"  # whoever owns the key publishes as often as they may
    UNAVAILABLE = "unavailable"  # nobody can say now whether the attempt may publish


@dataclass(frozen=True, slots=True)
class Refusal:
    """The attempt may not publish; `text` is shown to the streamer by the encoder."""

    code: RefusalCode
    text: str


class PublishAuthorizer(Protocol):
    """Knows who may publish where."""

    async def authorize_publish(self, attempt: PublishAttempt) -> Grant | Refusal:
        """Decide on one attempt. Compares secrets in constant time; raises nothing expected."""
        ...


class EndReason(Enum):
    """Why a publisher's media ended."""

    UNPUBLISHED = "unpublished"  # the encoder said goodbye
    CONNECTION_LOST = "connection-lost"
    SILENT = "silent"
    TAKEN_OVER = "taken-over"
    CUT = "cut"  # somebody who may decided so
    PROTOCOL_ERROR = "protocol-error"
    SERVER_ERROR = "server-error"
    SERVER_STOPPING = "server-stopping"


class NoRoomError(Exception):
    """The server holds as many live outputs as it may; another channel's must end first."""


class OutputEndedError(Exception):
    """The live output behind a sink has ended although its publisher is still there."""


class MediaSink(Protocol):
    """Takes the media of one publisher. Owned by that publisher's session, which closes it."""

    def receive(self, events: Sequence[MediaEvent], now: float) -> float:
        """Take events in order. `now` is monotonic seconds, when their last byte was read.

        Returns from when on what comes next is wanted at once, on the clock of `now`; the past if
        it is now. What comes before may be kept, and then be given in one go.
        PublisherWarnings are not among the events: they are told as events of ingest.
        Raises OutputEndedError when nothing more can come of them.
        """
        ...

    @property
    def is_full(self) -> bool:
        """Whether the publisher must stop reading its socket until `wait_for_room` returns."""
        ...

    async def wait_for_room(self) -> None:
        """Return once the sink can take more."""
        ...

    def close(self, reason: EndReason, now: float) -> None:
        """No more will come from this publisher. Called exactly once."""
        ...


class MediaGateway(Protocol):
    """Opens a sink for a publisher who may publish."""

    def open_sink(self, grant: Grant, now: float) -> MediaSink:
        """Begin, or go on with, the live output of `grant.channel`.

        The sink of an earlier publisher of the channel has been closed before. Raises NoRoomError
        when the server is full.
        """
        ...

"""What distribution needs from the world: who may watch, who counts, and who listens to players.

Adapters are named in `config/wiring.py` alone.
"""

from enum import Enum
from typing import Protocol

from distribution.cmcd_text import CmcdText
from distribution.request_head import Fields


class View(Enum):
    """What becomes of a request for live media."""

    SHARED = "shared"  # anybody may watch: every cache may keep the response
    PERSONAL = "personal"  # this viewer may: no shared cache may keep the response
    UNKNOWN = "unknown"  # as if there were no such channel
    OVER = "over"  # the viewer was let in, but no more


class Seat(Protocol):
    """One connection, for who counts viewers. Nothing here waits or raises.

    `sid` is set before each request to the name of the session that it shows, unchecked, or None.
    What is noted has been answered, or waits to be: a request that waits is noted twice.
    """

    sid: bytes | None

    def see_playlist(self, channel: str, rendition: str, fields: Fields) -> None:
        """Note a media playlist of a rendition; "all" is the manifest of a whole show."""
        ...

    def see_start(self, channel: str, fields: Fields) -> None:
        """Note a manifest for a player that shows no session."""
        ...

    def see_media(self) -> None:
        """Note media."""
        ...

    def hang_up(self) -> None:
        """Note that the viewer has closed the connection while a request waited."""
        ...

    def leave(self) -> None:
        """Note that the viewer has closed the connection while none did."""
        ...


class Audience(Protocol):
    """Counts viewers."""

    def session_for(self, channel: str, shown: bytes | None) -> bytes:
        """Return the name of a player that begins: 12 characters, right in any URL.

        The one that it shows, unchecked, if that was given out for this channel.
        """
        ...

    def seat(self, peer: str) -> Seat:
        """Return a seat for a connection from this address."""
        ...


class ViewerAuthorizer(Protocol):
    """Knows who may watch what. Asked in the midst of a response: waits for nothing."""

    def authorize_view(self, channel: str, token: str | None) -> View:
        """Decide on one request; `token` is what stands in its path, unchecked. Never raises."""
        ...

    def is_listed(self, channel: str) -> bool:
        """Whether the channel may be named to who does not know of it."""
        ...


class EverybodyMayWatch:
    """Lets everybody watch everything: for servers without accounts. Gives out no tokens."""

    def authorize_view(self, channel: str, token: str | None) -> View:  # noqa: ARG002 - the port's signature
        """Let everybody watch at the addresses that everybody knows."""
        return View.SHARED if token is None else View.UNKNOWN

    def is_listed(self, channel: str) -> bool:  # noqa: ARG002 - as above
        """List everything."""
        return True


class Hearing(Protocol):
    """How much is heard of what players say with requests (CMCD): of many requests, some.

    Of `stride` requests one is looked at, and stands for all of them. `unread` are those since the
    one before: who can tell that the next is none to look at may count it there, and say nothing.
    """

    stride: int
    unread: int

    @property
    def always_read(self) -> bytes:
        """What stands in every text that is looked at in any case; others may have it, too."""
        ...


class PlayerListener(Hearing, Protocol):
    """Takes what players tell of how they play. Called while media is served: waits for nothing.

    `peer` is the address of who is connected, which may be a proxy's. Header fields (`block`) are
    as on the wire, from the CRLF before the first to the empty line.
    """

    def note_cmcd(self, channel: str, cmcd: CmcdText, peer: str) -> None:
        """Take what came with a GET for live media of the channel, by who may watch it.

        Nobody has looked at any of it. Never raises.
        """
        ...

    def take_beacon(self, body: bytes, block: bytes, peer: str) -> int:
        """Take a beacon of anybody's; return the status to answer with. Never raises.

        204: taken. 202: nothing was, for nobody is seen to watch yet. 400: it is none. 429: too
        many come from there.
        """
        ...

"""What distribution needs from the world: somebody who knows who may watch.

Adapters are named in `config/wiring.py` alone.
"""

from enum import Enum
from typing import Protocol


class View(Enum):
    """What becomes of a request for live media."""

    SHARED = "shared"  # anybody may watch: every cache may keep the response
    PERSONAL = "personal"  # this viewer may: no shared cache may keep the response
    UNKNOWN = "unknown"  # as if there were no such channel
    OVER = "over"  # the viewer was let in, but no more


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

"""Outlet and Exchange: what a response and the connection that carries it know of each other."""

import asyncio
from typing import Protocol

from distribution.ports import Seat


class Exchange(Protocol):
    """A response that could not be given at once."""

    def go_on(self) -> None:
        """Take note that the reader has taken what was sent."""
        ...

    def cancel(self) -> None:
        """Forget it: the viewer has left, or the server has no more time."""
        ...


class Outlet(Protocol):
    """A connection, while a request of it is answered."""

    @property
    def transport(self) -> asyncio.Transport | None:
        """Where bytes go; None once the connection is closed."""
        ...

    @property
    def peer_address(self) -> str:
        """Who is connected; it may be a proxy."""
        ...

    @property
    def seat(self) -> Seat | None:
        """Where it is noted who watches, if anybody does."""
        ...

    @property
    def writing_paused(self) -> bool:
        """Whether so much lies unsent that more has to wait until `Exchange.go_on`."""
        ...

    def hold(self, exchange: Exchange) -> None:
        """Take note that the response comes later, and who is to be told meanwhile."""
        ...

    def end_response(self, *, is_last: bool) -> None:
        """Take note that the response is complete, and whether it was the connection's last."""
        ...

    def cut_response(self, *, is_abrupt: bool) -> None:
        """Close, since the rest of the response cannot be had; `is_abrupt` resets."""
        ...

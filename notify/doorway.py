"""Doorway: who is let in to WebSockets and event streams, and what others are answered."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from notify.hall import Hall
from notify.ports import ANYBODY, Listener, UnavailableError


class RefusedError(Exception):
    """The request ends here, with this status and text."""

    def __init__(self, status: int, text: str, **headers: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> web.Response:
        """Make the answer."""
        return web.Response(
            status=self.status,
            text=f"{self.text}\n",
            headers={"Cache-Control": "no-store", "Server": "rillcast", **self.headers},
        )


@contextmanager
def admitted(hall: Hall, request: web.BaseRequest) -> Iterator[None]:
    """Let a connection in, and give its place back in the end. Raises RefusedError (403, 429)."""
    if hall.doorkeeper.is_cross_site(request):
        raise RefusedError(403, "this comes from a page of another site")
    address = hall.doorkeeper.address_of(request)
    if not hall.limits.admit(address, asyncio.get_running_loop().time()):
        raise RefusedError(429, "there are too many connections from here", Retry_After="30")
    try:
        yield
    finally:
        hall.limits.leave(address)


async def identified(hall: Hall, request: web.BaseRequest) -> Listener:
    """Return who sent the request. Raises RefusedError (401, 503)."""
    credentials = hall.doorkeeper.credentials_of(request)
    if credentials.cookie is None and credentials.bearer is None:
        return ANYBODY
    try:
        listener = await hall.doorkeeper.identify(credentials)
    except UnavailableError:
        raise RefusedError(503, "not now; try again soon", Retry_After="1") from None
    if credentials.bearer is not None and listener.account_id is None:
        raise RefusedError(
            401,
            "the token is unknown, void or expired",
            WWW_Authenticate='Bearer realm="rillcast", error="invalid_token"',
        )
    return listener

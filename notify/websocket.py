"""WebSocketDoor: /ws, where clients say what they want to hear and hear it."""

import base64
import hashlib
from typing import Final

from aiohttp import hdrs, web

from notify.deflation import accepted_extension
from notify.doorway import RefusedError, admit, identified
from notify.hall import Hall
from notify.pulse import Pulse
from notify.switching import SwitchedResponse, switch
from notify.talk import Talk

PATH: Final = "/ws"
_KEY_SUFFIX: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


class WebSocketDoor:
    """Answers /ws."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._pulse = Pulse(hall.settings.ping_s)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Begin to talk on a WebSocket, or say why not."""
        if not web.WebSocketResponse().can_prepare(request):
            return RefusedError(
                426, "expected a WebSocket", Upgrade="websocket", Sec_WebSocket_Version="13"
            ).response()
        try:
            address = admit(self._hall, request)
            try:
                listener = await identified(self._hall, request)
            except BaseException:
                self._hall.limits.leave(address)
                raise
        except RefusedError as refusal:
            return refusal.response()
        extension = accepted_extension(
            ",".join(request.headers.getall(hdrs.SEC_WEBSOCKET_EXTENSIONS, ()))
        )
        talk = Talk(self._hall, self._pulse, address, deflates=extension is not None)
        if switch(request, talk.socket, _head(request, extension)):
            talk.begin(listener)
        else:  # a page that was left before its handshake was answered
            talk.socket.connection_lost(None)
        return SwitchedResponse()


def _head(request: web.Request, extension: str | None) -> bytes:
    """Write the answer to a handshake (RFC 6455, 4.2.2)."""
    key = request.headers[hdrs.SEC_WEBSOCKET_KEY].encode()
    digest = hashlib.sha1(key + _KEY_SUFFIX, usedforsecurity=False).digest()
    fields = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest),
        b"Server: rillcast",  # which versions run here is nobody's business
    ]
    if extension is not None:
        fields.append(b"Sec-WebSocket-Extensions: " + extension.encode())
    return b"\r\n".join([*fields, b"", b""])

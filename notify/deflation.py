"""Deflation: messages compressed once for all who hear them. Pure.

Source: RFC 7692. Messages that go out together are compressed together: each but the first refers
back to those before it, and none to anything that was sent earlier. So the same bytes are right
for every listener, whatever it has heard until now, and nothing is kept for any of them. A client
keeps what it has read (`server_no_context_takeover` is not agreed to), which brings the messages
of a loud room to a quarter.
"""

import zlib
from collections.abc import Iterable
from typing import Final

from notify.frame import deflated_frame

WORTH_BYTES: Final = 1024
"""From how many bytes on it saves more than it costs: a single event stays as it is."""

_EXTENSION: Final = "permessage-deflate"
# 4 kB: some clients ask for no more, and a room's messages are like those just before.
_WINDOW_BITS: Final = 12
_ALL_WINDOW_BITS: Final = range(8, 16)
_LEVEL: Final = 6
_FLUSHED_BYTES: Final = 4  # 00 00 ff ff, which receivers add (7.2.1)


def deflated_messages(texts: Iterable[bytes]) -> bytes:
    """Write messages of UTF-8 text, one behind the other, to be sent as they are together."""
    making = zlib.compressobj(_LEVEL, zlib.DEFLATED, -_WINDOW_BITS)
    return b"".join(
        [
            deflated_frame(
                (making.compress(text) + making.flush(zlib.Z_SYNC_FLUSH))[:-_FLUSHED_BYTES]
            )
            for text in texts
        ]
    )


def accepted_extension(offered: str) -> str | None:
    """Return what to answer to a client's Sec-WebSocket-Extensions; None if it offers nothing.

    What clients send is compressed message by message, so that nothing is kept here either.
    """
    for offer in offered.split(","):
        name, *parameters = [part.strip() for part in offer.split(";")]
        if name.lower() == _EXTENSION:
            more = _answer_to(parameters)
            if more is not None:
                return f"{_EXTENSION}; client_no_context_takeover{more}"
    return None


def _answer_to(parameters: list[str]) -> str | None:
    """Return what is to be said to an offer beside that; None if it cannot be taken."""
    seen: dict[str, str] = {}
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() in seen:
            return None
        seen[name.strip()] = value.strip().strip('"')
    if seen.keys() - {
        "client_no_context_takeover",
        "client_max_window_bits",
        "server_max_window_bits",
    }:
        return None
    wanted = seen.get("server_max_window_bits")
    if wanted is None:
        return ""
    if wanted not in map(str, _ALL_WINDOW_BITS) or int(wanted) < _WINDOW_BITS:
        return None
    return f"; server_max_window_bits={_WINDOW_BITS}"

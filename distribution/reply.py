"""Reply: a response of which every byte is known before the first is written.

All readers of one resource share the header block and the body.
"""

import asyncio
import time
from collections.abc import Sequence
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, NamedTuple

Chunk = bytes | memoryview

STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
JOIN_BELOW_BYTES: Final = 16 * 1024  # copying this little costs less than a second write


class _DateLine:
    """The Date header of the current second (RFC 9110, 6.6.1), formatted once per second."""

    def __init__(self) -> None:
        self._second = -1
        self._line = b""

    def now(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._line = f"Date: {formatdate(second, usegmt=True)}\r\n".encode()
        return self._line


# Returns the same object within a second, by which whoever keeps bytes with it sees their age.
date_line: Final = _DateLine().now


class Reply(NamedTuple):
    """A status, a ready header block and a body in chunks that nobody changes or copies.

    `header_block` holds whole lines, each with its CRLF, without Content-Length, Date and
    Connection. `length` is the sum of the chunks' lengths, or None where the status allows no
    body (RFC 9110, 8.6) or where it is not known yet.
    """

    status: int
    header_block: bytes
    chunks: Sequence[Chunk]
    length: int | None

    def head(self, date: bytes, *, is_last: bool) -> bytes:
        """Return all that comes before the body; `is_last` announces the connection's end."""
        length = self.length
        return b"%b%b%b%b%b\r\n" % (
            STATUS_LINES[self.status],
            self.header_block,
            b"" if length is None else b"Content-Length: %d\r\n" % length,
            date,
            b"Connection: close\r\n" if is_last else b"",
        )

    def made_private(self) -> "Reply":
        """Return the same for one reader's own cache alone (RFC 9111, 5.2.2.7)."""
        mine = self.header_block.replace(b"Cache-Control: public", b"Cache-Control: private", 1)
        return self._replace(header_block=mine)

    def write(self, transport: asyncio.Transport, *, is_head: bool, is_last: bool) -> None:
        """Hand all bytes to the socket at once; only there, slow readers' bytes pile up.

        A slow reader costs references to bytes that the window holds anyway, plus one head.
        """
        head = self.head(date_line(), is_last=is_last)
        if not self.length or is_head:
            transport.write(head)
        elif self.length < JOIN_BELOW_BYTES:
            transport.write(b"".join((head, *self.chunks)))
        else:
            transport.writelines((head, *self.chunks))


def empty_reply(status: int) -> bytes:
    """Return all of a response that says nothing but its status, for nobody to keep."""
    length = b"" if status == 204 else b"Content-Length: 0\r\n"
    return b"%bCache-Control: no-store\r\n%b%b\r\n" % (STATUS_LINES[status], length, date_line())


def plain_text_reply(
    status: int, text: str, *, cache_control: bytes, more_headers: bytes = b""
) -> Reply:
    """Say something short to a person or a program; `text` must not repeat what the reader sent."""
    body = text.encode() + b"\n"
    return Reply(
        status,
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"X-Content-Type-Options: nosniff\r\n"
        b"Cache-Control: %b\r\n%b" % (cache_control, more_headers),
        (body,),
        len(body),
    )

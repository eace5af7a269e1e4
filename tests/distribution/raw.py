"""A viewer's socket without an HTTP library: sends any bytes, reads or does not."""

import asyncio
import socket


class RawViewer:
    """A connection whose receive buffer is small, so that not reading is felt soon."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def connect(cls, port: int) -> "RawViewer":
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
        return cls(raw)

    async def send(self, sent: bytes) -> None:
        await self._loop.sock_sendall(self._socket, sent)

    async def ask(self, path: str, *lines: str) -> None:
        head = "\r\n".join([f"GET {path} HTTP/1.1", "Host: a.example", *lines, "", ""])
        await self.send(head.encode())

    async def read_some(self, count: int = 65_536) -> bytes:
        async with asyncio.timeout(120):
            return await self._loop.sock_recv(self._socket, count)

    async def read_all(self) -> bytes:
        """Read until the server closes or resets the connection."""
        received = bytearray()
        try:
            while chunk := await self.read_some():
                received += chunk
        except ConnectionResetError:
            pass
        return bytes(received)

    def close(self) -> None:
        self._socket.close()

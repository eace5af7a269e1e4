"""HttpClient: requests as a player sends them, each told as an Exchange."""

import asyncio
import time
from collections.abc import Mapping
from typing import Self

import aiohttp
from yarl import URL

from conformance.errors import RequestFailedError, ServerLostError
from conformance.exchange import Arrival, Exchange, Progress

MAX_BODY_BYTES = 64 * 2**20  # a ten-second segment at 50 Mbit/s
CONNECT_TIMEOUT_S = 5.0
_READ_BYTES = 2**18
_RETRY_S = 0.25
_REASON_CHARACTERS = 80


class HttpClient:
    """One player's connections. Close it, or use it as an asynchronous context manager.

    It asks for gzip as browsers do, follows redirects, and keeps no cookies. A request that meets
    no server, loses it halfway, or is told with status 503 to come again is repeated for
    `rides_out_s` seconds, as players do while a server is restarted.
    """

    def __init__(self, *, rides_out_s: float = 0.0) -> None:
        self._rides_out_s = rides_out_s
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "rillcast-probe", "Accept-Encoding": "gzip"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def get(
        self, url: str, *, within_s: float = 10.0, headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """GET a whole answer; see request."""
        return await self.request("GET", url, within_s=within_s, headers=headers)

    async def request(
        self,
        method: str,
        url: str,
        *,
        within_s: float = 10.0,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Send a request and read the whole answer, whatever its status.

        Raises RequestFailedError if no whole answer of at most MAX_BODY_BYTES came within
        `within_s` seconds.
        """
        return (await self._ask(method, url, within_s, headers)).exchange

    async def get_growing(self, url: str, *, within_s: float) -> Progress:
        """GET an answer and note when each of its HTTP chunks came; see request."""
        return await self._ask("GET", url, within_s, None)

    async def _ask(
        self, method: str, url: str, within_s: float, headers: Mapping[str, str] | None
    ) -> Progress:
        give_up_s = time.monotonic() + self._rides_out_s
        while True:
            has_time = time.monotonic() < give_up_s
            try:
                progress = await self._ask_once(method, url, within_s, headers)
            except ServerLostError:
                if not has_time:
                    raise
            else:
                if progress.exchange.status != 503 or not has_time:
                    return progress
            await asyncio.sleep(_RETRY_S)

    async def _ask_once(
        self, method: str, url: str, within_s: float, headers: Mapping[str, str] | None
    ) -> Progress:
        timeout = aiohttp.ClientTimeout(total=within_s, sock_connect=CONNECT_TIMEOUT_S)
        requested_s = time.monotonic()
        try:
            # The URL as it is written: yarl would recode what the playlist quoted.
            async with self._session.request(
                method, URL(url, encoded=True), timeout=timeout, headers=headers
            ) as response:
                first_byte_s = time.monotonic()
                body, arrivals = await _read(url, response)
                exchange = Exchange(
                    method=method,
                    url=url,
                    status=response.status,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=body,
                    requested_s=requested_s,
                    first_byte_s=first_byte_s,
                    arrived_s=time.monotonic(),
                    arrived_unix_s=time.time(),
                )
                return Progress(exchange, arrivals)
        except TimeoutError as exc:
            raise RequestFailedError(
                f"{url}: expected an answer within {within_s:.1f} s, got none"
            ) from exc
        except aiohttp.ClientConnectorError as exc:
            reason = exc.os_error.strerror or exc.os_error
            raise ServerLostError(f"{url}: cannot connect: {reason}") from exc
        except aiohttp.TooManyRedirects as exc:
            raise RequestFailedError(f"{url}: expected an answer, got endless redirects") from exc
        except aiohttp.ClientResponseError as exc:
            # The message quotes all that came.
            reason = exc.message.strip().partition("\n")[0].rstrip(":")[:_REASON_CHARACTERS]
            raise RequestFailedError(f"{url}: expected HTTP, got something else: {reason}") from exc
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as exc:
            raise RequestFailedError(f"{url}: expected an http or https URL") from exc
        except ValueError as exc:
            raise RequestFailedError(f"{url}: {type(exc).__name__}: {exc}") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise ServerLostError(f"{url}: {type(exc).__name__}: {exc}") from exc


async def _read(url: str, response: aiohttp.ClientResponse) -> tuple[bytes, tuple[Arrival, ...]]:
    pieces: list[bytes] = []
    arrivals: list[Arrival] = []
    size_bytes = 0
    if response.headers.get("Transfer-Encoding", "").lower() != "chunked":
        async for piece in response.content.iter_chunked(_READ_BYTES):
            size_bytes += len(piece)
            _check_size(url, size_bytes)
            pieces.append(piece)
        return b"".join(pieces), ()
    async for piece, ends_chunk in response.content.iter_chunks():
        size_bytes += len(piece)
        _check_size(url, size_bytes)
        pieces.append(piece)
        if ends_chunk:
            arrivals.append(Arrival(size_bytes, time.monotonic()))
        if not piece and response.content.at_eof():
            break  # the reader of an empty body gives empty chunks for ever
    return b"".join(pieces), tuple(arrivals)


def _check_size(url: str, size_bytes: int) -> None:
    if size_bytes > MAX_BODY_BYTES:
        raise RequestFailedError(f"{url}: expected at most {MAX_BODY_BYTES} bytes, got more")

"""OutboundClient: posts to addresses that people gave us, within limits of reach, time and size."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, Self

import aiohttp

from accounts.outbound.answer_guard import AnswerTooLongError, GuardedConnector
from accounts.outbound.errors import OutboundError, Reason, RefusedAddressError
from accounts.outbound.resolving import (
    CheckedResolver,
    Lookup,
    checked_socket,
    narrow_socket,
    system_lookup,
)
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import Target
from accounts.ports import Clock

ANSWER_BYTES: Final = 4_096  # of what is said back, for whoever looks for their mistake
_READ_BYTES: Final = 16_384
_USER_AGENT: Final = "rillcast"


@dataclass(frozen=True, slots=True)
class OutboundAnswer:
    """What came back. `text` is how the body begins; `retry_after_s` what the receiver asks for."""

    status: int
    text: str = field(repr=False)
    retry_after_s: float | None


class OutboundClient:
    """One pool of connections. Make it on the loop that uses it, as a context.

    No redirect is followed, no proxy of the environment is used, no cookie is kept, nothing is
    decompressed. `lookup` resolves names; `per_host` is for
    what is not as in the settings.
    """

    def __init__(
        self,
        settings: OutboundSettings,
        clock: Clock,
        lookup: Lookup = system_lookup,
        *,
        per_host: int | None = None,
    ) -> None:
        self._settings = settings
        self._per_host = per_host or settings.per_host
        self._clock = clock
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Be ready to ask."""
        settings = self._settings
        connector = GuardedConnector(
            resolver=CheckedResolver(self._lookup, allow_private=settings.allow_private),
            use_dns_cache=False,
            limit=settings.concurrency,
            limit_per_host=self._per_host,
            socket_factory=narrow_socket if settings.allow_private else checked_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # one limit for all, below
            trust_env=False,
            auto_decompress=False,
            read_bufsize=_READ_BYTES,
            headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, target: Target, body: bytes, headers: Mapping[str, str]) -> OutboundAnswer:
        """Send one request and read how its answer begins. Raises OutboundError."""
        if self._session is None:
            raise RuntimeError("expected an entered client")
        try:
            async with (
                asyncio.timeout(self._settings.timeout_s),
                self._session.post(
                    target.url, data=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                begun = await _beginning_of(response)
                answer = OutboundAnswer(
                    response.status, begun, self._retry_after_s(response.headers)
                )
                if not response.content.at_eof():
                    response.close()  # nobody reads what is left
                return answer
        except TimeoutError:
            raise OutboundError("timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise OutboundError(_reason_of(error)) from None

    def _retry_after_s(self, headers: Mapping[str, str]) -> float | None:
        """Read Retry-After (RFC 9110, 10.2.3): seconds, or a moment."""
        text = headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdecimal() and len(text) < 10:
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self._clock() / 1000)
        except (TypeError, ValueError, OverflowError):
            return None


async def _beginning_of(response: aiohttp.ClientResponse) -> str:
    begun = b""
    while len(begun) < ANSWER_BYTES:
        chunk = await response.content.read(ANSWER_BYTES - len(begun))
        if not chunk:
            break
        begun += chunk
    text = begun.decode("utf-8", "replace")
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _reason_of(error: BaseException) -> Reason:
    causes = [error, error.__cause__, error.__context__]
    if isinstance(error, aiohttp.ClientConnectorError):
        causes.append(error.os_error)
    causes += [
        each
        for group in causes
        if isinstance(group, BaseExceptionGroup)
        for each in group.exceptions
    ]
    if any(isinstance(each, RefusedAddressError) for each in causes):
        return "refused-address"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "tls"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unresolved"
    if any(isinstance(each, AnswerTooLongError) for each in causes):
        return "garbage"
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError | ValueError):
        return "garbage"
    return "unreachable"

"""The public address: whether it leads here, and whether what stands there passes all on."""

import asyncio
import ssl
import time
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from config.checkup.result import Result, advice, fine, problem
from config.settings import RillcastSettings, is_loopback

_SUBJECT: Final = "public address"
_LIMIT_S: Final = 10.0
_FIRST_BYTES_S: Final = 5.0
_CLOCK_S: Final = 5.0
_SEE: Final = "take over deploy/nginx.conf; docs/production.md says how"


async def check_public_address(
    settings: RillcastSettings, *, is_served: bool, trust: ssl.SSLContext | None = None
) -> list[Result]:
    """Ask the server as a browser would. `trust`: whom to believe instead of the system's list."""
    if not settings.accounts.enabled:
        return []
    url = settings.accounts.public_url
    if not url:
        if is_loopback(settings.http.host):
            return []
        return [
            advice(
                _SUBJECT,
                "accounts.public_url is not set: links in mails lead to this machine's own name",
                'set it, as in public_url = "https://live.example.org"',
            )
        ]
    if url.startswith("http://") and not is_loopback(url.removeprefix("http://").split(":")[0]):
        first = advice(_SUBJECT, f"{url} is not encrypted: passwords can be read on the way", _SEE)
    else:
        first = fine(_SUBJECT, url)
    if not is_served:
        return [first, fine("proxy", "not asked: no server runs with this data folder")]
    connector = aiohttp.TCPConnector(ssl=trust or True)
    timeout = aiohttp.ClientTimeout(total=_LIMIT_S)
    async with aiohttp.ClientSession(url, connector=connector, timeout=timeout) as session:
        try:
            return [first, *await _ask(session, url)]
        except aiohttp.ClientConnectorCertificateError as error:
            return [
                first,
                problem("proxy", f"{url}: {error.certificate_error}", "renew its certificate"),
            ]
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            text = str(error) or type(error).__name__
            return [
                first,
                problem("proxy", f"{url} does not answer: {text}", "look at DNS, firewall, proxy"),
            ]


async def _ask(session: aiohttp.ClientSession, url: str) -> list[Result]:
    async with session.get("/health") as response:
        text, said_at = await response.text(), response.headers.get("Date")
        if response.status != 200 or text.strip() != "alive":
            return [
                problem(
                    "proxy",
                    f"{url}/health is {response.status}, not this server's",
                    "let the proxy pass all paths on to http.host and http.port",
                )
            ]
    return [
        fine("proxy", "passes requests on"),
        *_compare_clocks(said_at),
        *await _check_web_socket(session),
        *await _check_stream(session),
        *await _check_metrics(session),
    ]


def _compare_clocks(said_at: str | None) -> list[Result]:
    try:
        theirs_s = parsedate_to_datetime(said_at or "").timestamp()
    except ValueError:
        return []
    difference_s = theirs_s - time.time()
    if abs(difference_s) <= _CLOCK_S:
        return []
    return [advice("clock", f"the proxy's is {difference_s:+.0f} s away", "have both set by NTP")]


async def _check_web_socket(session: aiohttp.ClientSession) -> list[Result]:
    try:
        async with session.ws_connect("/ws"):
            return [fine("proxy", "passes WebSockets on")]
    except aiohttp.WSServerHandshakeError as error:
        if error.status in {429, 503}:
            return []
        return [
            problem(
                "proxy",
                f"does not pass WebSockets on: {error.status}",
                "pass Upgrade and Connection on at /ws; browsers fall back to slower ways",
            )
        ]


async def _check_stream(session: aiohttp.ClientSession) -> list[Result]:
    """Ask for events: their first bytes come at once, unless somebody collects them."""
    try:
        async with asyncio.timeout(_FIRST_BYTES_S):
            async with session.get("/events", params={"topic": "live"}) as response:
                if response.status != 200:
                    return []
                await response.content.readany()
    except TimeoutError:
        return [
            problem(
                "proxy",
                "keeps back what comes piece by piece: events and low-latency DASH will be late",
                "switch its buffering off, or let it obey X-Accel-Buffering: no",
            )
        ]
    return [fine("proxy", "passes on at once what comes piece by piece")]


async def _check_metrics(session: aiohttp.ClientSession) -> list[Result]:
    async with session.get("/metrics") as response:
        if response.status != 200:
            return []
    return [
        problem(
            "proxy",
            "shows /metrics to everybody",
            "answer 404 there, or have the proxy send X-Forwarded-For",
        )
    ]

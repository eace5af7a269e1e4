"""Target: a URL that may be asked, as far as its text tells. Pure."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from accounts.outbound.errors import TargetError
from accounts.outbound.public_address import is_public
from accounts.outbound.settings import OutboundSettings

URL_CHARACTERS: Final = 2_000
_URL: Final = re.compile(r"[\x21-\x7e]+")
_HOST_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*"
    r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_OF_NO_NETWORK: Final = (".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `origin` is its scheme, host and port, as in RFC 6454."""

    url: str
    host: str
    port: int
    origin: str


def parse_target(url: str, settings: OutboundSettings) -> Target:
    """Read a URL. Raises TargetError, whose text does not repeat it.

    What a name leads to is found out, and judged, when it is asked.
    """
    if len(url) > URL_CHARACTERS or _URL.fullmatch(url) is None or "\\" in url:
        raise TargetError(f"expected a URL of at most {URL_CHARACTERS} visible ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise TargetError("expected a URL such as https://example.org/hook") from None
    schemes = {"https": 443, "http": 80} if settings.allow_private else {"https": 443}
    if parts.scheme not in schemes or not host:
        raise TargetError("expected a URL that begins with https://")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise TargetError("expected a URL without a user, a password and a fragment")
    port = schemes[parts.scheme] if port is None else port
    if not settings.allow_private:
        _require_public(host, port, settings)
    shown = f"[{host}]" if ":" in host else host
    is_usual = port == schemes[parts.scheme]
    origin = f"{parts.scheme}://{shown}" + ("" if is_usual else f":{port}")
    return Target(url, host, port, origin)


def _require_public(host: str, port: int, settings: OutboundSettings) -> None:
    if port not in settings.ports:
        listed = ", ".join(map(str, settings.ports))
        raise TargetError(f"expected one of these ports: {listed}")
    if _is_number(host):
        if not is_public(host):
            raise TargetError("expected an address that everybody can reach")
        return
    # A name of letters alone would be looked for in the server's own domain.
    if _HOST_NAME.fullmatch(host) is None or "." not in host or host.endswith(_OF_NO_NETWORK):
        raise TargetError("expected the name of a host that everybody can reach")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

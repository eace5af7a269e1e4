"""How browsers reach the server, for the links that it gives out."""

from config.listen_address import format_listen_address
from config.settings import RillcastSettings

_EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on


def public_url(settings: RillcastSettings, port: int | None = None) -> str:
    """Return the origin of the settings, or the address that is listened on.

    `port` is the one that the system chose, if the settings left it to it.
    """
    if settings.accounts.public_url:
        return settings.accounts.public_url
    host = "localhost" if settings.http.host in _EVERYWHERE else settings.http.host
    return f"http://{format_listen_address(host, port or settings.http.port)}"

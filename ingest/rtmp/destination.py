"""Where a publisher wants to go, put together from the server address and the stream key.

Nothing of this is written down in RTMP; it is what OBS, ffmpeg and hardware encoders do with the
two text fields that they offer.
"""

from dataclasses import dataclass, field
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Destination:
    """Application, stream key and the parameters of both, percent-decoded once.

    The key and the parameters are secrets and never printed.
    """

    app: str
    key: str = field(repr=False)
    query: dict[str, str] = field(repr=False)


def read_destination(app: str, tc_url: str, publish_name: str) -> Destination:
    """Split what connect and publish said.

    A query may stand on the server address, where it comes as part of `app` or of `tc_url` alone,
    and on the key; the key's parameters win, then the app's. A key that begins with `?` is no key.
    Encoders with one field for all (hardware, phones) leave the key empty and have it behind the
    application: then the last segment of a path of several is the key.
    """
    app_path, _, app_query = app.partition("?")
    url, _, url_query = tc_url.partition("?")
    key_path, _, key_query = publish_name.partition("?")
    if not app_path:  # the path of rtmp://host[:port]/path
        app_path = url.partition("://")[2].partition("/")[2]
    app_path, key_path = _trimmed(app_path), _trimmed(key_path)
    if not key_path and "/" in app_path:
        app_path, _, key_path = app_path.rpartition("/")
    query = _parameters(url_query) | _parameters(app_query) | _parameters(key_query)
    return Destination(_decoded(app_path), _decoded(key_path), query)


def _trimmed(path: str) -> str:
    return path.strip().strip("/")


def _decoded(path: str) -> str:
    return unquote(path).strip("/")


def _parameters(query: str) -> dict[str, str]:
    """Read `a=1&b=2`; a plus sign is itself, as tokens are often base64."""
    parameters: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name:
            parameters[unquote(name)] = unquote(value)
    return parameters

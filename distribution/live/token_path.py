"""Paths that begin with a viewer's token: /live/~TOKEN/CHANNEL/... stands for /live/CHANNEL/...

It stands in the path because every relative URI in playlists and manifests inherits it, in every
player; "~" begins no channel's name. Pure: whether the token is worth anything, others say.
"""

from typing import Final

_FOLDER: Final = "/live/"
_API: Final = "/api/v1"
_MARKED_FOLDER: Final = "/live/~"
LINE_MARK: Final = b" /live/~"  # in a request line, behind the method


def split_token(path: str) -> tuple[str | None, str]:
    """Return the token, if there is one, and the path that everybody would ask for."""
    if not path.startswith(_MARKED_FOLDER):
        return None, path
    token, _, rest = path[len(_MARKED_FOLDER) :].partition("/")
    return token, _FOLDER + rest


def without_token(path: str) -> str:
    """Return the path, be it of media or of a show's state in the API, as it may be logged."""
    prefix = _API if path.startswith(_API) else ""
    token, rest = split_token(path.removeprefix(prefix))
    return path if token is None else f"{prefix}{_MARKED_FOLDER}.../{rest.removeprefix(_FOLDER)}"

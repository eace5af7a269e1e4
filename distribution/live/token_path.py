"""Paths that begin with a viewer's token: /live/~TOKEN/CHANNEL/... stands for /live/CHANNEL/...

It stands in the path because every relative URI in playlists and manifests inherits it, in every
player; "~" begins no channel's name. Pure: whether the token is worth anything, others say.
"""

from typing import Final

_FOLDER: Final = "/live/"
_MARKED_FOLDER: Final = "/live/~"
LINE_MARK: Final = b" /live/~"  # in a request line, behind the method


def split_token(path: str) -> tuple[str | None, str]:
    """Return the token, if there is one, and the path that everybody would ask for."""
    if not path.startswith(_MARKED_FOLDER):
        return None, path
    token, _, rest = path[len(_MARKED_FOLDER) :].partition("/")
    return token, _FOLDER + rest


def without_token(path: str) -> str:
    """Return the path as it may be logged."""
    token, rest = split_token(path)
    return path if token is None else f"{_MARKED_FOLDER}.../{rest.removeprefix(_FOLDER)}"

"""Which words may name a channel in a URL."""

import re
from typing import Final

_CHANNEL_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

# First path segments that are, or will be, something other than a channel's page.
_RESERVED: Final = frozenset(
    {
        "api",
        "live",
        "assets",
        "health",
        "ready",
        "metrics",
        "ws",
        "events",
        "dashboard",
        "videos",
        "settings",
        "admin",
        "embed",
    }
)


def is_channel_name(word: str) -> bool:
    """Whether the word can be a channel's name: 1 to 64 letters, digits, `_` and `-`."""
    return _CHANNEL_NAME.fullmatch(word) is not None and word not in _RESERVED

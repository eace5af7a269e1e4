"""Which words may name a channel in a URL: those that ingest lets anybody publish to."""

import re
from typing import Final

_CHANNEL_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

# First path segments that are, or will be, something other than a channel's page.
RESERVED_NAMES: Final = frozenset(
    {
        "admin",
        "api",
        "assets",
        "dashboard",
        "embed",
        "events",
        "health",
        "live",
        "metrics",
        "ready",
        "settings",
        "videos",
        "ws",
    }
)


def is_channel_name(word: str) -> bool:
    """Whether the word can be a channel's name; names differ by case, reserved words do not."""
    return _CHANNEL_NAME.fullmatch(word) is not None and word.lower() not in RESERVED_NAMES

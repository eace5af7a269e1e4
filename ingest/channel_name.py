"""What a channel may be called: its name stands in URLs beside the product's own."""

import re

CHANNEL_NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
RESERVED_NAMES = frozenset(
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
_matches = re.compile(CHANNEL_NAME_PATTERN, re.ASCII).fullmatch


def is_channel_name(text: str) -> bool:
    """Whether a channel may have this name; names differ by case, reserved words do not."""
    return _matches(text) is not None and text.lower() not in RESERVED_NAMES

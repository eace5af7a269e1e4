"""What a channel may be called: its name stands in URLs, is unique, and never changes.

The rule is that of `ingest.channel_name`, narrowed to lower case: two channels must not differ by
case alone. A test of `config` holds both rules against each other.
"""

import re
from typing import Final

CHANNEL_NAME_PATTERN: Final = "[a-z0-9][a-z0-9_-]{0,63}"

# First path segments that are, or will be, something other than a channel's page, in the web
# pages, the API or the live URLs.
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
# Not taken by a URL today, but strangers would take these for the product's own voice or pages.
KEPT_NAMES: Final = frozenset(
    {
        "about",
        "account",
        "accounts",
        "browse",
        "categories",
        "confirm-email",
        "channel",
        "channels",
        "docs",
        "following",
        "help",
        "home",
        "invite",
        "login",
        "logout",
        "me",
        "moderator",
        "privacy",
        "register",
        "reset",
        "reset-password",
        "rillcast",
        "root",
        "search",
        "security",
        "set-up",
        "setup",
        "sign-in",
        "sign-up",
        "staff",
        "static",
        "support",
        "system",
        "terms",
        "unsubscribe",
        "user",
        "users",
        "verify",
        "watch",
    }
)
_matches = re.compile(CHANNEL_NAME_PATTERN, re.ASCII).fullmatch


def canonical_channel_name(text: str) -> str | None:
    """Return the name that a person means, in lower case; None if no channel can have it.

    Only ASCII letters have a lower case here: nothing that looks like a letter becomes one.
    """
    if not text.isascii():
        return None
    name = text.lower()
    return name if _matches(name) and name not in RESERVED_NAMES else None


def may_be_taken(name: str) -> bool:
    """Whether a new channel may have this canonical name."""
    return name not in KEPT_NAMES

"""What a browser is called, for people to tell theirs apart. Pure."""

import re
from typing import Final

# The first that matches: others' names stand in many browsers' texts, too.
_BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdgA?(?:iOS)?/")),
    ("Opera", re.compile(r"\bOPR/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|HeadlessChrome|Chromium|CriOS)/")),
    ("Safari", re.compile(r"\bSafari/")),
)
_SYSTEMS: Final = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMac OS X\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)


def browser_name(user_agent: str) -> str:
    """Return a name such as "Firefox on Linux", made of words of our own alone."""
    browser = next((name for name, found in _BROWSERS if found.search(user_agent)), "Browser")
    system = next((name for name, found in _SYSTEMS if found.search(user_agent)), None)
    return browser if system is None else f"{browser} on {system}"

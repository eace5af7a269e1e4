"""Libraries that a start does not wait for: they are loaded by whoever needs them first.

Together they take a tenth of a start. Each import stands in the function that needs it, and all of
them are loaded in a thread once the server is ready, so that nobody waits for them then, either.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Final

LIBRARIES: Final[Sequence[str]] = (
    "jwt",  # with a large part of cryptography
    "nacl.pwhash",
    "accounts.mail.message",  # with the standard library's email
    "aiosmtplib",
    "PIL.ImageOps",
)


def load() -> None:
    """Load them. Takes a tenth of a second: call it in a thread."""
    for name in LIBRARIES:
        import_module(name)

"""Ids: stable, opaque, sortable by when they were made."""

import re
from typing import Final

from ulid import ULID

ID_LENGTH_LIMIT: Final = 40
_ID: Final = re.compile(r"[a-z]{2,8}_[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


def new_id(prefix: str) -> str:
    """Make an id such as "chn_01KAHRJ2M7V7Q0E1S0T8C3ZB9W": a prefix of 2 to 8 letters and a ULID.

    80 of its bits are random: it cannot be guessed, yet it is no secret.
    """
    made = f"{prefix}_{ULID()}"
    if _ID.fullmatch(made) is None:
        raise ValueError(f"prefix: expected 2 to 8 lower-case letters, got {prefix!r}")
    return made


def is_id(text: str, prefix: str) -> bool:
    """Whether the text can be an id with this prefix, before anybody looks for its row."""
    return _ID.fullmatch(text) is not None and text.startswith(f"{prefix}_")

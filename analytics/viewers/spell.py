"""Spell: one session that watched one rendition without a break; what is written of it."""

from typing import NamedTuple


class Spell(NamedTuple):
    """A spell to be written down for the first time. Times are milliseconds since 1970."""

    number: int
    channel: str
    session: str
    viewer: str
    rendition: str
    player: str
    started_ms: int
    ended_ms: int
    is_open: bool


class SpellEnd(NamedTuple):
    """The end of a spell that was written down as open."""

    number: int
    ended_ms: int

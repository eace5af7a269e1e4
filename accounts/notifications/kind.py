"""Kind: what a notification is about, and who is told such things. Pure."""

from enum import StrEnum
from typing import Final

from accounts.channels.follows import Level


class Kind(StrEnum):
    """What followers are told of a channel."""

    LIVE = "live"  # it went live
    TITLE = "title"  # it said something else of itself while it was live


LEVELS: Final = {
    Kind.LIVE: frozenset({Level.LIVE, Level.ALL}),
    Kind.TITLE: frozenset({Level.ALL}),
}
"""Which followers, by how much they want to hear of the channel, are told."""

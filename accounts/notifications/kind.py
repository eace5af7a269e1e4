"""Kind: what a notification is about, and who is told such things. Pure."""

from enum import StrEnum
from typing import Final

from accounts.channels.follows import Level


class Kind(StrEnum):
    """What followers are told of a channel, and owners of theirs."""

    LIVE = "live"  # it went live
    TITLE = "title"  # it said something else of itself while it was live
    WEBHOOK = "webhook"  # one of its webhooks was switched off: for its owner


LEVELS: Final = {
    Kind.LIVE: frozenset({Level.LIVE, Level.ALL}),
    Kind.TITLE: frozenset({Level.ALL}),
}
"""Which followers, by how much they want to hear of the channel, are told.

What is not in it is for owners, who are told whatever they wish.
"""

NO_BROADCAST: Final = ""


def broadcast_of(kind: str, broadcast_id: str) -> str:
    """Return the broadcast that a notice is about, of what its row says; NO_BROADCAST for none."""
    return broadcast_id if kind in LEVELS else NO_BROADCAST

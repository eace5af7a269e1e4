"""Hushed: who was silenced a moment ago, for what they have said and is not written yet. Pure."""

from collections import OrderedDict
from typing import Final

from accounts.chat.message import Utterance

_CAPACITY: Final = 10_000


class Hushed:
    """Remembers the latest who were silenced, by room and account.

    Whatever is said takes a turn. Silenced is what took one before its author was.
    """

    def __init__(self) -> None:
        self._turn = 0
        self._until: OrderedDict[tuple[str, str], int] = OrderedDict()

    def take_turn(self) -> int:
        """Return the turn of something that is about to be said."""
        self._turn += 1
        return self._turn

    def add(self, channel_id: str, account_id: str) -> None:
        """Let nothing of somebody's be written that was said until now."""
        self._until[channel_id, account_id] = self._turn
        self._until.move_to_end((channel_id, account_id))
        if len(self._until) > _CAPACITY:
            self._until.popitem(last=False)

    def has(self, said: Utterance) -> bool:
        """Whether this was said by somebody who has been silenced since."""
        return said.turn <= self._until.get((said.channel_id, said.author.account_id), 0)

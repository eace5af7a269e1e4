"""Hushed: who was silenced a moment ago, for what they have said and is not written yet. Pure."""

from collections import OrderedDict
from typing import Final

from accounts.chat.message import Utterance

_CAPACITY: Final = 10_000


class Hushed:
    """Remembers the latest who were silenced, by room and account, and when they were."""

    def __init__(self) -> None:
        self._since_ms: OrderedDict[tuple[str, str], int] = OrderedDict()

    def add(self, channel_id: str, account_id: str, now_ms: int) -> None:
        """Let nothing be written that was said until now."""
        self._since_ms[channel_id, account_id] = now_ms
        self._since_ms.move_to_end((channel_id, account_id))
        if len(self._since_ms) > _CAPACITY:
            self._since_ms.popitem(last=False)

    def has(self, said: Utterance) -> bool:
        """Whether this was said by somebody who has been silenced since."""
        since_ms = self._since_ms.get((said.channel_id, said.author.account_id))
        return since_ms is not None and said.at_ms <= since_ms

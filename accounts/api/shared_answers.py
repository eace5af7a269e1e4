"""SharedAnswers: answers that are the same for everybody, made once for all who ask at a time.

Only operations that are declared with `shared=True` come here. Those are not told who asks: what
they answer cannot depend on it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from accounts.api.rendering import Rendered

CAPACITY: Final = 256  # answers; a page of a hundred channels takes 60 kB
QUERY_LENGTH_LIMIT: Final = 512  # longer ones are answered each by itself

Key = tuple[str, str]
"""The operation's id, and the query as it was sent."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, or the task that makes it, and until when it is good."""

    task: asyncio.Task[Rendered]
    good_until_s: float


class SharedAnswers:
    """Keeps answers for `keep_s` seconds, or until `forget`. 0 keeps none.

    An answer's time counts from when it was asked for, and what was asked for before `forget` is
    given to nobody who asks after it: no answer is older than `keep_s` says, or than a change that
    was told.
    """

    def __init__(self, keep_s: float, now_s: Callable[[], float]) -> None:
        self._keep_s = keep_s
        self._now_s = now_s
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self.made_count = 0

    async def get(self, key: Key, make: Callable[[], Awaitable[Rendered]]) -> Rendered:
        """Return the answer, made now unless there is one. Raises what `make` raises."""
        if self._keep_s == 0 or len(key[1]) > QUERY_LENGTH_LIMIT:
            return await make()
        now_s = self._now_s()
        kept = self._kept.get(key)
        if kept is None or kept.good_until_s <= now_s:
            self.made_count += 1
            task = asyncio.ensure_future(make())
            kept = self._kept[key] = _Kept(task, now_s + self._keep_s)
            self._kept.move_to_end(key)
            task.add_done_callback(lambda done: self._forget_failure(key, done))
            if len(self._kept) > CAPACITY:
                self._kept.popitem(last=False)
        if kept.task.done():
            return kept.task.result()
        # Whoever leaves takes the answer away from nobody else.
        return await asyncio.shield(kept.task)

    def forget(self) -> None:
        """Make all answers anew: what they say has changed."""
        self._kept.clear()

    def _forget_failure(self, key: Key, done: asyncio.Task[Rendered]) -> None:
        if done.cancelled() or done.exception() is not None:
            kept = self._kept.get(key)
            if kept is not None and kept.task is done:
                del self._kept[key]

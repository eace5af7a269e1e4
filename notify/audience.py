"""Audience: all who listen to this server, and what they may hear when that changes."""

import asyncio
from collections.abc import Collection
from typing import Final

import structlog

from notify.close_code import CloseCode
from notify.conversation import Conversation, Subscribed
from notify.event_id import EventId
from notify.ports import Rights, UnavailableError
from notify.settings import NotifySettings
from notify.wire import reply

_log: structlog.stdlib.BoundLogger = structlog.get_logger("notify")

_AT_ONCE: Final = 200  # conversations whose log-ins are in one question, of 2 ms


class Audience:
    """Owned by one event loop. `run` looks at log-ins now and then."""

    def __init__(self, rights: Rights, settings: NotifySettings) -> None:
        self._rights = rights
        self._settings = settings
        self._conversations: set[Conversation] = set()
        self._checks = 0
        self._emptied: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._conversations)

    def join(self, conversation: Conversation) -> None:
        """Take in who listens."""
        self._conversations.add(conversation)

    def leave(self, conversation: Conversation) -> None:
        """Forget who does not listen any more."""
        self._conversations.discard(conversation)
        conversation.close()
        if not self._conversations and self._emptied is not None and not self._emptied.done():
            self._emptied.set_result(None)

    async def wait_empty(self) -> None:
        """Return when the last one has left. One caller at a time."""
        if self._conversations:
            self._emptied = asyncio.get_running_loop().create_future()
            await self._emptied

    async def subscribe(
        self, conversation: Conversation, topics: Collection[str], after: EventId | None
    ) -> Subscribed:
        """Let somebody hear of topics, by the rights that hold when it begins."""
        checks = self._checks
        done = await conversation.subscribe(topics, after)
        if checks != self._checks:  # a right may have changed between the question and the start
            await self._recheck(list(conversation.channel_ids), {conversation})
            for text in set(done.topics) - set(conversation.topics):
                done.topics.remove(text)
        return done

    async def recheck_channels(self, channel_ids: Collection[str]) -> None:
        """Let nobody hear of these channels who may not any more. Raises UnavailableError."""
        self._checks += 1
        await self._recheck(channel_ids, self._conversations)

    async def _recheck(self, channel_ids: Collection[str], among: Collection[Conversation]) -> None:
        for channel_id in channel_ids:
            hearing = [each for each in among if channel_id in each.channel_ids]
            if not hearing:
                continue
            asked = {each: each.listener for each in hearing}
            seats = await self._rights.seats(channel_id, set(asked.values()))
            # Judged as they were asked about: who shows another leave meanwhile escapes nothing.
            for conversation, listener in asked.items():
                gone = conversation.reseat(channel_id, seats.get(listener))
                if gone:
                    conversation.say(reply("unsubscribed", topics=gone, reason="gone"))

    async def recheck_logins(self, account_id: str | None = None) -> None:
        """Send away those whose log-in has ended; of one account, or of all.

        Raises UnavailableError.
        """
        asked = [
            each
            for each in self._conversations
            if each.listener.account_id is not None
            and (account_id is None or account_id == each.listener.account_id)
        ]
        # Some hundred at a time: ten thousand would hold the loop.
        for first in range(0, len(asked), _AT_ONCE):
            those = asked[first : first + _AT_ONCE]
            listeners = {each: each.listener for each in those}
            asked_of = set(listeners.values())
            ended = asked_of.difference(await self._rights.standing(asked_of))
            for conversation in those if ended else ():
                if listeners[conversation] in ended:
                    conversation.end(CloseCode.SIGNED_OUT)

    async def recheck_guests(self) -> None:
        """Let nobody hear of a channel by leave that has run out. Raises UnavailableError."""
        guests = [each for each in self._conversations if each.listener.leave is not None]
        channel_ids = {id_ for each in guests for id_ in each.channel_ids}
        await self._recheck(channel_ids, guests)

    def end_all(self, code: CloseCode) -> None:
        """Send everybody away."""
        for conversation in list(self._conversations):
            conversation.end(code)

    async def run(self) -> None:
        """Look at log-ins until cancelled: those that ended elsewhere end here, too."""
        while True:
            await asyncio.sleep(self._settings.recheck_s)
            try:
                await self.recheck_logins()
                await self.recheck_guests()
            except UnavailableError as error:
                _log.warning("log-ins not looked at", reason=str(error))

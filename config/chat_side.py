"""ChatSide: rooms, put together with whoever is told what is said there."""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence

import structlog

from accounts.api.resources.chat import ChatResource
from accounts.api.resources.chat_moderation import ChatModerationResource
from accounts.api.resources.emotes import EmotesResource
from accounts.channels.moderators import Moderators
from accounts.channels.playback import Playback
from accounts.channels.sight import Asker
from accounts.channels.viewer_bans import ViewerBans
from accounts.chat.command_desk import CommandDesk, Reach
from accounts.chat.context import ChatContext
from accounts.chat.deletion import Deletion
from accounts.chat.emotes import Emotes
from accounts.chat.history import History
from accounts.chat.hushed import Hushed
from accounts.chat.log import ModerationLog
from accounts.chat.message import Act, ActKind, Message, Utterance
from accounts.chat.refusal import Refusal, RefusedError
from accounts.chat.reports import Reports
from accounts.chat.room_filters import RoomFilters
from accounts.chat.rooms import Rooms
from accounts.chat.rules_desk import RulesDesk
from accounts.chat.sanctions import Sanctions
from accounts.chat.scribe import Scribe
from accounts.chat.settings import ChatSettings
from accounts.chat.speakers import Speakers
from accounts.chat.speech import Speech
from accounts.chat.stream import ChatStream
from accounts.chat.upkeep import ChatUpkeep
from accounts.chat.voices import Voices
from accounts.events import AccountEvent, AccountsEvent, ChannelEvent
from accounts.facts import Fact, FactKind
from accounts.images import PictureFolder
from accounts.ports import Clock
from accounts.storage import Database, StorageError
from analytics.operations.state import QueueState
from config.chat_collector import ChatCollector
from config.chat_tellings import RoomTelling, telling_of
from notify.ports import Listener, Said, UnavailableError, UnsaidError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.chat")

Tell = Callable[[RoomTelling], None]


class ChatSide:
    """Services and tasks of one server's rooms. Start and stop it once. Implements Speech.

    `tell` takes what is to be told, in order; it does not wait and raises nothing.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: ChatSettings,
        *,
        bans: ViewerBans,
        playback: Playback,
        moderators: Moderators,
        pictures: PictureFolder,
        tell: Tell,
    ) -> None:
        self._database = database
        self._tell = tell
        self._stream = ChatStream(database, self._note_entry)
        self._context = context = ChatContext(
            database=database,
            clock=clock,
            settings=settings,
            rooms=Rooms(database, clock),
            speakers=Speakers(database, clock),
            voices=Voices(database),
            hushed=Hushed(),
            opened_by=playback.opened_by,
            wake=self._stream.wake,
        )
        self._scribe = Scribe(self._stream, self._objection, settings.queue_capacity)
        self.collector = ChatCollector(self._scribe)
        rules, history, deletion = RulesDesk(context), History(context), Deletion(context)
        sanctions, reports = Sanctions(context, bans), Reports(context)
        commands = CommandDesk(
            context, rules=rules, deletion=deletion, sanctions=sanctions, moderators=moderators
        )
        self.speech = Speech(context, self._scribe, history, commands)
        self.upkeep = ChatUpkeep(context)
        self.filters = RoomFilters(context)
        self.resources: Sequence[object] = (
            ChatResource(rules, self.speech, history, deletion, reports),
            ChatModerationResource(
                sanctions=sanctions,
                deletion=deletion,
                filters=self.filters,
                log=ModerationLog(context),
                reports=reports,
                clock=clock,
            ),
            EmotesResource(Emotes(context, pictures)),
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def say(self, listener: Listener, channel: str, text: str, reply_to: str | None) -> Said:
        """Say what came over a WebSocket. Raises UnsaidError, UnavailableError."""
        account_id = listener.account_id if listener.speaks else None
        asker = Asker(account_id, is_admin=listener.is_admin)
        try:
            reach = Reach(listener.moderates, listener.runs_channels)
            said = await self.speech.say(asker, channel, text, reply_to, reach)
        except RefusedError as error:
            refusal = error.refusal
            raise UnsaidError(refusal.code.value, refusal.text, refusal.retry_after_s) from None
        except StorageError as error:
            raise UnavailableError(str(error)) from None
        message_id = None if said.message is None else str(said.message.id)
        return Said(message_id, said.answer)

    def note(self, event: AccountsEvent) -> None:
        """Act on what has happened in this process."""
        if isinstance(event, ChannelEvent):
            self._context.speakers.forget(channel_id=event.channel_id)
        elif isinstance(event, AccountEvent):
            self._context.speakers.forget(account_id=event.account_id)
        self._stream.wake()

    def note_channels(self, channel_ids: Collection[str]) -> None:
        """Act on what other processes have changed about channels."""
        for channel_id in channel_ids:
            self._context.speakers.forget(channel_id=channel_id)

    def note_fact(self, fact: Fact) -> None:
        """Learn that a channel went live or off."""
        if fact.kind in {FactKind.BROADCAST_STARTED, FactKind.BROADCAST_ENDED}:
            self._context.rooms.forget(fact.channel_id)

    def queues(self) -> Sequence[QueueState]:
        """Say how full the queue of messages is."""
        scribe = self._scribe
        capacity = self._context.settings.queue_capacity
        return (QueueState("chat", len(scribe), capacity, scribe.refused_count),)

    async def start(self) -> None:
        """Begin to write and to tell."""
        await self._stream.start()
        self._tasks = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("chat-scribe", self._scribe.run()),
                ("chat-stream", self._stream.run()),
                ("chat-upkeep", self.upkeep.run()),
            )
        ]

    async def stop(self) -> None:
        """Write what waits, and end the tasks."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._tasks:
            await self._scribe.drain()
        self._tasks = []

    def _objection(self, said: Utterance) -> Refusal | None:
        return self.speech.objection(said)

    def _note_entry(self, entry: Message | Act) -> None:
        if isinstance(entry, Message):
            self._context.voices.note(entry)
        else:
            self._note_act(entry)
        for telling in telling_of(entry):
            self._tell(telling)

    def _note_act(self, act: Act) -> None:
        context = self._context
        context.rooms.forget(act.channel_id)
        if act.kind is ActKind.SANCTIONED:
            account_id = act.details["accountId"]
            context.speakers.forget(channel_id=act.channel_id, account_id=account_id)
            if act.details["kind"] != "lifted":
                context.hushed.add(act.channel_id, account_id)

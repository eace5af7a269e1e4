"""Speech: the one way in which something is said in a room, whichever door it came through."""

import math
from dataclasses import dataclass
from typing import Final

from accounts.api.throttle import Throttle, TokenBuckets
from accounts.channels.sight import Asker
from accounts.chat.command import CommandError, Me, is_command, parse_command
from accounts.chat.command_desk import ALL_COMMANDS, CommandDesk, Reach
from accounts.chat.context import ChatContext
from accounts.chat.history import History
from accounts.chat.message import Author, EmotePlace, MentionPlace, Message, ReplyTo, Utterance
from accounts.chat.message_text import MessageTextError, tidy
from accounts.chat.refusal import Refusal, RefusalCode, RefusedError, refused
from accounts.chat.room_rules import Speaker, slow_mode_refusal, why_not
from accounts.chat.rooms import Room
from accounts.chat.scribe import Scribe
from accounts.chat.spans import emotes_in, mentions_in
from accounts.chat.speakers import Place
from accounts.storage.database import work_beside

_ROUNDING_S: Final = 1e-3  # sums of floats are not exact
_COMMANDS: Final = Throttle("commands", 20, 60.0)


@dataclass(frozen=True, slots=True)
class Said:
    """What became of it: a message, or the answer to a command."""

    message: Message | None = None
    answer: str | None = None


class Speech:
    """Owned by one event loop."""

    def __init__(
        self, context: ChatContext, scribe: Scribe, history: History, commands: CommandDesk
    ) -> None:
        self._context = context
        self._scribe = scribe
        self._history = history
        self._commands = commands
        self._buckets = TokenBuckets()
        settings = context.settings
        self._own = Throttle("own", settings.burst, settings.per_minute)
        self._room = Throttle("room", settings.room_burst, settings.room_per_s * 60)

    async def say(
        self,
        asker: Asker,
        channel: str,
        text: str,
        reply_to: str | None = None,
        reach: Reach = ALL_COMMANDS,
    ) -> Said:
        """Say something or do a command; return once it is safely written and told.

        Raises RefusedError, StorageError.
        """
        context = self._context
        # Before anything is read: whoever is silenced while it is, has been silenced since.
        turn = context.hushed.take_turn()
        place = await context.speakers.get(channel, asker)
        room = await context.rooms.get(place.channel_id)
        line = self._tidy(text)
        is_action = False
        if is_command(line):
            try:
                command = parse_command(line)
            except CommandError as error:
                raise refused(RefusalCode.COMMAND, more=str(error)) from None
            if not isinstance(command, Me):
                self._take(_COMMANDS, place.speaker.account_id, RefusalCode.TOO_FAST)
                await context.voices.listen(place.channel_id)
                return Said(answer=await self._commands.do(asker, place, command, reach))
            line, is_action = command.text, True
        elif line.startswith("//"):
            line = line[1:]
        await context.voices.listen(place.channel_id)
        answered = await self._answered(place, reply_to)
        # From here to the scribe's queue nothing waits: two messages at once are judged in turn.
        self._judge(room, place.speaker, line)
        said = self._utterance(room, place, line, is_action=is_action, answered=answered, turn=turn)
        context.voices.begin(
            place.channel_id, place.speaker.account_id, place.speaker.display_name, said.at_ms
        )
        return Said(message=await self._scribe.write(said, work_beside()))

    def objection(self, said: Utterance) -> Refusal | None:
        """Say at the last moment why something is not to be said after all."""
        if self._context.hushed.has(said):
            return Refusal(RefusalCode.TIMED_OUT)
        return None

    def _tidy(self, text: str) -> str:
        settings = self._context.settings
        try:
            return tidy(
                text,
                graphemes_max=settings.message_characters,
                bytes_max=settings.message_bytes,
            )
        except MessageTextError as error:
            raise refused(RefusalCode(error.code), more=str(error)) from None

    def _judge(self, room: Room, speaker: Speaker, line: str) -> None:
        context, account_id = self._context, speaker.account_id
        now_ms = context.clock()
        refusal = why_not(room.rules, speaker, room.timeouts.get(account_id), now_ms)
        if refusal is None:
            said_ms = context.voices.said_ms(room.channel_id, account_id)
            refusal = slow_mode_refusal(room.rules, speaker, said_ms, now_ms)
        if refusal is not None:
            raise RefusedError(refusal)
        if not speaker.is_staff:
            # First: to hold a line against filters costs more than most, and tells what they are.
            self._take(self._own, f"{room.channel_id} {account_id}", RefusalCode.TOO_FAST)
            if room.filters.refuses_words(line):
                raise refused(RefusalCode.FILTERED)
            if room.filters.refuses_links(line, links_allowed=room.rules.links_allowed):
                raise refused(RefusalCode.LINKS)
        self._take(self._room, room.channel_id, RefusalCode.ROOM_BUSY)

    def _take(self, throttle: Throttle, party: str, code: RefusalCode) -> None:
        missing_s = self._buckets.take(throttle, party, self._context.clock() / 1000)
        if missing_s:
            raise refused(code, max(1, math.ceil(missing_s - _ROUNDING_S)))

    async def _answered(self, place: Place, reply_to: str | None) -> ReplyTo | None:
        if reply_to is None:
            return None
        number = message_number(reply_to)
        found = None if number is None else await self._history.get(place.channel_id, number)
        if found is None:
            raise refused(RefusalCode.UNKNOWN, more="The message that you answer is gone.")
        author = found.said.author
        return ReplyTo(
            message_id=found.id, account_id=author.account_id, display_name=author.display_name
        )

    def _utterance(
        self,
        room: Room,
        place: Place,
        line: str,
        *,
        is_action: bool,
        answered: ReplyTo | None,
        turn: int,
    ) -> Utterance:
        context, speaker = self._context, place.speaker
        now_ms = context.clock()
        channel_id = place.channel_id
        broadcast = room.broadcast
        return Utterance(
            channel_id=channel_id,
            channel=place.channel,
            author=Author(
                account_id=speaker.account_id,
                display_name=speaker.display_name,
                avatar=speaker.avatar,
                role=speaker.role,
            ),
            at_ms=now_ms,
            text=line,
            is_action=is_action,
            emotes=tuple(
                EmotePlace(
                    code=span.what, picture=room.emotes[span.what], start=span.start, end=span.end
                )
                for span in emotes_in(line, room.emotes)
            ),
            mentions=tuple(
                MentionPlace(
                    account_id=span.what,
                    display_name=context.voices.name_of(channel_id, span.what),
                    start=span.start,
                    end=span.end,
                )
                for span in mentions_in(line, context.voices.called(channel_id))
            ),
            reply_to=answered,
            broadcast_id=None if broadcast is None else broadcast.id,
            media_time_ms=None if broadcast is None else max(0, now_ms - broadcast.started_at_ms),
            turn=turn,
        )


def message_number(text: str) -> int | None:
    """Read the id of a message; None if it can be none."""
    if not 1 <= len(text) <= 18 or not text.isascii() or not text.isdigit():
        return None
    return int(text)

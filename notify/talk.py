"""Talk: what one client says on its WebSocket, and what it is told."""

import asyncio
from dataclasses import replace
from typing import Final, assert_never

import structlog

from notify.client_socket import ClientSocket
from notify.close_code import CloseCode
from notify.command_rate import CommandRate
from notify.event_id import EventId, EventIdError
from notify.frame import text_frame
from notify.hall import Hall
from notify.ports import Credentials, Listener, UnavailableError, UnsaidError
from notify.pulse import Pulse
from notify.wire import (
    AnyCommand,
    Authenticate,
    CommandError,
    Ping,
    Say,
    Subscribe,
    Unsubscribe,
    parse_command,
    reply,
)

MESSAGE_LIMIT_BYTES: Final = 16 * 1024  # a hundred topics and a token fit
_MALFORMED_LIMIT: Final = 5
_UNHEARD_LIMIT: Final = 64
# What a subscription counts for, beside one: each topic is a look at the database, and to find what
# was missed is a walk through all that was told.
_TOPICS_FOR_ONE: Final = 4
_RESUMING_FOR: Final = 8
_USUAL_BYTES: Final = 1024  # of a command, where many come at once
_LARGE_BYTES: Final = 4096
_AT_ONCE_BYTES: Final = 64 * 1024
_log: structlog.stdlib.BoundLogger = structlog.get_logger("notify.websocket")


class Talk:
    """One WebSocket's. Implements SocketUser.

    Writes in its turn, as soon as the client takes it; has a task only while it is asked something.
    `address` is where the client has its place; it is given back in the end. `deflates`: whether
    compressed messages were agreed upon.
    """

    __slots__ = (
        "_address",
        "_bytes",
        "_conversation",
        "_deflates",
        "_hall",
        "_has_turn",
        "_is_over",
        "_malformed_count",
        "_place",
        "_pulse",
        "_rate",
        "_task",
        "_unheard",
        "socket",
    )

    def __init__(self, hall: Hall, pulse: Pulse, address: str, *, deflates: bool) -> None:
        self.socket = ClientSocket(self, MESSAGE_LIMIT_BYTES, inflates=deflates)
        self._hall = hall
        self._pulse = pulse
        self._address = address
        self._deflates = deflates
        self._place: int | None = None  # where the pulse has it
        self._has_turn = False  # among those who write soon
        self._is_over = False
        self._malformed_count = 0
        self._unheard: list[str] = []
        self._task: asyncio.Task[None] | None = None
        settings = hall.settings
        self._rate = CommandRate(settings.commands_burst, settings.commands_per_minute)
        self._bytes = CommandRate(
            max(settings.commands_burst * _USUAL_BYTES, 2 * MESSAGE_LIMIT_BYTES),
            settings.commands_per_minute * _LARGE_BYTES,
        )
        self._conversation = hall.open(self._ready)

    def begin(self, listener: Listener) -> None:
        """Welcome who has come; once the socket is there."""
        conversation = self._conversation
        self._place = self._pulse.join(self.socket)
        if not self._hall.know(conversation, listener):
            conversation.end(CloseCode.TOO_MANY_CONNECTIONS)
            return
        conversation.say(
            reply(
                "welcome",
                id=self._hall.bus.here.text(),
                account=listener.account_id,
                pingS=self._hall.settings.ping_s,
            )
        )

    def take_bytes(self, count: int) -> bool:
        """Let a client send so much, or have enough of it."""
        if self._bytes.take(asyncio.get_running_loop().time(), count):
            return True
        self._conversation.end(CloseCode.TOO_MANY_COMMANDS)
        return False

    def take_text(self, text: str) -> None:
        """Answer it when what came before it is answered."""
        if self._conversation.ended is not None or not self._may_ask():
            return
        self._unheard.append(text)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._answer(), name="talk")
        elif len(self._unheard) == _UNHEARD_LIMIT:
            self.socket.pause_reading()

    def take_call(self) -> bool:
        """Let a client call as often as it may ask."""
        return self._may_ask()

    def take_other(self, code: CloseCode) -> None:
        """Have enough of who sends that."""
        self._conversation.end(code)

    def take_room(self) -> None:
        """Write on."""
        self._ready()

    def take_loss(self) -> None:
        """Give back all places, and refer to nothing that refers to this."""
        self._is_over = True
        if self._place is not None:
            self._pulse.leave(self.socket, self._place)
        if self._task is not None:
            self._task.cancel()
        self._unheard.clear()
        self._hall.close(self._conversation)
        self._hall.limits.leave(self._address)

    def _may_ask(self, count: int = 1) -> bool:
        most = self._hall.settings.commands_burst
        if self._rate.take(asyncio.get_running_loop().time(), min(count, most)):
            return True
        self._conversation.end(CloseCode.TOO_MANY_COMMANDS)
        return False

    async def _answer(self) -> None:
        """Do what the client asks, one thing after the other, until there is no more."""
        try:
            while self._unheard and self._conversation.ended is None:
                text = self._unheard.pop(0)
                if len(self._unheard) == _UNHEARD_LIMIT - 1:
                    self.socket.resume_reading()
                await self._hear(text)
        except Exception:  # noqa: BLE001 - nobody awaits this task: it would fail unheard
            _log.exception("command failed")
            self._conversation.end(CloseCode.FAILED)
        finally:
            self._task = None

    async def _hear(self, text: str) -> None:
        conversation = self._conversation
        try:
            command = parse_command(text)
        except CommandError as error:
            self._malformed_count += 1
            conversation.say(reply("error", code="malformed", text=str(error)))
            if self._malformed_count >= _MALFORMED_LIMIT:
                conversation.end(CloseCode.MALFORMED)
            return
        try:
            await self._do(command)
        except UnavailableError:
            text_ = "not now; try again soon"
            conversation.say(reply("error", command.ref, code="unavailable", text=text_))

    async def _do(self, command: AnyCommand) -> None:
        conversation = self._conversation
        match command:
            case Authenticate():
                await self._authenticate(command)
            case Subscribe():
                await self._subscribe(command)
            case Unsubscribe():
                gone = conversation.unsubscribe(command.topics)
                conversation.say(reply("unsubscribed", command.ref, topics=gone, reason="asked"))
            case Say():
                await self._say(command)
            case Ping():
                conversation.say(reply("pong", command.ref))
            case _:
                assert_never(command)

    async def _authenticate(self, command: Authenticate) -> None:
        conversation = self._conversation
        if conversation.listener.account_id is not None or conversation.topics:
            text = "expected it once, before anything is subscribed to"
            conversation.say(reply("error", command.ref, code="too-late", text=text))
            return
        listener = await self._hall.doorkeeper.identify(Credentials(None, command.token))
        if listener.account_id is None:
            conversation.end(CloseCode.SIGNED_OUT)
        elif not self._hall.know(conversation, listener):
            conversation.end(CloseCode.TOO_MANY_CONNECTIONS)
        else:
            conversation.say(reply("authenticated", command.ref, account=listener.account_id))

    async def _subscribe(self, command: Subscribe) -> None:
        conversation = self._conversation
        try:
            after = None if command.after is None else EventId.parse(command.after)
        except EventIdError as error:
            conversation.say(reply("error", command.ref, code="malformed", text=f"after: {error}"))
            return
        cost = len(command.topics) // _TOPICS_FOR_ONE + (0 if after is None else _RESUMING_FOR)
        if not self._may_ask(cost):
            return
        if command.leave is not None:
            conversation.listener = replace(conversation.listener, leave=command.leave)
        done = await self._hall.audience.subscribe(conversation, command.topics, after)
        conversation.say(
            reply(
                "subscribed",
                command.ref,
                topics=done.topics,
                refused=[
                    {"topic": text, "code": code.value} for text, code in done.refused.items()
                ],
                resumed=None if after is None else done.resumed.value,
            )
        )

    async def _say(self, command: Say) -> None:
        conversation, ref = self._conversation, command.ref
        try:
            said = await self._hall.speech.say(
                conversation.listener, command.channel, command.text, command.reply_to
            )
        except UnsaidError as error:
            retry_after_s = error.retry_after_s
            conversation.say(
                reply("error", ref, code=error.code, text=error.text, retryAfterS=retry_after_s)
            )
        else:
            conversation.say(reply("said", ref, messageId=said.message_id, answer=said.answer))

    def _ready(self) -> None:
        """Write soon, or close. Called from within the bus: does nothing itself."""
        if not self._has_turn and not self._is_over:
            self._has_turn = True
            self._hall.herald.add(self._take_turn)

    def _take_turn(self) -> None:
        """Hand what waits to a client that has taken what was written before."""
        self._has_turn = False
        conversation, socket = self._conversation, self.socket
        if self._is_over:
            return
        if conversation.has_replies or conversation.ended is not None:
            self._write_replies()
        size = 0
        while socket.is_writable:
            if size >= _AT_ONCE_BYTES:
                self._ready()
                break
            messages = conversation.take_messages(deflated=self._deflates)
            if messages is None:
                break
            socket.write(messages)
            size += len(messages)

    def _write_replies(self) -> None:
        """Write what comes before all events, or instead of them."""
        conversation = self._conversation
        if conversation.ended is None and not self.socket.is_writable:
            return  # told when it is
        frames = []
        while (text := conversation.take_reply()) is not None:
            frames.append(text_frame(text))
        self.socket.write(b"".join(frames))
        if conversation.ended is not None:
            self.socket.close(conversation.ended)

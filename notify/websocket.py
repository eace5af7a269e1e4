"""WebSocketDoor: /ws, where clients say what they want to hear and hear it."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final, assert_never

import structlog
from aiohttp import WSMsgType, web

from notify.close_code import CloseCode
from notify.command_rate import CommandRate
from notify.conversation import Conversation
from notify.doorway import RefusedError, admitted, identified
from notify.event_id import EventId, EventIdError
from notify.hall import Hall
from notify.inbound_guard import InboundGuard
from notify.ports import Credentials, Listener, UnavailableError, UnsaidError
from notify.text_frame import text_frame
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

PATH: Final = "/ws"
MESSAGE_LIMIT_BYTES: Final = 16 * 1024  # a hundred topics and a token fit
_MALFORMED_LIMIT: Final = 5
_CLOSE_LIMIT_S: Final = 5.0
# What a subscription counts for, beside one: each topic is a look at the database, and to find what
# was missed is a walk through all that was told.
_TOPICS_FOR_ONE: Final = 4
_RESUMING_FOR: Final = 8
_USUAL_BYTES: Final = 1024  # of a command, where many come at once
_LARGE_BYTES: Final = 4096
_FLOOD_LIMIT_S: Final = 0.5  # what a flooder answers is not heard
_AT_ONCE_BYTES: Final = 64 * 1024
_log: structlog.stdlib.BoundLogger = structlog.get_logger("notify.websocket")


class WebSocketDoor:
    """Answers /ws."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket to its end, or say why not."""
        settings = self._hall.settings
        socket = web.WebSocketResponse(
            heartbeat=settings.ping_s,
            timeout=_CLOSE_LIMIT_S,
            max_msg_size=MESSAGE_LIMIT_BYTES,
            autoping=False,  # they count as commands do
            compress=False,  # a window for each of ten thousand, for texts of 300 bytes
        )
        socket.headers["Server"] = "rillcast"  # which versions run here is nobody's business
        if not socket.can_prepare(request):
            return RefusedError(426, "expected a WebSocket", Upgrade="websocket").response()
        try:
            with admitted(self._hall, request):
                listener = await identified(self._hall, request)
                await socket.prepare(request)
                async with asyncio.TaskGroup() as tasks:
                    await _Talk(self._hall, socket, request, tasks).serve(listener)
        except RefusedError as refusal:
            return refusal.response()
        except ConnectionResetError:
            pass  # a page that was left before its handshake was answered: nobody is there
        return socket


class _Talk:
    """One WebSocket: reads commands; writes in its turn, or as slowly as its client reads."""

    def __init__(
        self,
        hall: Hall,
        socket: web.WebSocketResponse,
        request: web.Request,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._hall = hall
        self._socket = socket
        self._request = request
        self._tasks = tasks
        self._writer: asyncio.Task[None] | None = None
        self._has_turn = False  # among those who write soon
        self._closer: asyncio.Task[None] | None = None
        self._is_over = False
        self._is_flooded = False
        self._malformed_count = 0
        settings = hall.settings
        self._rate = CommandRate(settings.commands_burst, settings.commands_per_minute)
        self._bytes = CommandRate(
            max(settings.commands_burst * _USUAL_BYTES, 2 * MESSAGE_LIMIT_BYTES),
            settings.commands_per_minute * _LARGE_BYTES,
        )
        self._conversation: Conversation

    async def serve(self, listener: Listener) -> None:
        """Talk until either side has enough."""
        with self._hall.conversation(self._ready) as conversation:
            self._conversation = conversation
            if self._request.transport is not None:
                InboundGuard.put_before(self._request.transport, self._bytes, self._note_flood)
            try:
                if self._hall.know(conversation, listener):
                    self._welcome()
                else:
                    conversation.end(CloseCode.TOO_MANY_CONNECTIONS)
                await self._read()
            finally:
                self._is_over = True
                if self._writer is not None:
                    self._writer.cancel()

    def _welcome(self) -> None:
        conversation = self._conversation
        conversation.say(
            reply(
                "welcome",
                id=self._hall.bus.here.text(),
                account=conversation.listener.account_id,
                pingS=self._hall.settings.ping_s,
            )
        )

    async def _read(self) -> None:
        async for message in self._socket:
            if self._conversation.ended is not None:
                continue  # until it is closed
            if not self._may_ask():
                self._conversation.end(CloseCode.TOO_MANY_COMMANDS)
            elif message.type is WSMsgType.PING:
                await self._socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._hear(message.data)
            elif message.type is not WSMsgType.PONG:
                self._conversation.end(CloseCode.UNSUPPORTED)

    def _note_flood(self) -> None:
        self._is_flooded = True
        self._conversation.end(CloseCode.TOO_MANY_COMMANDS)

    def _may_ask(self, count: int = 1) -> bool:
        most = self._hall.settings.commands_burst
        return self._rate.take(asyncio.get_running_loop().time(), min(count, most))

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
            conversation.end(CloseCode.TOO_MANY_COMMANDS)
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
        if self._is_over:
            return
        if self._conversation.ended is not None:
            if self._closer is None:
                self._closer = self._tasks.create_task(self._close())
        elif self._writer is None and not self._has_turn:
            self._has_turn = True
            self._hall.herald.add(self._write_at_once)

    def _write_at_once(self) -> None:
        """Hand all that waits to a socket that takes it; leave the others to a task.

        Beside aiohttp's writer, which would make and await each frame for each listener: what is
        written here is whole frames, with no task in between.
        """
        self._has_turn = False
        conversation, transport = self._conversation, self._request.transport
        if self._is_over or self._writer is not None or conversation.ended is not None:
            return
        if self._socket.closed or transport is None or transport.is_closing():
            return  # the reader finds out, too
        if transport.get_write_buffer_size() == 0:
            pieces = []
            while (text := conversation.take_reply()) is not None:
                pieces.append(text_frame(text))
            size = 0
            while size < _AT_ONCE_BYTES and (piece := conversation.take_messages()) is not None:
                pieces.append(piece)
                size += len(piece)
            if pieces:
                transport.write(b"".join(pieces))
            if size < _AT_ONCE_BYTES:
                return
        self._writer = self._tasks.create_task(self._write())

    async def _write(self) -> None:
        conversation = self._conversation
        try:
            while conversation.ended is None:
                text = conversation.take_reply()
                if text is None:
                    notice = conversation.take()
                    if notice is None:
                        break
                    text = notice.text
                await self._socket.send_frame(text, WSMsgType.TEXT)
        except ConnectionError:
            pass  # the reader finds out, too
        finally:
            self._writer = None

    async def _close(self) -> None:
        """Say why, and wait a moment for who may not take it; then cut."""
        if self._writer is not None:
            self._writer.cancel()
        code = self._conversation.ended
        assert code is not None  # noqa: S101 - why this task was made
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(_FLOOD_LIMIT_S if self._is_flooded else _CLOSE_LIMIT_S):
                await self._socket.close(code=code, message=code.name.lower().encode(), drain=False)
                return
        if self._request.transport is not None:
            self._request.transport.abort()

"""EventSourceDoor: /events, the same topics as server-sent events (WHATWG HTML, 9.2).

For clients that only listen, through proxies that know no WebSocket: topics stand in the query,
and a browser resumes by itself with Last-Event-ID.
"""

import asyncio
from typing import Final

from aiohttp import web

from notify.close_code import CloseCode
from notify.conversation import Conversation, Refused, Subscribed
from notify.doorway import RefusedError, admitted, identified
from notify.event_id import EventId, EventIdError
from notify.hall import Hall
from notify.ports import UnavailableError
from notify.wire import TOPIC_CHARACTERS, reply

PATH: Final = "/events"
_RETRY_MS: Final = 2000  # so many clients do not come back at the same moment as at once
_HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would wait until a page is full
    "X-Content-Type-Options": "nosniff",
    "Server": "rillcast",
}
_STATUSES: Final = {
    Refused.MALFORMED: 400,
    Refused.UNKNOWN: 404,
    Refused.SIGN_IN: 401,
    Refused.TOO_MANY: 400,
}


class EventSourceDoor:
    """Answers /events."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Serve one stream to its end, or say why not."""
        try:
            with admitted(self._hall, request):
                return await self._serve(request)
        except RefusedError as refusal:
            return refusal.response()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        topics, after = _asked(request, self._hall.settings.topics_per_connection)
        listener = await identified(self._hall, request)
        something = asyncio.Event()

        def ready() -> None:
            something.set()
            # Who takes nothing keeps its stream waiting in a write; there is no code to send here.
            if conversation.ended is CloseCode.TOO_SLOW and request.transport is not None:
                request.transport.abort()

        with self._hall.conversation(ready) as conversation:
            if not self._hall.know(conversation, listener):
                raise RefusedError(429, "this account has too many connections", Retry_After="30")
            here = self._hall.bus.here
            try:
                done = await self._hall.audience.subscribe(conversation, topics, after)
            except UnavailableError:
                raise RefusedError(503, "not now; try again soon", Retry_After="1") from None
            _require_all(done)
            response = web.StreamResponse(headers=_HEADERS)
            await response.prepare(request)
            resumed = None if after is None else done.resumed.value
            welcome = reply("welcome", account=listener.account_id, resumed=resumed)
            id_line = b"id: %b\n" % here.text().encode() if after is None else b""
            await response.write(
                b"retry: %d\n%bevent: welcome\ndata: %b\n\n" % (_RETRY_MS, id_line, welcome)
            )
            writing = _Writing(conversation, something, response)
            await writing.run(self._hall.settings.ping_s)
            return response


class _Writing:
    """One stream: writes what there is, and a comment when there is nothing for long."""

    def __init__(
        self,
        conversation: Conversation,
        something: asyncio.Event,
        response: web.StreamResponse,
    ) -> None:
        self._conversation = conversation
        self._something = something
        self._response = response

    async def run(self, ping_s: float) -> None:
        """Write until it is over."""
        conversation = self._conversation
        while conversation.ended is None and conversation.topics:
            self._something.clear()
            while conversation.ended is None:
                said = conversation.take_reply()
                if said is not None:
                    await self._response.write(b"event: notice\ndata: %b\n\n" % said)
                    continue
                notice = conversation.take()
                if notice is None:
                    break
                await self._response.write(notice.frame)
            try:
                async with asyncio.timeout(ping_s):
                    await self._something.wait()
            except TimeoutError:
                await self._response.write(b": \n\n")
        if conversation.ended not in {None, CloseCode.TOO_SLOW}:
            said = reply("end", code=int(conversation.ended or 0))
            await self._response.write(b"event: end\ndata: %b\n\n" % said)


def _asked(request: web.Request, topic_limit: int) -> tuple[list[str], EventId | None]:
    """Return the topics and where to resume. Raises RefusedError (400)."""
    topics = request.query.getall("topic", [])
    if not topics or set(request.query) - {"topic", "after"}:
        raise RefusedError(400, "expected /events?topic=TOPIC, several times for several")
    if len(topics) > topic_limit:  # before any of them is looked up
        raise RefusedError(400, f"expected {topic_limit} topics at most")
    if any(len(text) > TOPIC_CHARACTERS for text in topics):
        raise RefusedError(400, "expected topics such as channel:NAME, live or me")
    # A browser that comes back sends the header; the query is for whoever cannot set it.
    after = request.headers.get("Last-Event-ID") or request.query.get("after")
    try:
        return topics, None if after is None else EventId.parse(after)
    except EventIdError as error:
        raise RefusedError(400, f"Last-Event-ID: {error}") from None


def _require_all(done: Subscribed) -> None:
    for text, why in done.refused.items():
        more = {"WWW_Authenticate": "Bearer"} if why is Refused.SIGN_IN else {}
        raise RefusedError(_STATUSES[why], f"{text!a}: {why.value}", **more)

"""Endpoint: answers the requests for one operation, keeping every convention around it."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from aiohttp import web

from accounts.api.admission import Admission
from accounts.api.caller import Caller
from accounts.api.csrf import SAFE_METHODS
from accounts.api.etag import Precondition, parse_tags
from accounts.api.idempotency import (
    KEY_LENGTH_LIMIT,
    AnswerLostError,
    IdempotentRequests,
    KeptAnswer,
    KeyReusedError,
    RequestKey,
    RunningError,
)
from accounts.api.load import Load
from accounts.api.operation import LEAVE_HEADER, Call, Operation
from accounts.api.problem import (
    ALREADY_CREATED,
    INTERNAL,
    INVALID,
    KEY_REUSED,
    MALFORMED,
    PRECONDITION_REQUIRED,
    REQUEST_RUNNING,
    UNAVAILABLE,
    FieldError,
    ProblemError,
)
from accounts.api.rendering import Rendered, is_known_to_client, not_modified, render
from accounts.api.request_reading import JSON, parse_json, read_bytes, read_path, read_query
from accounts.api.shared_answers import SharedAnswers
from accounts.storage.cursor import CursorError
from accounts.storage.database import also_writing
from accounts.storage.errors import BusyError, ConflictError
from accounts.storage.outage import tell_trouble

_IDEMPOTENCY_KEY: Final = re.compile(rf"[\x21-\x7e]{{1,{KEY_LENGTH_LIMIT}}}")
_USER_AGENT_LENGTH_LIMIT: Final = 300
_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.api")


@dataclass
class RunningOperations:
    """Operations that go on although who asked may have left; waited for when the server stops."""

    tasks: set[asyncio.Task[Rendered]] = field(default_factory=set)

    def start(self, work: Any, name: str) -> asyncio.Task[Rendered]:
        """Run it to its end."""
        task: asyncio.Task[Rendered] = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._finish)
        return task

    def _finish(self, task: asyncio.Task[Rendered]) -> None:
        self.tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told to who asked, if they still wait


class Endpoint:
    """One operation, as aiohttp calls it. Raises nothing but ProblemError and cancellation."""

    def __init__(
        self,
        operation: Operation,
        admission: Admission,
        idempotent: IdempotentRequests,
        running: RunningOperations,
        *,
        shared: SharedAnswers,
        load: Load,
    ) -> None:
        self._operation = operation
        self._admission = admission
        self._idempotent = idempotent
        self._running = running
        self._shared = shared
        self._load = load

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; whatever goes wrong becomes a problem without details."""
        operation = self._operation
        try:
            address = self._admission.address_of(request)
            caller = await self._admission.admit(request, operation, address)
            if operation.shared:
                rendered = await self._share(request)
            else:
                rendered = await self._answer(request, caller, address)
        except (BusyError, ConflictError) as error:
            tell_trouble(_log, "database busy", error, operation=operation.operation_id)
            raise UNAVAILABLE.because(headers={"Retry-After": "1"}) from None
        except CursorError as error:
            raise INVALID.because(errors=[FieldError("?cursor", str(error))]) from None
        except (ProblemError, asyncio.CancelledError):
            raise
        except Exception:  # noqa: BLE001 - no client may see a traceback
            _log.exception("operation failed", operation=operation.operation_id)
            raise INTERNAL.because() from None
        if is_known_to_client(request, rendered):
            rendered = not_modified(rendered)
        return rendered.response()

    async def _share(self, request: web.Request) -> Rendered:
        """Answer as everybody is answered who asks for the same."""
        operation = self._operation

        async def make() -> Rendered:
            with self._load.one_more():
                query = read_query(request, operation.query)
                arguments = {} if query is None else {"query": query}
                return render(operation, await operation.invoke(**arguments))

        key = operation.operation_id, request.rel_url.raw_query_string
        return await self._shared.get(key, make)

    async def _answer(self, request: web.Request, caller: Caller, address: str) -> Rendered:
        """Answer the one who asks."""
        arguments, content = await self._read(request, caller, address)
        with self._load.one_more():
            work = self._perform(request, caller, arguments, content)
            if request.method in SAFE_METHODS:
                return await work
            # Who leaves now must not leave half of it done: committed, but told to nobody.
            return await asyncio.shield(self._running.start(work, self._operation.operation_id))

    async def _read(
        self, request: web.Request, caller: Caller, address: str
    ) -> tuple[dict[str, Any], bytes]:
        operation = self._operation
        arguments: dict[str, Any] = dict(read_path(request, operation.path_parameters))
        if_match = _read_if_match(request) if operation.edits else None
        query = read_query(request, operation.query)
        if query is not None:
            arguments["query"] = query
        content = b""
        if operation.raw_body:
            content = await read_bytes(request, operation.raw_body, operation.body_limit_bytes)
        elif operation.body is not None:
            content = await read_bytes(request, (JSON,), operation.body_limit_bytes)
            arguments["body"] = parse_json(content, operation.body)
        if operation.takes_call:
            arguments["call"] = Call(
                caller=caller,
                address=address,
                user_agent=request.headers.get("User-Agent", "")[:_USER_AGENT_LENGTH_LIMIT],
                if_match=if_match,
                leave=request.headers.get(LEAVE_HEADER) if operation.takes_leave else None,
                raw=content if operation.raw_body else b"",
                raw_type=request.content_type if operation.raw_body else "",
                request=request,
            )
        return arguments, content

    async def _perform(
        self, request: web.Request, caller: Caller, arguments: dict[str, Any], content: bytes
    ) -> Rendered:
        operation = self._operation
        key = _read_key(request, operation, caller, content)
        if key is None:
            return render(operation, await operation.invoke(**arguments))
        try:
            kept = await self._idempotent.begin(key)
        except RunningError:
            raise REQUEST_RUNNING.because(headers={"Retry-After": "1"}) from None
        except KeyReusedError:
            raise KEY_REUSED.because() from None
        except AnswerLostError:
            raise ALREADY_CREATED.because("Look for it; its answer was lost.") from None
        if kept is not None:
            return _replayed(kept)
        try:
            with also_writing(lambda connection: self._idempotent.note_done(connection, key)):
                rendered = render(operation, await operation.invoke(**arguments))
        except BaseException:
            await self._idempotent.forget(key)
            raise
        body = None if operation.shows_secret else rendered.content.decode()
        await self._idempotent.finish(key, KeptAnswer(rendered.status, rendered.headers, body))
        return rendered


def _read_if_match(request: web.Request) -> Precondition:
    header = ",".join(request.headers.getall("If-Match", ()))
    if not header:
        raise PRECONDITION_REQUIRED.because()
    tags = parse_tags(header)
    if tags is None:
        raise MALFORMED.because(errors=[FieldError("If-Match:", 'expected ETags such as "7"')])
    return tags


def _read_key(
    request: web.Request, operation: Operation, caller: Caller, content: bytes
) -> RequestKey | None:
    header = request.headers.get("Idempotency-Key")
    # Without an account nobody can tell whose answer it would be: the header changes nothing.
    if header is None or not operation.takes_key or caller.account_id is None:
        return None
    if _IDEMPOTENCY_KEY.fullmatch(header) is None:
        text = f"expected 1 to {KEY_LENGTH_LIMIT} visible ASCII characters"
        raise MALFORMED.because(errors=[FieldError("Idempotency-Key:", text)])
    return RequestKey.of(
        caller.account_id, operation.operation_id, header, request.path_qs, content
    )


def _replayed(kept: KeptAnswer) -> Rendered:
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    if kept.body is None:
        location = {name: text for name, text in kept.headers.items() if name == "Location"}
        raise ALREADY_CREATED.because(headers=location)
    return Rendered(kept.status, kept.body.encode(), JSON if kept.body else None, headers)

"""RestApi: every operation of /api/v1 as routes, and the problems of whatever is none."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from accounts.api.admission import Admission
from accounts.api.authentication import Authenticator
from accounts.api.browser_cookie import SESSION, BrowserCookie
from accounts.api.documentation import Documentation
from accounts.api.endpoint import Endpoint, RunningOperations
from accounts.api.idempotency import IdempotentRequests
from accounts.api.operation import Operation, operations_of
from accounts.api.problem import INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, ProblemError, ProblemType
from accounts.ports import Clock
from accounts.settings import AccountsSettings
from accounts.storage.database import Database

PREFIX: Final = "/api/v1"
_HOUR_MS: Final = 3_600_000
_STOP_LIMIT_S: Final = 10.0
_SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "rillcast",  # which versions run here is nobody's business
}
_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.api")


class RestApi:
    """The API of all `resources`. Add it to an application before that starts."""

    def __init__(
        self,
        resources: Iterable[object],
        database: Database,
        authenticator: Authenticator,
        settings: AccountsSettings,
        clock: Clock,
        *,
        trusted_proxies: Collection[str] = (),
        version: str = "0",
    ) -> None:
        self.operations: Sequence[Operation] = _checked(
            [each for resource in resources for each in operations_of(resource)]
        )
        self._admission = Admission(
            authenticator,
            BrowserCookie(SESSION, settings.public_url),
            settings.api,
            public_url=settings.public_url,
            trusted_proxies=trusted_proxies,
            now_s=lambda: asyncio.get_running_loop().time(),
        )
        self._idempotent = IdempotentRequests(
            database, clock, settings.api.idempotency_hours * _HOUR_MS
        )
        self._running = RunningOperations()
        self._documentation = Documentation(self.operations, PREFIX, version)

    def add_to(self, application: web.Application) -> None:
        """Add all routes, and the answers for what has none below /api/v1."""
        router = application.router
        resources: dict[str, web.Resource] = {}
        for operation in self.operations:
            path = PREFIX + operation.path
            if path not in resources:
                resources[path] = router.add_resource(path)
            endpoint = Endpoint(operation, self._admission, self._idempotent, self._running)
            resources[path].add_route(operation.method, endpoint.respond)
            if operation.method == "GET":
                resources[path].add_route("HEAD", endpoint.respond)
        self._documentation.add_routes(router)
        application.middlewares.append(_answer_problems)

    def document(self) -> bytes:
        """Return the OpenAPI document as JSON."""
        return self._documentation.document()

    async def close(self) -> None:
        """Wait for what still runs, but not for ever."""
        if self._running.tasks:
            await asyncio.wait(self._running.tasks, timeout=_STOP_LIMIT_S)


@web.middleware
async def _answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.path.startswith("/api/"):
        return await handler(request)
    try:
        response = await handler(request)
    except ProblemError as problem:
        response = problem.response()
    except web.HTTPException as refusal:
        response = _problem_of(refusal).response()
    except Exception:  # noqa: BLE001 - no client may see a traceback
        _log.exception("request failed", method=request.method)
        response = INTERNAL.because().response()
    if isinstance(response, web.Response):
        for name, text in _SECURITY_HEADERS.items():
            response.headers.setdefault(name, text)
    return response


def _problem_of(refusal: web.HTTPException) -> ProblemError:
    """Say in our form what aiohttp found wrong."""
    if isinstance(refusal, web.HTTPNotFound):
        return NOT_FOUND.because()
    if isinstance(refusal, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(refusal.allowed_methods))
        return METHOD_NOT_ALLOWED.because(f"Expected {allowed}.", headers={"Allow": allowed})
    return ProblemType(refusal.status, "refused", refusal.reason).because()


def _checked(operations: list[Operation]) -> list[Operation]:
    names: set[str] = set()
    for each in operations:
        if each.operation_id in names:
            raise ValueError(f"two operations are called {each.operation_id}")
        names.add(each.operation_id)
    return operations

"""Admission: who sends a request, and whether they may send it at all."""

from collections.abc import Callable, Collection

from aiohttp import web

from accounts.api.authentication import Authenticator, credentials_of
from accounts.api.browser_cookie import BrowserCookie
from accounts.api.caller import ANONYMOUS, Caller
from accounts.api.client_address import client_address, network_of
from accounts.api.csrf import is_cross_site
from accounts.api.operation import Access, Operation
from accounts.api.problem import (
    CROSS_SITE,
    FORBIDDEN,
    SCOPE_MISSING,
    TOO_MANY_REQUESTS,
    UNAUTHENTICATED,
    ProblemError,
)
from accounts.api.throttle import Throttle, TokenBuckets
from accounts.settings import ApiSettings


class Admission:
    """Decides on requests before anything of them is read but their heads.

    `now_s` is a monotonic clock. Requests are counted by network before they cost a look at the
    database, and by account after.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        cookie: BrowserCookie,
        settings: ApiSettings,
        *,
        public_url: str,
        trusted_proxies: Collection[str],
        now_s: Callable[[], float],
    ) -> None:
        self._authenticator = authenticator
        self._cookie = cookie
        self._public_url = public_url
        self._trusted_proxies = frozenset(trusted_proxies)
        self._now_s = now_s
        self._buckets = TokenBuckets()
        self._all = Throttle("all", settings.burst, settings.per_minute)

    def address_of(self, request: web.BaseRequest) -> str:
        """Return the client's address, behind trusted proxies too."""
        forwarded_for = ",".join(request.headers.getall("X-Forwarded-For", ()))
        return client_address(request.remote, forwarded_for, self._trusted_proxies)

    async def admit(self, request: web.BaseRequest, operation: Operation, address: str) -> Caller:
        """Return as whom it is asked. Raises ProblemError (401, 403, 429)."""
        throttles = [self._all] if operation.throttle is None else [self._all, operation.throttle]
        for throttle in throttles:
            self._take(throttle, f"network {network_of(address)}")
        credentials = credentials_of(request, self._cookie)
        if is_cross_site(
            request.method,
            request.headers,
            has_cookie=credentials.cookie is not None,
            has_bearer=credentials.bearer is not None,
            public_url=self._public_url,
        ):
            raise CROSS_SITE.because()
        if credentials.cookie is None and credentials.bearer is None:
            caller = ANONYMOUS
        else:
            caller = await self._authenticator.authenticate(credentials.cookie, credentials.bearer)
        if credentials.bearer is not None and not caller.is_known:
            # A stale cookie only makes a visitor; who sends a token wants to know that it is void.
            raise _unauthenticated("The token is unknown, void or expired.", "invalid_token")
        admitted = _admitted(caller, operation)
        if caller.account_id is not None:
            if operation.account_throttle is not None:
                throttles.append(operation.account_throttle)
            for throttle in throttles:
                self._take(throttle, f"account {caller.account_id}")
        return admitted

    def _take(self, throttle: Throttle, party: str) -> None:
        missing_s = self._buckets.take(throttle, party, self._now_s())
        if missing_s:
            raise TOO_MANY_REQUESTS.because(headers={"Retry-After": str(int(missing_s) + 1)})


def _admitted(caller: Caller, operation: Operation) -> Caller:
    """Return as whom somebody may do this: themselves or, by a token without the scope, nobody."""
    is_token = caller.via == "personal-token"
    is_reached = not is_token or (operation.scope is not None and caller.has_scope(operation.scope))
    if operation.access is Access.ANYBODY:
        return caller if is_reached else ANONYMOUS
    if not caller.is_known:
        raise _unauthenticated(None, None)
    if operation.access is Access.ADMIN and not caller.is_admin:
        raise FORBIDDEN.because()
    if operation.scope is None and is_token:
        raise SCOPE_MISSING.because("Personal tokens do not reach this; sign in instead.")
    if not is_reached:
        raise SCOPE_MISSING.because(f"Expected a token with the scope {operation.scope}.")
    return caller


def _unauthenticated(detail: str | None, error: str | None) -> ProblemError:
    challenge = 'Bearer realm="rillcast"' + (f', error="{error}"' if error else "")
    return UNAUTHENTICATED.because(detail, headers={"WWW-Authenticate": challenge})

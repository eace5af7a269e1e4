"""OpenID: signing in with an issuer of the settings."""

from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import urlencode

from aiohttp import web
from pydantic import ConfigDict, Field

from accounts.api.browser_cookie import BrowserCookie
from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import ANYBODY, USER, Answer, Call, RawBody, operation
from accounts.api.problem import CONFLICT, NOT_FOUND, ProblemError
from accounts.api.resources.account_security import PROOF_PROBLEMS, Proof
from accounts.api.resources.people_fields import SIGN_IN, LinkToken, ProvenPassword
from accounts.api.resources.people_problems import (
    ISSUER_FAILED,
    SECOND_FACTOR_REQUIRED,
    people_problems,
)
from accounts.api.resources.session_views import lifetime_s
from accounts.people.openid import BegunAttempt
from accounts.people.people import People

_ATTEMPT_S: Final = 600
_SECRET_CHARACTERS: Final = 100


class OpenIdBegin(ApiModel):
    """How to come back."""

    return_to: str = Field("/", max_length=500, description="A path of this server.")
    invitation: LinkToken | None = None


class IdentityBegin(ApiModel):
    """Which issuer to link."""

    issuer: str = Field(max_length=32, description="Its name, as /registration lists it.")
    return_to: str = Field("/settings", max_length=500)
    password: ProvenPassword = None


class OpenIdUrl(ApiModel):
    """Where to go on."""

    url: str


class OpenIdReturn(ApiModel):
    """What issuers add to the address that they send browsers back to, and whatever else."""

    model_config = ConfigDict(extra="ignore")

    state: str = Field("", max_length=200)
    code: str = Field("", max_length=4096)
    iss: str | None = Field(None, max_length=500)
    error: str | None = Field(None, max_length=200)


class IdentityView(ApiModel):
    """A way to sign in to one's account."""

    id: str
    issuer: str
    email: str | None = Field(description="What the issuer calls it.")
    created_at: UtcTime
    used_at: UtcTime | None


class IdentitiesView(ApiModel):
    """All of them."""

    items: tuple[IdentityView, ...]


class OpenIdResource:
    """Sends browsers to issuers and takes them back."""

    def __init__(self, people: People, cookie: BrowserCookie, attempt: BrowserCookie) -> None:
        self._people = people
        self._cookie = cookie
        self._attempt = attempt  # ties what comes back from an issuer to the browser that went

    @operation(
        "POST",
        "/openid/{issuer_name}",
        tag="openid",
        access=ANYBODY,
        problems=(NOT_FOUND, ISSUER_FAILED),
        throttle=SIGN_IN,
    )
    async def begin_openid(
        self,
        call: Call,
        issuer_name: str,
        body: OpenIdBegin,
    ) -> Answer[OpenIdUrl]:
        """Begin to sign in with an issuer: the answer says where to send the browser."""
        with people_problems():
            begun = await self._people.openid.begin(
                issuer_name, return_to=body.return_to, invitation=body.invitation
            )
        return Answer(OpenIdUrl(url=begun.url), prepare=self._remember(call, begun))

    @operation("GET", "/me/identities", tag="openid", access=USER)
    async def list_identities(self, call: Call) -> IdentitiesView:
        """List the issuers that sign in to one's account."""
        found = await self._people.identities.list_of(call.account_id)
        return IdentitiesView(
            items=tuple(
                IdentityView(
                    id=each.id,
                    issuer=each.issuer,
                    email=each.email,
                    created_at=each.created_at_ms,
                    used_at=each.used_at_ms,
                )
                for each in found
            )
        )

    @operation(
        "POST",
        "/me/identities",
        tag="openid",
        access=USER,
        problems=(NOT_FOUND, ISSUER_FAILED, *PROOF_PROBLEMS),
        throttle=SIGN_IN,
    )
    async def begin_identity(self, call: Call, body: IdentityBegin) -> Answer[OpenIdUrl]:
        """Begin to let an issuer sign in to one's account, in the browser that asks."""
        with people_problems():
            await self._people.reauthentication.require(
                call.account_id, call.caller.session_id, body.password, call.address
            )
            begun = await self._people.openid.begin(
                body.issuer, return_to=body.return_to, session_id=call.caller.session_id
            )
        return Answer(OpenIdUrl(url=begun.url), prepare=self._remember(call, begun))

    @operation(
        "POST",
        "/me/identities/{identity_id}/removal",
        tag="openid",
        access=USER,
        problems=(NOT_FOUND, CONFLICT, *PROOF_PROBLEMS),
        throttle=SIGN_IN,
    )
    async def remove_identity(self, call: Call, identity_id: str, body: Proof) -> None:
        """Let an issuer sign in to one's account no more. The owner is told by mail."""
        with people_problems():
            await self._people.reauthentication.require(
                call.account_id, call.caller.session_id, body.password, call.address
            )
            await self._people.remove_identity(call.account_id, identity_id)

    @operation(
        "GET",
        "/openid/{issuer_name}/callback",
        tag="openid",
        access=ANYBODY,
        status=303,
        throttle=SIGN_IN,
    )
    async def finish_openid(self, call: Call, issuer_name: str, query: OpenIdReturn) -> RawBody:
        """Take a browser back from an issuer, sign it in, and send it on.

        What went wrong stands behind the # of the page for signing in.
        """
        try:
            with people_problems():
                return await self._finished(call, issuer_name, query)
        except ProblemError as problem:
            if problem.type is NOT_FOUND:
                raise
            return self._sent_back(call, problem)

    async def _finished(self, call: Call, issuer_name: str, query: OpenIdReturn) -> RawBody:
        if query.error is not None or not query.code:
            return self._sent_back(call, ISSUER_FAILED.because())
        secret = self._attempt.read(call.request)
        finished = await self._people.openid.finish(
            issuer_name,
            state=query.state,
            code=query.code,
            browser_secret=secret if secret and len(secret) <= _SECRET_CHARACTERS else None,
            issuer=query.iss,
        )
        forget = partial(self._attempt.clear, call.request)
        if finished.is_link:
            return RawBody(location=finished.return_to, prepare=forget)
        session = await self._people.sign_in.finish(
            finished.account_id, kind="browser", client=call.user_agent, how="openid"
        )

        def prepare(response: web.StreamResponse) -> None:
            forget(response)
            self._cookie.set(call.request, response, session.cookie or "", lifetime_s(session))

        return RawBody(location=finished.return_to, prepare=prepare)

    def _sent_back(self, call: Call, problem: ProblemError) -> RawBody:
        said = {"problem": problem.type.code}
        if problem.type is SECOND_FACTOR_REQUIRED:
            said["challenge"] = str(problem.more["challenge"])
        return RawBody(
            location=f"/sign-in#{urlencode(said)}",
            prepare=partial(self._attempt.clear, call.request),
        )

    def _remember(self, call: Call, begun: BegunAttempt) -> Callable[[web.StreamResponse], None]:
        return lambda response: self._attempt.set(
            call.request, response, begun.browser_secret, _ATTEMPT_S
        )

"""Sessions: signing in and out."""

from functools import partial
from typing import Annotated

from pydantic import Field

from accounts.api.browser_cookie import BrowserCookie
from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import ANYBODY, USER, Answer, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.people_fields import (
    SIGN_IN,
    EmailField,
    KindField,
    LinkToken,
    PasswordField,
)
from accounts.api.resources.people_problems import (
    LINK_VOID,
    SECOND_FACTOR_REQUIRED,
    SUSPENDED,
    TOO_MANY_GUESSES,
    WRONG_CREDENTIALS,
    people_problems,
)
from accounts.api.resources.session_views import SessionView, session_answer
from accounts.people.people import People
from accounts.people.secret_token import REFRESH_CHARACTERS
from accounts.people.sessions import SessionKind

CodeField = Annotated[
    str, Field(min_length=1, max_length=40, description="Six digits, or a recovery code.")
]


class NewSessionBody(ApiModel):
    """Who signs in."""

    email: EmailField
    password: PasswordField
    kind: KindField = "browser"


class ChallengeAnswer(ApiModel):
    """A code, for the challenge that came with `second-factor-required`."""

    challenge: LinkToken
    code: CodeField


class RefreshBody(ApiModel):
    """The refresh token that came last."""

    refresh_token: str = Field(max_length=2 * REFRESH_CHARACTERS)


class OwnSessionView(ApiModel):
    """One of one's own log-ins."""

    id: str
    kind: SessionKind
    client: str = Field(description="What the browser or program called itself.")
    is_current: bool
    created_at: UtcTime
    used_at: UtcTime
    ends_at: UtcTime = Field(description="When it ends if it is not used.")


class OwnSessionsView(ApiModel):
    """All of one's own log-ins."""

    items: tuple[OwnSessionView, ...]


class EndSessionsQuery(ApiModel):
    """Which log-ins to end."""

    but_this: bool = Field(False, description="Keep the one that asks.")


class SessionsResource:
    """Signs people in and out."""

    def __init__(self, people: People, cookie: BrowserCookie) -> None:
        self._people = people
        self._cookie = cookie

    @operation(
        "POST",
        "/sessions",
        tag="sessions",
        access=ANYBODY,
        status=201,
        shows_secret=True,
        problems=(WRONG_CREDENTIALS, SECOND_FACTOR_REQUIRED, SUSPENDED, TOO_MANY_GUESSES),
        throttle=SIGN_IN,
    )
    async def sign_in(self, call: Call, body: NewSessionBody) -> Answer[SessionView]:
        """Sign in with address and password.

        An account with a second factor answers `second-factor-required` with a `challenge`, to be
        sent with a code to `/sessions/second-factor` within five minutes.
        """
        with people_problems():
            session = await self._people.sign_in.with_password(
                body.email,
                body.password,
                kind=body.kind,
                address=call.address,
                client=call.user_agent,
            )
        return session_answer(call, session, self._cookie)

    @operation(
        "POST",
        "/sessions/second-factor",
        tag="sessions",
        access=ANYBODY,
        status=201,
        shows_secret=True,
        problems=(WRONG_CREDENTIALS, LINK_VOID, SUSPENDED, TOO_MANY_GUESSES),
        throttle=SIGN_IN,
    )
    async def sign_in_with_code(self, call: Call, body: ChallengeAnswer) -> Answer[SessionView]:
        """Finish signing in with a code of the second factor, or a recovery code."""
        with people_problems():
            session = await self._people.sign_in.with_code(
                body.challenge, body.code, client=call.user_agent
            )
        return session_answer(call, session, self._cookie)

    @operation(
        "POST",
        "/sessions/refresh",
        tag="sessions",
        access=ANYBODY,
        shows_secret=True,
        problems=(WRONG_CREDENTIALS,),
    )
    async def refresh_session(self, call: Call, body: RefreshBody) -> Answer[SessionView]:
        """Exchange a refresh token for new tokens.

        Each is good once. One that comes a second time ends the log-in, for it has been copied:
        send one request at a time, and keep its answer before the next.
        """
        with people_problems():
            session = await self._people.sessions.refresh(body.refresh_token)
        return session_answer(call, session, self._cookie)

    @operation("GET", "/me/sessions", tag="sessions", access=USER)
    async def list_sessions(self, call: Call) -> OwnSessionsView:
        """List one's own log-ins, the one used last first."""
        found = await self._people.sessions.list_of(call.account_id)
        return OwnSessionsView(
            items=tuple(
                OwnSessionView(
                    id=each.id,
                    kind=each.kind,
                    client=each.client,
                    is_current=each.id == call.caller.session_id,
                    created_at=each.created_at_ms,
                    used_at=each.used_at_ms,
                    ends_at=each.expires_at_ms,
                )
                for each in found
            )
        )

    @operation("DELETE", "/me/sessions", tag="sessions", access=USER)
    async def end_sessions(self, call: Call, query: EndSessionsQuery) -> Answer[None]:
        """Sign out everywhere, or everywhere but here.

        Personal tokens stay: revoke them one by one.
        """
        but = call.caller.session_id if query.but_this else None
        await self._people.sessions.end_all(call.account_id, but=but)
        return (
            Answer(None)
            if query.but_this
            else Answer(None, prepare=partial(self._cookie.clear, call.request))
        )

    @operation("DELETE", "/me/session", tag="sessions", access=USER)
    async def sign_out(self, call: Call) -> Answer[None]:
        """Sign out here: cookie, access token and refresh token are void at once."""
        with people_problems():
            await self._people.sessions.end(call.account_id, call.caller.session_id or "")
        return Answer(None, prepare=partial(self._cookie.clear, call.request))

    @operation(
        "DELETE", "/me/sessions/{session_id}", tag="sessions", access=USER, problems=(NOT_FOUND,)
    )
    async def end_session(self, call: Call, session_id: str) -> None:
        """End one of one's own log-ins."""
        with people_problems():
            await self._people.sessions.end(call.account_id, session_id)

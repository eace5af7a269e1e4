"""Log-ins as the API shows them."""

from pydantic import Field

from accounts.api.browser_cookie import BrowserCookie
from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import Answer, Call
from accounts.people.sessions import NewSession


class SessionView(ApiModel):
    """A log-in that has just begun or been renewed. Browsers get a cookie and no tokens."""

    account_id: str
    session_id: str
    expires_at: UtcTime = Field(description="When the log-in ends at the latest.")
    access_token: str | None = Field(description="For `Authorization: Bearer`; null for browsers.")
    access_token_expires_at: UtcTime | None
    refresh_token: str | None = Field(
        description="Gives new tokens once. Sent a second time, it ends the log-in."
    )


def session_answer(call: Call, session: NewSession, cookie: BrowserCookie) -> Answer[SessionView]:
    """Show a log-in: a cookie for a browser, tokens for a client."""
    view = SessionView(
        account_id=session.account_id,
        session_id=session.session_id,
        expires_at=session.expires_at_ms,
        access_token=session.access_token,
        access_token_expires_at=session.access_expires_at_ms,
        refresh_token=session.refresh_token,
    )
    text = session.cookie
    if text is None:
        return Answer(view)
    return Answer(
        view,
        prepare=lambda response: cookie.set(call.request, response, text, lifetime_s(session)),
    )


def lifetime_s(session: NewSession) -> int:
    """How long a browser may keep the cookie; the server knows better when it ends."""
    return max(1, (session.expires_at_ms - session.begun_at_ms) // 1000)

"""Account security: password, address, and leaving."""

from functools import partial

from accounts.api.browser_cookie import BrowserCookie
from accounts.api.model import ApiModel
from accounts.api.operation import ANYBODY, USER, Answer, Call, RawBody, operation
from accounts.api.problem import CONFLICT
from accounts.api.resources.people_fields import (
    EXPORT,
    MAIL,
    SIGN_IN,
    EmailField,
    LinkToken,
    NewPasswordField,
    ProvenPassword,
)
from accounts.api.resources.people_problems import (
    LINK_VOID,
    SIGN_IN_AGAIN,
    TOO_MANY_GUESSES,
    WRONG_CREDENTIALS,
    people_problems,
)
from accounts.api.resources.session_views import lifetime_s
from accounts.people.people import People

PROOF_PROBLEMS = (WRONG_CREDENTIALS, SIGN_IN_AGAIN, TOO_MANY_GUESSES)


class PasswordEdit(ApiModel):
    """A new password, and the old one."""

    password: ProvenPassword = None
    new_password: NewPasswordField


class EmailEdit(ApiModel):
    """A new address."""

    email: EmailField
    password: ProvenPassword = None


class LinkTokenBody(ApiModel):
    """A mailed link."""

    token: LinkToken


class ForgottenPassword(ApiModel):
    """Whose password was forgotten."""

    email: EmailField


class PasswordReset(ApiModel):
    """A mailed link, and a new password."""

    token: LinkToken
    password: NewPasswordField


class Proof(ApiModel):
    """A proof of who asks."""

    password: ProvenPassword = None


class AccountSecurityResource:
    """Changes what guards an account."""

    def __init__(self, people: People, cookie: BrowserCookie) -> None:
        self._people = people
        self._cookie = cookie

    @operation(
        "PUT",
        "/me/password",
        tag="security",
        access=USER,
        problems=PROOF_PROBLEMS,
        throttle=SIGN_IN,
    )
    async def change_password(self, call: Call, body: PasswordEdit) -> Answer[None]:
        """Change the password. All other log-ins end, and this one gets a new cookie."""
        with people_problems():
            await self._prove(call, body.password)
            session = await self._people.password_change.change(
                call.account_id, call.caller.session_id or "", body.new_password
            )
        text = None if session is None else session.cookie
        if session is None or text is None:
            return Answer(None)
        lasting_s = lifetime_s(session)
        return Answer(
            None,
            prepare=lambda response: self._cookie.set(call.request, response, text, lasting_s),
        )

    @operation(
        "POST",
        "/me/email",
        tag="security",
        access=USER,
        status=202,
        problems=PROOF_PROBLEMS,
        throttle=MAIL,
    )
    async def change_email(self, call: Call, body: EmailEdit) -> None:
        """Have a link mailed to a new address, which replaces the old one when it is opened.

        The answer is the same whether or not the address has an account.
        """
        with people_problems():
            await self._prove(call, body.password)
            await self._people.email_change.begin(call.account_id, body.email)

    @operation(
        "POST",
        "/email-changes/complete",
        tag="security",
        access=ANYBODY,
        problems=(LINK_VOID, CONFLICT),
        throttle=SIGN_IN,
    )
    async def complete_email_change(self, call: Call, body: LinkTokenBody) -> None:  # noqa: ARG002 - the link says it all
        """Change the address, by the mailed link. The old address is told."""
        with people_problems():
            await self._people.email_change.finish(body.token)

    @operation(
        "POST", "/password-resets", tag="security", access=ANYBODY, status=202, throttle=MAIL
    )
    async def forget_password(self, call: Call, body: ForgottenPassword) -> None:  # noqa: ARG002 - all are told the same
        """Have a link mailed to choose a new password with.

        The answer is the same whether or not the address has an account.
        """
        with people_problems():
            await self._people.password_change.forget(body.email)

    @operation(
        "POST",
        "/password-resets/complete",
        tag="security",
        access=ANYBODY,
        problems=(LINK_VOID,),
        throttle=SIGN_IN,
    )
    async def reset_password(self, call: Call, body: PasswordReset) -> None:  # noqa: ARG002 - the link says it all
        """Choose a new password by a mailed link.

        All log-ins and personal tokens of the account end. It does not sign in: the second
        factor, where there is one, is still asked for.
        """
        with people_problems():
            await self._people.password_change.reset(body.token, body.password)

    @operation(
        "GET",
        "/me/export",
        tag="security",
        access=USER,
        raw_answer=("application/zip",),
        throttle=EXPORT,
    )
    async def export_me(self, call: Call) -> RawBody:
        """Download all that the server keeps of oneself, as JSON in a ZIP file."""
        with people_problems():
            content = await self._people.departure.export(call.account_id)
        headers = {"Content-Disposition": 'attachment; filename="rillcast-export.zip"'}
        return RawBody(content, "application/zip", headers)

    @operation(
        "POST",
        "/me/deletion",
        tag="security",
        access=USER,
        problems=(*PROOF_PROBLEMS, CONFLICT),
        throttle=SIGN_IN,
    )
    async def delete_me(self, call: Call, body: Proof) -> Answer[None]:
        """Delete one's own account at once and for good.

        Its channels go with it, with their keys, links, followers and past broadcasts; what is
        live is cut. The last administrator cannot go.
        """
        with people_problems():
            await self._prove(call, body.password)
            await self._people.departure.delete(call.account_id, by_id=call.account_id)
        return Answer(None, prepare=partial(self._cookie.clear, call.request))

    async def _prove(self, call: Call, password: str | None) -> None:
        await self._people.reauthentication.require(
            call.account_id, call.caller.session_id, password, call.address
        )

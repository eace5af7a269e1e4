"""Registration: how people come in, and how the first administrator does."""

from pydantic import Field

from accounts.api.browser_cookie import BrowserCookie
from accounts.api.model import ApiModel
from accounts.api.operation import ANYBODY, Answer, Call, operation
from accounts.api.problem import CONFLICT
from accounts.api.resources.people_fields import (
    MAIL,
    SIGN_IN,
    DisplayNameField,
    EmailField,
    KindField,
    LinkToken,
    NewPasswordField,
)
from accounts.api.resources.people_problems import (
    LINK_VOID,
    REGISTRATION_CLOSED,
    people_problems,
)
from accounts.api.resources.session_views import SessionView, session_answer
from accounts.people.passwords import PASSWORD_CHARACTERS_MIN
from accounts.people.people import People
from accounts.people.settings import RegistrationMode


class IssuerView(ApiModel):
    """Somebody else whom people can sign in with."""

    name: str
    title: str


class RegistrationView(ApiModel):
    """How people come in."""

    mode: RegistrationMode
    password_characters_min: int
    issuers: tuple[IssuerView, ...]


class NewRegistration(ApiModel):
    """An address to register with."""

    email: EmailField
    invitation: LinkToken | None = None


class RegistrationToken(ApiModel):
    """A mailed link, or an invitation for an address."""

    token: LinkToken


class ProvenAddress(ApiModel):
    """The address that a link proves."""

    email: str


class RegistrationFinish(ApiModel):
    """What makes an account of a proven address."""

    token: LinkToken
    password: NewPasswordField
    display_name: DisplayNameField
    kind: KindField = "browser"


class SetUpToken(ApiModel):
    """The link in the console."""

    token: LinkToken


class SetUpFinish(ApiModel):
    """What makes the first administrator."""

    token: LinkToken = Field(description="What stands behind the # of the link in the console.")
    email: EmailField
    password: NewPasswordField
    display_name: DisplayNameField
    kind: KindField = "browser"


class RegistrationResource:
    """Lets people in."""

    def __init__(self, people: People, cookie: BrowserCookie) -> None:
        self._people = people
        self._cookie = cookie

    @operation("GET", "/registration", tag="registration", access=ANYBODY)
    async def read_registration(self, call: Call) -> RegistrationView:  # noqa: ARG002 - all are told the same
        """Say who may register, and with whom people can sign in."""
        return RegistrationView(
            mode=self._people.registration.mode,
            password_characters_min=PASSWORD_CHARACTERS_MIN,
            issuers=tuple(
                IssuerView(name=name, title=title)
                for name, title in self._people.openid.titles.items()
            ),
        )

    @operation(
        "POST",
        "/registrations",
        tag="registration",
        access=ANYBODY,
        status=202,
        problems=(REGISTRATION_CLOSED,),
        throttle=MAIL,
    )
    async def begin_registration(self, call: Call, body: NewRegistration) -> None:  # noqa: ARG002 - see above
        """Have a link mailed to an address, to register with it.

        The answer is the same whether or not the address has an account; its owner is told by
        mail.
        """
        with people_problems():
            await self._people.registration.begin(body.email, body.invitation)

    @operation(
        "POST",
        "/registrations/address",
        tag="registration",
        access=ANYBODY,
        problems=(LINK_VOID, REGISTRATION_CLOSED),
        throttle=SIGN_IN,
    )
    async def read_registration_address(
        self,
        call: Call,  # noqa: ARG002 - see above
        body: RegistrationToken,
    ) -> ProvenAddress:
        """Say which address a mailed link, or an invitation, proves."""
        with people_problems():
            return ProvenAddress(email=await self._people.registration.see(body.token))

    @operation(
        "POST",
        "/registrations/complete",
        tag="registration",
        access=ANYBODY,
        status=201,
        shows_secret=True,
        problems=(LINK_VOID, REGISTRATION_CLOSED, CONFLICT),
        throttle=SIGN_IN,
    )
    async def complete_registration(
        self, call: Call, body: RegistrationFinish
    ) -> Answer[SessionView]:
        """Make an account by a mailed link or an invitation for an address, and sign in to it."""
        people = self._people
        with people_problems():
            account_id = await people.registration.finish(
                body.token, body.password, body.display_name
            )
            session = await people.sign_in.finish(
                account_id, kind=body.kind, client=call.user_agent, how="link"
            )
        return session_answer(call, session, self._cookie)

    @operation(
        "POST",
        "/set-up/check",
        tag="registration",
        access=ANYBODY,
        problems=(LINK_VOID,),
        throttle=SIGN_IN,
    )
    async def check_set_up(
        self,
        call: Call,  # noqa: ARG002 - see above
        body: SetUpToken,
    ) -> None:
        """Say whether the link in the console is good, before anybody fills in a form."""
        with people_problems():
            await self._people.set_up.see(body.token)

    @operation(
        "POST",
        "/set-up",
        tag="registration",
        access=ANYBODY,
        status=201,
        shows_secret=True,
        problems=(LINK_VOID, CONFLICT),
        throttle=SIGN_IN,
    )
    async def complete_set_up(self, call: Call, body: SetUpFinish) -> Answer[SessionView]:
        """Make the first administrator by the link in the console, and sign in."""
        people = self._people
        with people_problems():
            account_id = await people.set_up.finish(
                body.token, body.email, body.password, body.display_name
            )
            session = await people.sign_in.finish(
                account_id, kind=body.kind, client=call.user_agent, how="link"
            )
        return session_answer(call, session, self._cookie)

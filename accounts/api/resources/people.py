"""All resources of the people side."""

from accounts.api.browser_cookie import OPENID_ATTEMPT, SESSION, BrowserCookie
from accounts.api.resources.account_security import AccountSecurityResource
from accounts.api.resources.admin_users import AdminUsersResource
from accounts.api.resources.invitations import InvitationsResource
from accounts.api.resources.me import MeResource
from accounts.api.resources.openid import OpenIdResource
from accounts.api.resources.personal_tokens import PersonalTokensResource
from accounts.api.resources.registration import RegistrationResource
from accounts.api.resources.second_factor import SecondFactorResource
from accounts.api.resources.sessions import SessionsResource
from accounts.people.people import People


def people_resources(people: People, *, public_url: str) -> tuple[object, ...]:
    """Make them, in the order in which the document shows them.

    `public_url` is how browsers reach the server, or empty.
    """
    cookie = BrowserCookie(SESSION, public_url)
    return (
        RegistrationResource(people, cookie),
        SessionsResource(people, cookie),
        MeResource(people),
        AccountSecurityResource(people, cookie),
        SecondFactorResource(people),
        PersonalTokensResource(people),
        OpenIdResource(people, cookie, BrowserCookie(OPENID_ATTEMPT, public_url)),
        AdminUsersResource(people),
        InvitationsResource(people),
    )

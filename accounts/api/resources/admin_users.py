"""Users: what administrators do with other people's accounts."""

from pydantic import Field

from accounts.api.etag import etag_of
from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import ADMIN, Answer, Call, operation
from accounts.api.problem import CONFLICT, NOT_FOUND
from accounts.api.resources.cursors import read_cursor
from accounts.api.resources.people_problems import people_problems
from accounts.channels.written_text import REASON_CHARACTERS
from accounts.people.account import Account, AccountRole
from accounts.people.administration import AccountFilter
from accounts.people.email_address import EMAIL_CHARACTERS
from accounts.people.people import People


class UserView(ApiModel):
    """An account as administrators see it."""

    id: str
    email: str
    display_name: str
    role: AccountRole
    has_password: bool
    created_at: UtcTime
    signed_in_at: UtcTime | None
    suspended_at: UtcTime | None
    suspension_reason: str | None


class UserQuery(PageQuery):
    """Which accounts."""

    q: str = Field(
        "", max_length=EMAIL_CHARACTERS, description="Part of the name or of the address."
    )
    email: str | None = Field(None, max_length=EMAIL_CHARACTERS, description="The whole address.")
    role: AccountRole | None = None
    suspended: bool | None = None


class RoleEdit(ApiModel):
    """A role."""

    role: AccountRole


class Suspension(ApiModel):
    """Why an account is suspended; administrators see it."""

    reason: str = Field("", max_length=REASON_CHARACTERS)


class AdminUsersResource:
    """Finds, suspends, changes and deletes accounts."""

    def __init__(self, people: People) -> None:
        self._people = people

    @operation("GET", "/admin/users", tag="admin: users", access=ADMIN, scope="admin")
    async def list_users(self, call: Call, query: UserQuery) -> Listing[UserView]:  # noqa: ARG002 - all administrators see the same
        """List accounts, the newest first."""
        which = AccountFilter(
            words=query.q, email=query.email, role=query.role, is_suspended=query.suspended
        )
        cursor = read_cursor(query, int, str)
        page = await self._people.administration.page(which, query.limit, cursor)
        return Listing[UserView].of(page, _view_of)

    @operation(
        "GET",
        "/admin/users/{account_id}",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        has_etag=True,
        problems=(NOT_FOUND,),
    )
    async def read_user(self, call: Call, account_id: str) -> Answer[UserView]:  # noqa: ARG002 - see above
        """Read an account."""
        with people_problems():
            return _answer_of(await self._people.administration.find(account_id))

    @operation(
        "PUT",
        "/admin/users/{account_id}/role",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        edits=True,
        has_etag=True,
        problems=(NOT_FOUND, CONFLICT),
    )
    async def set_user_role(self, call: Call, account_id: str, body: RoleEdit) -> Answer[UserView]:
        """Make somebody else an administrator, or one no more."""
        _require_other(call, account_id)
        with people_problems():
            account = await self._people.administration.set_role(
                account_id, body.role, call.precondition.require
            )
        return _answer_of(account)

    @operation(
        "PUT",
        "/admin/users/{account_id}/suspension",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        has_etag=True,
        problems=(NOT_FOUND, CONFLICT),
    )
    async def suspend_user(self, call: Call, account_id: str, body: Suspension) -> Answer[UserView]:
        """Let nobody use an account: its log-ins end, and what it has live is cut."""
        with people_problems():
            account = await self._people.administration.suspend(
                account_id, body.reason, call.account_id
            )
        return _answer_of(account)

    @operation(
        "DELETE",
        "/admin/users/{account_id}/suspension",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        has_etag=True,
        problems=(NOT_FOUND,),
    )
    async def restore_user(self, call: Call, account_id: str) -> Answer[UserView]:
        """Let a suspended account be used again."""
        with people_problems():
            account = await self._people.administration.restore(account_id, call.account_id)
        return _answer_of(account)

    @operation(
        "DELETE",
        "/admin/users/{account_id}/sessions",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        problems=(NOT_FOUND,),
    )
    async def end_user_sessions(self, call: Call, account_id: str) -> None:  # noqa: ARG002 - see above
        """Sign somebody out everywhere."""
        with people_problems():
            await self._people.administration.find(account_id)
            await self._people.sessions.end_all(account_id)

    @operation(
        "DELETE",
        "/admin/users/{account_id}/second-factor",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        problems=(NOT_FOUND, CONFLICT),
    )
    async def remove_user_second_factor(self, call: Call, account_id: str) -> None:
        """Help somebody else who has lost app and recovery codes; all their log-ins end.

        They are told by mail.
        """
        _require_other(call, account_id)
        with people_problems():
            await self._people.administration.remove_second_factor(account_id)

    @operation(
        "POST",
        "/admin/users/{account_id}/password-reset",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        status=202,
        problems=(NOT_FOUND,),
    )
    async def reset_user_password(self, call: Call, account_id: str) -> None:  # noqa: ARG002 - see above
        """Mail somebody a link to choose a new password with."""
        with people_problems():
            account = await self._people.administration.find(account_id)
            await self._people.password_change.send_link(account.id, account.email)

    @operation(
        "DELETE",
        "/admin/users/{account_id}",
        tag="admin: users",
        access=ADMIN,
        scope="admin",
        problems=(NOT_FOUND, CONFLICT),
    )
    async def delete_user(self, call: Call, account_id: str) -> None:
        """Delete somebody else's account with its channels, at once and for good."""
        _require_other(call, account_id)
        with people_problems():
            await self._people.departure.delete(account_id, by_id=call.account_id)


def _require_other(call: Call, account_id: str) -> None:
    """Check that it is not one's own account: there, the same takes a proof of who asks."""
    if account_id == call.account_id:
        raise CONFLICT.because("This is your own account: use its settings, or another's help.")


def _answer_of(account: Account) -> Answer[UserView]:
    return Answer(_view_of(account), etag=etag_of(account.revision))


def _view_of(account: Account) -> UserView:
    return UserView(
        id=account.id,
        email=account.email,
        display_name=account.display_name,
        role=account.role,
        has_password=account.has_password,
        created_at=account.created_at_ms,
        signed_in_at=account.signed_in_at_ms,
        suspended_at=account.suspended_at_ms,
        suspension_reason=account.suspension_reason,
    )

"""Invitations: whom administrators let in."""

from typing import Any

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import ADMIN, Answer, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.cursors import read_cursor
from accounts.api.resources.people_fields import SIGN_IN, EmailField, ProvenPassword
from accounts.api.resources.people_problems import people_problems
from accounts.api.resources.proof import PROOF_PROBLEMS, prove
from accounts.people.account import AccountRole
from accounts.people.invitations import DAYS_MAX, USES_MAX, Invitation
from accounts.people.new_account import email_of
from accounts.people.people import People


class NewInvitationBody(ApiModel):
    """An invitation to make."""

    email: EmailField | None = Field(
        None, description="Whom it is for: it is mailed there, and good once. Null: for anybody."
    )
    role: AccountRole = "user"
    uses: int = Field(1, ge=1, le=USES_MAX, description="How many may use it, if for anybody.")
    days: int | None = Field(
        None, ge=1, le=DAYS_MAX, description="How long it is good; null: as the settings say."
    )
    password: ProvenPassword = None


class InvitationView(ApiModel):
    """An invitation, without its link."""

    id: str
    email: str | None
    role: AccountRole
    uses_left: int
    created_by: str | None
    created_at: UtcTime
    expires_at: UtcTime


class ShownInvitation(InvitationView):
    """A new invitation, with its link. Shown once."""

    link: str


class InvitationsResource:
    """Makes and withdraws invitations."""

    def __init__(self, people: People) -> None:
        self._people = people

    @operation("GET", "/admin/invitations", tag="admin: invitations", access=ADMIN, scope="admin")
    async def list_invitations(self, call: Call, query: PageQuery) -> Listing[InvitationView]:  # noqa: ARG002 - all administrators see the same
        """List invitations that are still good, the newest first."""
        page = await self._people.invitations.page(query.limit, read_cursor(query, int, str))
        return Listing[InvitationView].of(page, lambda each: InvitationView(**_fields(each)))

    @operation(
        "POST",
        "/admin/invitations",
        tag="admin: invitations",
        access=ADMIN,
        status=201,
        creates=True,
        shows_secret=True,
        problems=PROOF_PROBLEMS,
        account_throttle=SIGN_IN,
    )
    async def create_invitation(
        self, call: Call, body: NewInvitationBody
    ) -> Answer[ShownInvitation]:
        """Invite somebody. The link is in the answer, and in a mail if it is for an address.

        Who asks proves who they are; no personal token can.
        """
        with people_problems():
            await prove(self._people, call, body.password)
            made = await self._people.invitations.create(
                email=None if body.email is None else email_of(body.email),
                role=body.role,
                uses=body.uses,
                days=body.days,
                by_id=call.account_id,
            )
        view = ShownInvitation(**_fields(made.invitation), link=made.link)
        return Answer(view, location=f"/api/v1/admin/invitations/{made.invitation.id}")

    @operation(
        "DELETE",
        "/admin/invitations/{invitation_id}",
        tag="admin: invitations",
        access=ADMIN,
        scope="admin",
        problems=(NOT_FOUND,),
    )
    async def withdraw_invitation(self, call: Call, invitation_id: str) -> None:  # noqa: ARG002 - see above
        """Make an invitation void."""
        with people_problems():
            await self._people.invitations.withdraw(invitation_id)


def _fields(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "email": invitation.email,
        "role": invitation.role,
        "uses_left": invitation.uses_left,
        "created_by": invitation.created_by,
        "created_at": invitation.created_at_ms,
        "expires_at": invitation.expires_at_ms,
    }

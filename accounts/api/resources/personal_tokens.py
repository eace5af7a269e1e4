"""Personal tokens: what people give to their own programs."""

from typing import Any

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import USER, Answer, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.channel_problems import LIMIT_REACHED
from accounts.api.resources.people_fields import SIGN_IN, ProvenPassword
from accounts.api.resources.people_problems import people_problems
from accounts.api.resources.proof import PROOF_PROBLEMS, prove
from accounts.people.people import People
from accounts.people.personal_tokens import DAYS_MAX, PersonalToken
from accounts.people.scopes import SCOPES


class NewPersonalTokenBody(ApiModel):
    """A token to make."""

    name: str = Field(min_length=1, max_length=120)
    scopes: tuple[str, ...] = Field(
        min_length=1,
        max_length=len(SCOPES),
        description=" ".join(f"`{name}`: {text}." for name, text in SCOPES.items()),
    )
    days: int | None = Field(
        ge=1, le=DAYS_MAX, description="After how many days it expires; null: never."
    )
    password: ProvenPassword = None


class PersonalTokenView(ApiModel):
    """A token, without its text."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: UtcTime
    expires_at: UtcTime | None
    used_at: UtcTime | None


class PersonalTokensView(ApiModel):
    """All of one's own tokens."""

    items: tuple[PersonalTokenView, ...]


class ShownPersonalToken(PersonalTokenView):
    """A new token, with its text. Shown once."""

    token: str = Field(description="For `Authorization: Bearer`.")


class PersonalTokensResource:
    """Makes and revokes personal tokens."""

    def __init__(self, people: People) -> None:
        self._people = people

    @operation("GET", "/me/tokens", tag="personal tokens", access=USER)
    async def list_personal_tokens(self, call: Call) -> PersonalTokensView:
        """List one's own tokens, the newest first."""
        found = await self._people.personal_tokens.list_of(call.account_id)
        return PersonalTokensView(items=tuple(PersonalTokenView(**_fields(each)) for each in found))

    @operation(
        "POST",
        "/me/tokens",
        tag="personal tokens",
        access=USER,
        status=201,
        creates=True,
        shows_secret=True,
        problems=(*PROOF_PROBLEMS, LIMIT_REACHED),
        throttle=SIGN_IN,
    )
    async def create_personal_token(
        self, call: Call, body: NewPersonalTokenBody
    ) -> Answer[ShownPersonalToken]:
        """Make a token for a program, with as little reach as the program needs."""
        people = self._people
        with people_problems():
            await prove(people, call, body.password)
            made = await people.personal_tokens.create(
                call.account_id, body.name, frozenset(body.scopes), body.days
            )
        view = ShownPersonalToken(**_fields(made.token), token=made.text)
        return Answer(view, location=f"/api/v1/me/tokens/{made.token.id}")

    @operation(
        "DELETE",
        "/me/tokens/{token_id}",
        tag="personal tokens",
        access=USER,
        problems=(NOT_FOUND,),
    )
    async def revoke_personal_token(self, call: Call, token_id: str) -> None:
        """Make a token void at once."""
        with people_problems():
            await self._people.personal_tokens.revoke(call.account_id, token_id)


def _fields(token: PersonalToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at_ms,
        "expires_at": token.expires_at_ms,
        "used_at": token.used_at_ms,
    }

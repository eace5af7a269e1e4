"""Me: one's own account and profile, and the profiles of others."""

from typing import Any

from pydantic import Field

from accounts.api.etag import etag_of
from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import ANYBODY, USER, Answer, Call, RawBody, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.people_fields import PICTURE
from accounts.api.resources.people_problems import people_problems
from accounts.api.resources.picture_quota import PICTURE_QUOTA
from accounts.images import AVATAR, MEDIA_TYPE, PICTURE_BYTES, PICTURE_TYPES, picture_file
from accounts.people.account import Account, AccountRole, Link
from accounts.people.people import People
from accounts.people.profile import ProfileChange
from accounts.people.profile_text import (
    BIO_CHARACTERS,
    DISPLAY_NAME_CHARACTERS,
    LINK_TITLE_CHARACTERS,
    LINK_URL_CHARACTERS,
    LINKS_MAX,
)
from accounts.people.settings import RegistrationMode

_FOR_EVER = "public, max-age=31536000, immutable"


class ProfileLink(ApiModel):
    """A link of a profile."""

    title: str = Field(max_length=2 * LINK_TITLE_CHARACTERS)
    url: str = Field(max_length=2 * LINK_URL_CHARACTERS)


class AvatarView(ApiModel):
    """Where a profile's picture is, in two sizes."""

    small: str = Field(description="64 pixels wide and high.")
    large: str = Field(description="256 pixels wide and high.")


class ProfileView(ApiModel):
    """What everybody can see of a person."""

    id: str
    display_name: str
    bio: str
    links: tuple[ProfileLink, ...]
    avatar: AvatarView | None


class MeView(ProfileView):
    """What people see of themselves."""

    email: str
    role: AccountRole
    has_password: bool
    created_at: UtcTime


class CurrentSession(ApiModel):
    """Who is signed in here, if anybody, and how others come in."""

    account: MeView | None
    registration: RegistrationMode = Field(description="Who may make an account.")


class ProfileEdit(ApiModel):
    """What to change; what is left out, or null, stays as it is."""

    display_name: str | None = Field(None, max_length=2 * DISPLAY_NAME_CHARACTERS)
    bio: str | None = Field(None, max_length=2 * BIO_CHARACTERS)
    links: tuple[ProfileLink, ...] | None = Field(None, max_length=2 * LINKS_MAX)


class MeResource:
    """Shows and changes profiles."""

    def __init__(self, people: People) -> None:
        self._people = people

    @operation("GET", "/session", tag="me", access=ANYBODY)
    async def read_current_session(self, call: Call) -> CurrentSession:
        """Say who is signed in, if anybody, and who may register: what a page asks first.

        A personal token is no log-in: it is told nothing here.
        """
        mode = self._people.registration.mode
        if call.caller.session_id is None:
            return CurrentSession(account=None, registration=mode)
        with people_problems():
            account = await self._people.profiles.own(call.account_id)
        return CurrentSession(account=_own_view(account), registration=mode)

    @operation("GET", "/me", tag="me", access=USER, scope="profile:read", has_etag=True)
    async def read_me(self, call: Call) -> Answer[MeView]:
        """Read one's own account."""
        with people_problems():
            account = await self._people.profiles.own(call.account_id)
        return _own_answer(account)

    @operation(
        "PATCH", "/me", tag="me", access=USER, scope="profile:write", edits=True, has_etag=True
    )
    async def edit_me(self, call: Call, body: ProfileEdit) -> Answer[MeView]:
        """Change one's own profile."""
        links = None
        if body.links is not None:
            links = tuple(Link(title=each.title, url=each.url) for each in body.links)
        change = ProfileChange(display_name=body.display_name, bio=body.bio, links=links)
        with people_problems():
            account = await self._people.profiles.change(
                call.account_id, change, call.precondition.require
            )
        return _own_answer(account)

    @operation(
        "PUT",
        "/me/avatar",
        tag="me",
        access=USER,
        scope="profile:write",
        edits=True,
        has_etag=True,
        raw_body=PICTURE_TYPES,
        body_limit_bytes=PICTURE_BYTES,
        throttle=PICTURE,
        account_throttle=PICTURE_QUOTA,
    )
    async def set_avatar(self, call: Call) -> Answer[MeView]:
        """Send a picture of oneself: JPEG, PNG, WebP or GIF, up to 5 MiB.

        It is drawn anew as a square; nothing else of the file is kept, such as where it was taken.
        """
        with people_problems():
            account = await self._people.profiles.set_avatar(
                call.account_id, call.raw, call.precondition.require
            )
        return _own_answer(account)

    @operation(
        "DELETE",
        "/me/avatar",
        tag="me",
        access=USER,
        scope="profile:write",
        edits=True,
        has_etag=True,
    )
    async def remove_avatar(self, call: Call) -> Answer[MeView]:
        """Show no picture any more."""
        with people_problems():
            account = await self._people.profiles.remove_avatar(
                call.account_id, call.precondition.require
            )
        return _own_answer(account)

    @operation(
        "GET", "/accounts/{account_id}", tag="profiles", access=ANYBODY, problems=(NOT_FOUND,)
    )
    async def read_profile(self, call: Call, account_id: str) -> ProfileView:  # noqa: ARG002 - all see the same
        """Read what everybody can see of a person."""
        with people_problems():
            account = await self._people.profiles.public(account_id)
        return ProfileView(**_public_fields(account))

    @operation(
        "GET",
        "/pictures/{file_name}",
        tag="profiles",
        access=ANYBODY,
        raw_answer=(MEDIA_TYPE,),
        problems=(NOT_FOUND,),
    )
    async def read_picture(self, call: Call, file_name: str) -> RawBody:  # noqa: ARG002 - all see the same
        """Read a picture. Its address never shows another one."""
        content = await self._people.pictures.read(file_name)
        if content is None:
            raise NOT_FOUND.because()
        return RawBody(content, MEDIA_TYPE, {"Cache-Control": _FOR_EVER})


def avatar_view(name: str | None) -> AvatarView | None:
    """Say where a picture is in its sizes."""
    if name is None:
        return None
    small, large = (f"/api/v1/pictures/{picture_file(name, width)}" for width in AVATAR.widths)
    return AvatarView(small=small, large=large)


def _own_answer(account: Account) -> Answer[MeView]:
    return Answer(_own_view(account), etag=etag_of(account.revision))


def _own_view(account: Account) -> MeView:
    return MeView(
        **_public_fields(account),
        email=account.email,
        role=account.role,
        has_password=account.has_password,
        created_at=account.created_at_ms,
    )


def _public_fields(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "display_name": account.display_name,
        "bio": account.bio,
        "links": tuple(ProfileLink(title=each.title, url=each.url) for each in account.links),
        "avatar": avatar_view(account.avatar),
    }

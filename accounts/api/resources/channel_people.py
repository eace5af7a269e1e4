"""People whom a channel's owner or moderators look for: /channels/{channel}/people."""

from typing import Final

from pydantic import Field

from accounts.api.model import ApiModel, Listing
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_problems import REFUSALS, asker_of, explained
from accounts.api.resources.channel_views import PersonView, person_view
from accounts.api.throttle import Throttle
from accounts.channels.person_lookup import FoundPerson, PersonLookup
from accounts.people.profile_text import DISPLAY_NAME_CHARACTERS
from accounts.storage import Page

# Two names typed at once, letter by letter; nobody reads the list of all accounts that way.
LOOKUP: Final = Throttle("lookup", burst=40, per_minute=60)
_FOUND_MAX: Final = 20


class PeopleQuery(ApiModel):
    """Whom to look for."""

    q: str = Field(
        min_length=1,
        max_length=DISPLAY_NAME_CHARACTERS,
        description="How the name begins, whatever its capitals and accents; or a channel's name.",
    )
    limit: int = Field(8, ge=1, le=_FOUND_MAX, description="How many at most.")


class FoundPersonView(ApiModel):
    """Somebody, as everybody may know them, and what they are to the channel."""

    person: PersonView
    channels: tuple[str, ...] = Field(
        description="Some channels of theirs that are listed: two people may have one name."
    )
    is_moderator: bool
    is_banned: bool


class ChannelPeopleResource:
    """Finds people by name."""

    def __init__(self, lookup: PersonLookup) -> None:
        self._lookup = lookup

    @operation(
        "GET",
        "/channels/{channel}/people",
        tag="moderation",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
        throttle=LOOKUP,
    )
    async def find_people(
        self, call: Call, channel: str, query: PeopleQuery
    ) -> Listing[FoundPersonView]:
        """Find people by how their names begin, for a channel's owner and moderators.

        There is one page of them: who is not on it is found by more of the name.
        """
        with explained():
            found = await self._lookup.by_name(channel, asker_of(call), query.q, query.limit)
        return Listing[FoundPersonView].of(Page(found, None), _view)


def _view(found: FoundPerson) -> FoundPersonView:
    return FoundPersonView(
        person=person_view(found.person),
        channels=found.channels,
        is_moderator=found.is_moderator,
        is_banned=found.is_banned,
    )

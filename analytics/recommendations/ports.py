"""What recommendations need to know of channels. Implemented in `config`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.api.resources.channel_views import ChannelCard
from analytics.recommendations.ranking import Candidate
from analytics.recommendations.taste import Traits


@dataclass(frozen=True, slots=True)
class LiveChannel:
    """A live channel to be ranked, and as it is shown."""

    candidate: Candidate
    card: ChannelCard


class Catalogue(Protocol):
    """Knows the channels."""

    async def live_for(self, account_id: str) -> Sequence[LiveChannel]:
        """Return what is live and listed and what the account may watch, but none of its own."""
        ...

    async def traits_of(self, channel_ids: Collection[str]) -> Mapping[str, Traits]:
        """Return what channels are like, by id; those that are gone are left out."""
        ...

    async def followed_by(self, account_id: str) -> Collection[str]:
        """Return the ids of the channels that an account follows."""
        ...

    async def names_of(self, channel_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of channels, by id."""
        ...

    async def watchable(self, name: str, account_id: str) -> str | None:
        """Return the id of a channel that is live and that the account may watch, or None."""
        ...

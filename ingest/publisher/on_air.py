"""OnAir: who publishes on which channel. At most one publisher per channel."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ingest.ports import Grant


class Claim(Enum):
    """What became of a claim to a channel."""

    TAKEN = "taken"
    BUSY = "busy"  # somebody else is on air
    OUTDATED = "outdated"  # the same publisher has connected anew meanwhile


@dataclass(frozen=True, slots=True)
class _Holder:
    publisher_id: int
    principal: str
    give_way: Callable[[], None]


class OnAir:
    """Gives each channel to one publisher at a time.

    An encoder that lost its line comes back long before the server's end of the old connection
    notices, so that the newer of two connections with the same principal always wins.
    """

    def __init__(self) -> None:
        self._holders: dict[str, _Holder] = {}

    def claim(self, grant: Grant, publisher_id: int, give_way: Callable[[], None]) -> Claim:
        """Take a channel, from an older publisher with the same principal if need be.

        `publisher_id` rises with each attempt to publish. The older publisher's `give_way` is
        called before this returns.
        """
        holder = self._holders.get(grant.channel)
        if holder is not None:
            if holder.principal != grant.principal:
                return Claim.BUSY
            if holder.publisher_id > publisher_id:
                return Claim.OUTDATED
            holder.give_way()
        self._holders[grant.channel] = _Holder(publisher_id, grant.principal, give_way)
        return Claim.TAKEN

    def principal_of(self, channel: str) -> str | None:
        """Return the principal of who is on air on a channel, if anybody is."""
        holder = self._holders.get(channel)
        return None if holder is None else holder.principal

    def release(self, channel: str, publisher_id: int) -> None:
        """Leave a channel, unless somebody else holds it by now."""
        holder = self._holders.get(channel)
        if holder is not None and holder.publisher_id == publisher_id:
            del self._holders[channel]

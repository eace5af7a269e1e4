"""ChannelsContext: what every service of the channel side works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from accounts.channels.settings import ChannelsSettings
from accounts.ports import Clock, Emit
from accounts.search.index import SearchIndex
from accounts.storage import Database

Enforce = Callable[[str], Awaitable[None]]
"""Told the name of a channel whose rules have changed, after the change is there for all.

Returns when the change is in force in this process.
"""


async def enforced_elsewhere(name: str) -> None:
    """Do nothing: for processes without live channels. Those that have some see the notes."""


@dataclass(frozen=True, slots=True)
class ChannelsContext:
    """The world, as the services know it."""

    database: Database
    clock: Clock
    emit: Emit
    settings: ChannelsSettings
    search: SearchIndex
    enforce: Enforce = enforced_elsewhere

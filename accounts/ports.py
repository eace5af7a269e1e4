"""What accounts needs from the world. Adapters are named in `config` alone."""

from collections.abc import Callable, Collection
from typing import Protocol

from accounts.events import AccountsEvent

Clock = Callable[[], int]
"""Reads the wall clock, in milliseconds since 1970 (UTC)."""

Emit = Callable[[AccountsEvent], None]
"""Takes one event. Does not wait and raises nothing."""


class LiveControl(Protocol):
    """Knows who is live and can end it."""

    def live_channels(self) -> Collection[str]:
        """Return the names of the channels that viewers can ask for here."""
        ...

    def principal_of(self, channel: str) -> str | None:
        """Return the principal by which the channel's publisher on air here was let in, if any."""
        ...

    def cut(self, channel: str, reason: str, *, ends_show: bool) -> bool:
        """Disconnect the channel's publisher; return whether there was one, or a show to end.

        `ends_show` also takes all that the channel has from its viewers; otherwise they wait for
        the next publisher. `reason` is shown to the streamer and logged: it holds no secret.
        """
        ...


class MailSender(Protocol):
    """Delivers mail, later and elsewhere."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """Accept one message of plain text; returns before it is delivered."""
        ...

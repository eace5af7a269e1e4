"""ChatContext: what every service of rooms works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from accounts.channels.channel import Channel
from accounts.chat.hushed import Hushed
from accounts.chat.rooms import Rooms
from accounts.chat.settings import ChatSettings
from accounts.chat.speakers import Speakers
from accounts.chat.voices import Voices
from accounts.ports import Clock
from accounts.storage import Database

OpenedBy = Callable[[str, str], Awaitable[Channel | None]]
"""Returns the channel of a name if a token is leave to watch it."""


@dataclass(frozen=True, slots=True)
class ChatContext:
    """The world, as the services know it. `wake` has what was done told soon."""

    database: Database
    clock: Clock
    settings: ChatSettings
    rooms: Rooms
    speakers: Speakers
    voices: Voices
    hushed: Hushed
    opened_by: OpenedBy
    wake: Callable[[], None]

    def changed(self, channel_id: str) -> None:
        """Let what was changed in a room hold in this process from now on."""
        self.rooms.forget(channel_id)
        self.wake()

"""Topics: what clients may ask to hear of, and the keys by which the bus knows them. Pure.

A client says `me`; the bus knows whose. Some of a channel's events are only for its people: they
go by a key of their own, which comes with `channel:NAME` for who may hear them.
"""

import re
from dataclasses import dataclass
from typing import Final, NewType

Key = NewType("Key", str)
"""What the bus knows a topic by."""

ME: Final = "me"
LIVE: Final = "live"
LIVE_KEY: Final = Key("live")
_CHANNEL: Final = "channel:"
# Lower case alone, as channels are kept; whether there is such a channel others know.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)


class TopicError(ValueError):
    """The text names no topic."""


@dataclass(frozen=True, slots=True)
class ChannelTopic:
    """What happens on one channel."""

    name: str

    @property
    def text(self) -> str:
        """How clients write it."""
        return _CHANNEL + self.name


def parse_topic(text: str) -> ChannelTopic | str:
    """Read what a client wrote: a ChannelTopic, ME or LIVE. Raises TopicError."""
    if text in {ME, LIVE}:
        return text
    name = text.removeprefix(_CHANNEL).lower()
    if not text.startswith(_CHANNEL) or _NAME.fullmatch(name) is None:
        raise TopicError("expected 'channel:NAME', 'me' or 'live'")
    return ChannelTopic(name)


def channel_key(channel_id: str) -> Key:
    """Return the key of what everybody hears who may hear of a channel."""
    return Key(f"channel:{channel_id}")


def staff_key(channel_id: str) -> Key:
    """Return the key of what a channel's own people hear."""
    return Key(f"staff:{channel_id}")


def account_key(account_id: str) -> Key:
    """Return the key of what one account hears as `me`."""
    return Key(f"account:{account_id}")

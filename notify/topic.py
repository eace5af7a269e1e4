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
_CHAT: Final = "chat:"
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


@dataclass(frozen=True, slots=True)
class ChatTopic:
    """What is said in one channel's room."""

    name: str

    @property
    def text(self) -> str:
        """How clients write it."""
        return _CHAT + self.name


def parse_topic(text: str) -> ChannelTopic | ChatTopic | str:
    """Read what a client wrote: a ChannelTopic, a ChatTopic, ME or LIVE. Raises TopicError."""
    if text in {ME, LIVE}:
        return text
    prefix, colon, rest = text.partition(":")
    name = rest.lower()
    if _NAME.fullmatch(name) is not None:
        if prefix + colon == _CHANNEL:
            return ChannelTopic(name)
        if prefix + colon == _CHAT:
            return ChatTopic(name)
    raise TopicError("expected 'channel:NAME', 'chat:NAME', 'me' or 'live'")


def channel_key(channel_id: str) -> Key:
    """Return the key of what everybody hears who may hear of a channel."""
    return Key(f"channel:{channel_id}")


def staff_key(channel_id: str) -> Key:
    """Return the key of what a channel's own people hear."""
    return Key(f"staff:{channel_id}")


def account_key(account_id: str) -> Key:
    """Return the key of what one account hears as `me`."""
    return Key(f"account:{account_id}")


def chat_key(channel_id: str) -> Key:
    """Return the key of what everybody hears in a channel's room."""
    return Key(f"chat:{channel_id}")


def chat_staff_key(channel_id: str) -> Key:
    """Return the key of what a channel's own people hear in its room."""
    return Key(f"chatstaff:{channel_id}")


def chat_account_key(channel_id: str, account_id: str) -> Key:
    """Return the key of what one account hears in a channel's room about itself."""
    return Key(f"chat:{channel_id}:{account_id}")

"""What webhooks can be told of. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from accounts.facts import Fact


class EventKind(StrEnum):
    """Names of events, as listeners of `/ws` know them."""

    LIVE = "channel.live"
    OFFLINE = "channel.offline"
    CHANGED = "channel.changed"
    FOLLOWER = "follower.gained"


TEST_KIND = "webhook.test"
"""What the test button sends. Nobody chooses it: it goes to every webhook that is tested."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Something that has happened, as it is told. `members` are JSON."""

    kind: EventKind
    members: Mapping[str, Any]


EventOf = Callable[[Fact], WebhookEvent | None]
"""Says what webhooks are told of a fact; None for nothing."""

"""LiveRules: what this process must know of channels on air, in memory, to answer at once.

Pure: rows come from whoever reads them. A channel without a rule here may neither be published to
nor watched, so that whatever goes wrong with reading shuts rather than opens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from accounts.channels.visibility import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRule:
    """How one channel is to be served now.

    `shut_out` is since when (unix ms) tokens of a viewer are void: those issued then or before.
    `tokens_void_ms` is the same for everybody's. `is_closed`: banned, or its owner's account is.
    """

    channel_id: str
    name: str
    visibility: Visibility
    is_closed: bool
    latency_profile: str
    grace_s: int
    tokens_void_ms: int = 0
    shut_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GrantedKey:
    """The stream key, at one turn of its rotation, that a publisher was let in with."""

    key_id: str
    turn: int


class LiveRules:
    """The rules of channels that are, or may soon be, on air here, by name."""

    def __init__(self) -> None:
        self._rules: dict[str, ChannelRule] = {}
        self._granted: dict[str, GrantedKey] = {}

    def get(self, name: str) -> ChannelRule | None:
        """Return the channel's rule, if it is known here."""
        return self._rules.get(name)

    def put(self, rule: ChannelRule) -> None:
        """Know a channel, or know better."""
        self._rules[rule.name] = rule

    def close(self, name: str) -> None:
        """Serve the channel no more; a later `put` decides anew."""
        rule = self._rules.get(name)
        if rule is not None:
            self._rules[name] = replace(rule, is_closed=True)

    def grant(self, name: str, key: GrantedKey) -> None:
        """Remember by which key the channel's publisher was let in."""
        self._granted[name] = key

    def granted_key(self, name: str) -> GrantedKey | None:
        """Return the key of the channel's last publisher."""
        return self._granted.get(name)

    def forget(self, name: str) -> None:
        """Know the channel no more."""
        self._rules.pop(name, None)
        self._granted.pop(name, None)

    def __iter__(self) -> Iterator[ChannelRule]:
        return iter(list(self._rules.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._rules

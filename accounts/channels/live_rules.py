"""LiveRules: what this process must know of channels on air, in memory, to answer at once.

Pure: rows come from whoever reads them. A channel without a rule here may neither be published to
nor watched, so that whatever goes wrong with reading shuts rather than opens.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

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


# Several encoders of a channel may take turns. The oldest is forgotten, and looked up again.
_KEYS_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True)
class GrantedKey:
    """A stream key, at one turn of its rotation, that was found good."""

    key_id: str
    turn: int
    digest: bytes = field(repr=False)

    @property
    def principal(self) -> str:
        """Name the key at this turn to ingest, without its secret."""
        return f"{self.key_id}.{self.turn}"


class LiveRules:
    """The rules of channels that are, or may soon be, on air here, by name."""

    def __init__(self) -> None:
        self._rules: dict[str, ChannelRule] = {}
        self._granted: dict[str, dict[str, GrantedKey]] = {}

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
        """Remember a key that the channel may be published to with."""
        keys = self._granted.setdefault(name, {})
        keys.pop(key.key_id, None)  # an older turn
        keys[key.key_id] = key
        if len(keys) > _KEYS_REMEMBERED:
            del keys[next(iter(keys))]

    def revoke(self, name: str, principal: str) -> None:
        """Remember a key no more."""
        keys = self._granted.get(name, {})
        for key in [each for each in keys.values() if each.principal == principal]:
            del keys[key.key_id]

    def granted_by(self, digest: bytes) -> tuple[str, GrantedKey] | None:
        """Return the open channel that a remembered key opens, and the key."""
        for name, keys in self._granted.items():
            rule = self._rules.get(name)
            if rule is None or rule.is_closed:
                continue
            for key in keys.values():
                if hmac.compare_digest(key.digest, digest):
                    return name, key
        return None

    def forget(self, name: str) -> None:
        """Know the channel no more."""
        self._rules.pop(name, None)
        self._granted.pop(name, None)

    def __iter__(self) -> Iterator[ChannelRule]:
        return iter(list(self._rules.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._rules

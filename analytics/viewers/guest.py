"""Guest: who asks on a connection, as far as it matters for counting. Pure."""

import hashlib
from functools import lru_cache
from typing import Final, NamedTuple

from accounts.api.client_address import network_of
from analytics.viewers.agents import player_of

_HASH_BYTES: Final = 8
_AGENT_CHARACTERS: Final = 512


class Guest(NamedTuple):
    """An address with a program on it. `player` is None for a robot.

    `origin` stands for the address (an IPv6 /64), `visitor` for both: numbers that mean nothing
    outside of this process. `is_exempt`: so many people may share the address that it says nothing.
    """

    address: str
    agent: str
    player: str | None
    origin: int
    visitor: int
    is_exempt: bool


class GuestBook:
    """Makes guests. `secret` is this process's own."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._number_of = lru_cache(maxsize=1024)(self._compute_number)

    def guest(self, address: str, agent: str, *, is_exempt: bool = False) -> Guest:
        """Say who that is."""
        agent = agent[:_AGENT_CHARACTERS]
        network = network_of(address)
        return Guest(
            network,
            agent,
            player_of(agent),
            self._number_of(network),
            self._number_of(f"{network}\n{agent}"),
            is_exempt,
        )

    def _compute_number(self, text: str) -> int:
        encoded = text.encode("utf-8", "surrogateescape")
        digest = hashlib.blake2b(encoded, digest_size=_HASH_BYTES, key=self._secret).digest()
        return int.from_bytes(digest)


def viewer_hash(salt: bytes, guest: Guest) -> str:
    """Return what is kept of a guest: 16 hexadecimal digits that only the day's salt can repeat."""
    text = f"{guest.address}\n{guest.agent}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=_HASH_BYTES, key=salt).hexdigest()

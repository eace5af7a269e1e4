"""Secret tokens: 256 random bits as text for whoever holds them, a digest for us.

So much randomness needs no slow hash: nobody can search it. Prefixes let scanners of leaked
secrets, and people, tell what they found.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

_RANDOM_BYTES: Final = 32
_TEXT_LENGTH: Final = 43  # 32 bytes in base64url without padding
DIGEST_BYTES: Final = 32

SESSION_PREFIX: Final = "rcs_"  # a browser's session
REFRESH_PREFIX: Final = "rcr_"  # an API client's
PERSONAL_PREFIX: Final = "rcp_"
ONE_TIME_PREFIX: Final = "rco_"  # mailed, or shown once
INVITATION_PREFIX: Final = "rci_"

TOKEN_CHARACTERS: Final = len(ONE_TIME_PREFIX) + _TEXT_LENGTH
REFRESH_CHARACTERS: Final = len(REFRESH_PREFIX) + 2 * _TEXT_LENGTH


def new_token(prefix: str) -> str:
    """Make a token that nobody can guess."""
    return prefix + secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(token: str) -> bytes:
    """Return what is stored and looked up in place of the token.

    An index on digests may be searched in any time: who can choose digests cannot choose tokens.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What renews an API client's access: a part that stays, and one that changes at every use.

    Both are secret. Whoever sends the right `family` with a wrong `turn` holds a token of this
    log-in that was used before: one of the two who have it is not its owner.
    """

    family: str = field(repr=False)
    turn: str = field(repr=False)

    @classmethod
    def begin(cls) -> "RefreshToken":
        """Make the first token of a log-in."""
        return cls(secrets.token_urlsafe(_RANDOM_BYTES), secrets.token_urlsafe(_RANDOM_BYTES))

    @classmethod
    def parse(cls, text: str) -> "RefreshToken | None":
        """Read what a client sent; None if it cannot be one."""
        if len(text) != REFRESH_CHARACTERS or not text.startswith(REFRESH_PREFIX):
            return None
        both = text.removeprefix(REFRESH_PREFIX)
        return cls(both[:_TEXT_LENGTH], both[_TEXT_LENGTH:])

    def next(self) -> "RefreshToken":
        """Make the token that follows."""
        return RefreshToken(self.family, secrets.token_urlsafe(_RANDOM_BYTES))

    def reveal(self) -> str:
        """Return the text for the client."""
        return REFRESH_PREFIX + self.family + self.turn

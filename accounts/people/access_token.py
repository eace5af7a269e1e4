"""AccessTokens: short-lived JWTs that API clients send with every request (RFC 9068).

HS256 alone, with a key of the server's key ring named by `kid`. Pure but for the keys.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from accounts.key_ring import DerivedKeys

if TYPE_CHECKING:
    from jwt.types import Options

_ALGORITHM: Final = "HS256"
_TYPE: Final = "at+jwt"  # RFC 9068, 2.1: no other kind of JWT can be taken for it
ISSUER: Final = "rillcast"
AUDIENCE: Final = "rillcast-api"
_REMEMBERED: Final = 5_000  # tokens, of some 400 characters
_REQUIRED: Final = ("iss", "aud", "sub", "sid", "iat", "exp")
# The time is checked here against the injected clock, everything else by PyJWT.
_OPTIONS: Final["Options"] = {"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False}


class AccessTokenError(Exception):
    """The text is no access token of this server, or no longer. Does not repeat it."""


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """What a token says: the account, and the session that it belongs to."""

    account_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found in a token that is ours."""

    grant: AccessGrant
    expires_ms: int


class AccessTokens:
    """Makes and reads access tokens. Each server has keys of its own.

    A token that is ours stays ours: what was read in one is remembered by its whole text, so that
    its signature is checked once. That it has not expired is checked each time.
    """

    def __init__(self, keys: DerivedKeys, lifetime_ms: int) -> None:
        self._keys = keys
        self._lifetime_ms = lifetime_ms
        self._read: OrderedDict[str, _Read] = OrderedDict()

    def issue(self, grant: AccessGrant, now_ms: int) -> tuple[str, int]:
        """Return a token and when it expires, in unix ms."""
        import jwt  # noqa: PLC0415 - see accounts/later.py

        issued_s = now_ms // 1000
        expires_s = issued_s + max(1, self._lifetime_ms // 1000)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": grant.account_id,
            "sid": grant.session_id,
            "iat": issued_s,
            "exp": expires_s,
        }
        headers = {"kid": self._keys.newest_id, "typ": _TYPE}
        return jwt.encode(claims, self._keys.newest, _ALGORITHM, headers=headers), expires_s * 1000

    def read(self, token: str, now_ms: int) -> AccessGrant:
        """Check a token. Raises AccessTokenError.

        The key is looked up by `kid` among ours, never fetched or taken from the token; the
        algorithm is ours whatever the header says (RFC 8725, 3.1).
        """
        found = self._read.get(token)
        if found is None:
            found = self._read[token] = self._verified(token)
            if len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        if found.expires_ms <= now_ms:
            raise AccessTokenError("expected a token that has not expired")
        return found.grant

    def _verified(self, token: str) -> _Read:
        import jwt  # noqa: PLC0415 - see accounts/later.py

        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            key = self._keys.by_id.get(key_id) if isinstance(key_id, str) else None
            if key is None or header.get("typ") != _TYPE:
                raise AccessTokenError("expected a token that this server made")
            claims = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options=_OPTIONS,
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise AccessTokenError("expected a token that this server made") from None
        return _read(claims)


def _read(claims: dict[str, Any]) -> _Read:
    subject, session, expires_s = claims["sub"], claims["sid"], claims["exp"]
    if not (isinstance(subject, str) and isinstance(session, str) and type(expires_s) is int):
        raise AccessTokenError("expected a token that this server made")
    return _Read(AccessGrant(subject, session), expires_s * 1000)

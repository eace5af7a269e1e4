"""Settings of the people side: who may register, how long log-ins last, what hashing costs."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

RegistrationMode = Literal["open", "invitation", "closed"]

_ISSUER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
_HOUR_S: Final = 3600.0
_DAY_S: Final = 24 * _HOUR_S


def _require_positive(settings: object, *names: str) -> None:
    for name in names:
        value = getattr(settings, name)
        if value <= 0:
            raise ValueError(f"{name}: expected more than 0, got {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationSettings:
    """Who may make an account.

    `mode`: "open" to everybody, by "invitation" of an administrator, or "closed". `link_s` is how
    long the mailed link to finish a registration is good, `invitation_s` how long an invitation
    is unless it says otherwise.
    """

    mode: RegistrationMode = "invitation"
    link_s: float = _DAY_S
    invitation_s: float = 7 * _DAY_S

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _require_positive(self, "link_s", "invitation_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """How long log-ins last.

    `access_token_s`: an API client's access token, which is renewed with its refresh token.
    `idle_s`: a log-in that nobody used for so long ends; `longest_s`: every log-in ends then.
    `fresh_s`: how old the last proof of a secret may be for what could lock its owner out.
    `per_account`: log-ins at one time; the one that was unused longest makes room.
    `personal_tokens`: how many tokens for programs an account may have.
    """

    access_token_s: float = 600.0
    idle_s: float = 30 * _DAY_S
    longest_s: float = 180 * _DAY_S
    fresh_s: float = 900.0
    per_account: int = 50
    personal_tokens: int = 25

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _require_positive(
            self,
            "access_token_s",
            "idle_s",
            "longest_s",
            "fresh_s",
            "per_account",
            "personal_tokens",
        )
        if self.access_token_s > _DAY_S:
            raise ValueError(
                f"access_token_s: expected at most {_DAY_S}, got {self.access_token_s}"
            )
        if self.longest_s < self.idle_s:
            raise ValueError(f"longest_s: expected idle_s or more, got {self.longest_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSettings:
    """What checking a password costs: argon2id.

    `memory_kib`, `passes` and `lanes` are its parameters; stored hashes follow when their owners
    sign in next. `threads` bounds how many are computed at once, `queue` how many may wait.
    `reset_link_s` is how long a mailed link to choose a new password is good.
    """

    # Of the five pairs that OWASP's Password Storage Cheat Sheet calls equally strong, the one that
    # takes the least time and memory: live streams run on the same machine.
    memory_kib: int = 7 * 1024
    passes: int = 5
    lanes: int = 1
    threads: int = 2
    queue: int = 32
    reset_link_s: float = _HOUR_S

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _require_positive(self, "passes", "lanes", "threads", "queue", "reset_link_s")
        if self.memory_kib < 8 * self.lanes:  # RFC 9106, 3.1
            raise ValueError(f"memory_kib: expected 8 per lane or more, got {self.memory_kib}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdIssuer:
    """Somebody else whom people can sign in with: any OpenID Connect issuer.

    `issuer` is its address as it names itself; its own description is read from there.
    `client_id` and `client_secret` are what it has given to this server; the address to register
    there is PUBLIC_URL/api/v1/openid/NAME/callback. `title` is what the button says.
    `may_register`: whether people without an account get one, as far as `registration.mode` lets
    them. `allow_http` lets the issuer be reached without TLS: for a network that you trust.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    title: str = ""
    may_register: bool = True
    allow_http: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        schemes = ("https://", "http://") if self.allow_http else ("https://",)
        if not self.issuer.startswith(schemes):
            raise ValueError(f"issuer: expected an https address, got {self.issuer!r}")
        if not self.client_id:
            raise ValueError("client_id: expected what the issuer has given, got nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSettings:
    """Signing in with others: `issuers` by a name that stands in addresses, such as "google".

    `timeout_s` bounds each question to an issuer, `answer_bytes` each of its answers.
    """

    issuers: dict[str, OpenIdIssuer] = field(default_factory=dict)
    timeout_s: float = 10.0
    answer_bytes: int = 256 * 1024

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _require_positive(self, "timeout_s", "answer_bytes")
        for name in self.issuers:
            if _ISSUER_NAME.fullmatch(name) is None:
                raise ValueError(
                    "issuers: expected names of lower-case letters, digits and hyphens, "
                    f"got {name!r}"
                )

"""Caller: who sent a request, and what they may ask for."""

from dataclasses import dataclass, field
from typing import Final, Literal

Role = Literal["anonymous", "user", "admin"]
Via = Literal["cookie", "bearer", "personal-token", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. `scopes` bound what a personal token may do; other callers have ALL_SCOPES.

    `session_id` names the log-in behind a cookie or an access token.
    """

    account_id: str | None
    role: Role
    scopes: frozenset[str] = field(default_factory=frozenset)
    via: Via
    session_id: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether somebody has signed in."""
        return self.account_id is not None

    @property
    def is_admin(self) -> bool:
        """Whether the caller may do what only administrators may."""
        return self.role == "admin"

    def has_scope(self, scope: str) -> bool:
        """Whether the caller's token reaches this far."""
        return self.via != "personal-token" or scope in self.scopes


ANONYMOUS: Final = Caller(account_id=None, role="anonymous", via="none")

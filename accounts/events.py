"""What happens to people and channels, told to whoever was given as `emit`.

Events are facts in the past tense. They hold ids and public names, never a secret, and are told
after the transaction that made them true has been committed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsEvent:
    """Something has happened. `at_ms` is when, in milliseconds since 1970 (UTC)."""

    at_ms: int

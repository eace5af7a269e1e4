"""What can keep the people side from doing what was asked.

    PeopleError
    ├── InvalidFieldsError          values are wrong: which, and what was expected
    ├── WrongCredentialsError       unknown account or wrong secret, never which of them
    ├── SecondFactorRequiredError   the first secret was right; a code is wanted as well
    ├── TooManyGuessesError         wait, then guess again
    ├── SuspendedError              the secrets were right, but the account may not be used
    ├── LinkVoidError               a mailed or shown token is unknown, used or expired
    ├── SignInAgainError            the session is too old for this
    ├── RegistrationClosedError     nobody, or nobody without an invitation, may register
    ├── NotFoundError               no such thing that the caller may know of
    ├── ConflictingError            it cannot be done as things are now
    │   └── LimitReachedError           there is as much of it as there may be
    ├── IssuerError                 the issuer did not say what it should have said
    └── BusyError                   too much to do at the moment

Texts are for people, repeat nothing secret, and name nobody else's account.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class PeopleError(Exception):
    """The people side could not do what was asked."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One wrong value: `path` is where it stands in what was sent, such as `links.2.url`."""

    path: str
    text: str


class InvalidFieldsError(PeopleError):
    """Some values cannot be taken; nothing was changed."""

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.text}" for fault in self.faults))


class WrongCredentialsError(PeopleError):
    """There is no such account, or the secret is wrong."""


class SecondFactorRequiredError(PeopleError):
    """The first secret was right; `challenge` is to be sent back with a code."""

    def __init__(self, challenge: str, expires_at_ms: int) -> None:
        super().__init__("a code of the second factor is needed")
        self.challenge = challenge
        self.expires_at_ms = expires_at_ms


class TooManyGuessesError(PeopleError):
    """Too many were wrong; the next may be made after a while."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__("too many attempts failed")
        self.wait_s = max(1, -(-wait_ms // 1000))


class SuspendedError(PeopleError):
    """The account has been suspended by an administrator."""


class LinkVoidError(PeopleError):
    """The link is unknown, was used, or has expired."""


class SignInAgainError(PeopleError):
    """The session is too old for what was asked."""


class RegistrationClosedError(PeopleError):
    """Nobody may register, or nobody without an invitation that is still good."""


class NotFoundError(PeopleError):
    """There is no such thing that the caller may know of."""


class ConflictingError(PeopleError):
    """It cannot be done as things are now."""


class LimitReachedError(ConflictingError):
    """There is as much of it as there may be."""


class IssuerError(PeopleError):
    """The issuer could not be asked, or its answer proves nothing."""


class BusyError(PeopleError):
    """There is too much to do at the moment."""

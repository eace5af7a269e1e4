"""What the people side raises, as problems of the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from accounts.api.model import utc_text
from accounts.api.problem import (
    CONFLICT,
    INVALID,
    NOT_FOUND,
    UNAVAILABLE,
    FieldError,
    ProblemError,
    ProblemType,
)
from accounts.api.resources.channel_problems import LIMIT_REACHED
from accounts.people import errors

WRONG_CREDENTIALS: Final = ProblemType(
    401, "wrong-credentials", "The address, the password or the code is wrong"
)
SECOND_FACTOR_REQUIRED: Final = ProblemType(
    401, "second-factor-required", "A code of the second factor is needed as well"
)
SUSPENDED: Final = ProblemType(403, "suspended", "The account is suspended")
SIGN_IN_AGAIN: Final = ProblemType(403, "sign-in-again", "The log-in is too old for this")
REGISTRATION_CLOSED: Final = ProblemType(403, "registration-closed", "You may not register")
LINK_VOID: Final = ProblemType(410, "link-void", "The link is unknown, was used, or has expired")
TOO_MANY_GUESSES: Final = ProblemType(429, "too-many-guesses", "Too many attempts failed")
ISSUER_FAILED: Final = ProblemType(502, "issuer-failed", "The issuer proved nothing")

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="rillcast"'}  # RFC 9110, 15.5.2


@contextmanager
def people_problems() -> Iterator[None]:
    """Turn what the people side raises into problems."""
    try:
        yield
    except errors.PeopleError as error:
        raise _problem_of(error) from None


def _problem_of(error: errors.PeopleError) -> ProblemError:
    text = f"{str(error)[:1].upper()}{str(error)[1:]}."
    match error:
        case errors.InvalidFieldsError():
            return INVALID.because(
                errors=[FieldError(fault.path, fault.text) for fault in error.faults]
            )
        case errors.SecondFactorRequiredError():
            return SECOND_FACTOR_REQUIRED.because(
                headers=_CHALLENGE,
                challenge=error.challenge,
                expiresAt=utc_text(error.expires_at_ms),
            )
        case errors.WrongCredentialsError():
            return WRONG_CREDENTIALS.because(text, headers=_CHALLENGE)
        case errors.TooManyGuessesError():
            wait = {"Retry-After": str(error.wait_s)}
            return TOO_MANY_GUESSES.because(f"Try again in {error.wait_s} seconds.", headers=wait)
        case errors.SuspendedError():
            return SUSPENDED.because(text)
        case errors.LinkVoidError():
            return LINK_VOID.because(text)
        case errors.SignInAgainError():
            return SIGN_IN_AGAIN.because(text)
        case errors.RegistrationClosedError():
            return REGISTRATION_CLOSED.because(text)
        case errors.NotFoundError():
            return NOT_FOUND.because()
        case errors.LimitReachedError():
            return LIMIT_REACHED.because(text)
        case errors.ConflictingError():
            return CONFLICT.because(text)
        case errors.IssuerError():
            return ISSUER_FAILED.because(text)
        case _:
            return UNAVAILABLE.because(headers={"Retry-After": "1"})

"""What the channel side refuses, as problems of the API; and what it asks of a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from pydantic.alias_generators import to_camel

from accounts.api.etag import Precondition
from accounts.api.operation import Call
from accounts.api.problem import (
    CONFLICT,
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    PRECONDITION_FAILED,
    FieldError,
    ProblemType,
)
from accounts.channels.errors import (
    ConflictingError,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
)
from accounts.channels.sight import Asker

LIMIT_REACHED: Final = ProblemType(409, "limit-reached", "There is as much of it as there may be")
REFUSALS: Final = (NOT_FOUND, FORBIDDEN)
WRITE_REFUSALS: Final = (NOT_FOUND, FORBIDDEN, CONFLICT, LIMIT_REACHED)


def asker_of(call: Call) -> Asker:
    """Say who asks, in the terms of the channel side.

    A personal token has an administrator's powers only if it was given them.
    """
    is_admin = call.caller.is_admin and call.caller.has_scope("admin")
    return Asker(call.caller.account_id, is_admin=is_admin)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the channel side raises into problems. Raises ProblemError."""
    try:
        yield
    except InvalidFieldsError as error:
        raise INVALID.because(
            errors=[FieldError(_camel(fault.path), fault.text) for fault in error.faults]
        ) from None
    except NotFoundError as error:
        raise NOT_FOUND.because(f"{error}.".capitalize()) from None
    except NotAllowedError as error:
        raise FORBIDDEN.because(f"{error}.".capitalize()) from None
    except LimitReachedError as error:
        raise LIMIT_REACHED.because(f"{error}.".capitalize()) from None
    except ConflictingError as error:
        raise CONFLICT.because(f"{error}.".capitalize()) from None


def revision_check(precondition: Precondition) -> Callable[[int], None]:
    """Return what refuses an edit of another revision than If-Match names.

    The tags of what is shown (`revision_tag`) begin with the revision. The rest changes with what
    nobody edits, such as the count of followers, and contradicts no edit.
    """

    def check(revision: int) -> None:
        begins = f'"{revision}-'
        known = any(tag.startswith(begins) for tag in precondition.tags)
        if not precondition.is_any and not known:
            raise PRECONDITION_FAILED.because(
                "Read it again, apply your change to what is there now, and send the new ETag."
            )

    return check


def _camel(path: str) -> str:
    return ".".join(to_camel(part) for part in path.split("."))

"""Why something is not said in a room, as problems of the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from accounts.api.problem import NOT_FOUND, UNAUTHENTICATED, ProblemType
from accounts.chat.refusal import TEXTS, RefusalCode, RefusedError

_STATUSES: Final = {
    RefusalCode.BANNED: 403,
    RefusalCode.TIMED_OUT: 403,
    RefusalCode.CLOSED: 403,
    RefusalCode.NOT_WATCHING: 403,
    RefusalCode.FOLLOWERS_ONLY: 403,
    RefusalCode.VERIFIED_ONLY: 403,
    RefusalCode.NOT_ALLOWED: 403,
    RefusalCode.SLOW_MODE: 429,
    RefusalCode.TOO_FAST: 429,
    RefusalCode.ROOM_BUSY: 429,
    RefusalCode.EMPTY: 422,
    RefusalCode.TOO_LONG: 422,
    RefusalCode.FILTERED: 422,
    RefusalCode.LINKS: 422,
    RefusalCode.COMMAND: 422,
    RefusalCode.UNKNOWN: 422,
}
_TYPES: Final = {
    code: ProblemType(status, code.value, TEXTS[code].rstrip("."))
    for code, status in _STATUSES.items()
}
SAYING_REFUSALS: Final = (NOT_FOUND, *_TYPES.values())


@contextmanager
def said_or_explained() -> Iterator[None]:
    """Turn what rooms refuse into problems with `retryAfterS`. Raises ProblemError."""
    try:
        yield
    except RefusedError as error:
        refusal = error.refusal
        if refusal.code is RefusalCode.NO_CHANNEL:
            raise NOT_FOUND.because(refusal.text) from None
        if refusal.code is RefusalCode.SIGN_IN:
            raise UNAUTHENTICATED.because(refusal.text) from None
        seconds = refusal.retry_after_s
        headers = {} if seconds is None else {"Retry-After": str(seconds)}
        raise _TYPES[refusal.code].because(
            refusal.text, headers=headers, retryAfterS=seconds
        ) from None

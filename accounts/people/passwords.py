"""Passwords: hashed with argon2id, never on the event loop, and the commonest refused."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from zxcvbn_rs_py import zxcvbn

from accounts.bounded_threads import BoundedThreads, NoRoomError
from accounts.people.errors import BusyError
from accounts.people.password_hash import PasswordHash
from accounts.people.settings import PasswordSettings

PASSWORD_CHARACTERS_MIN: Final = 10
PASSWORD_CHARACTERS_MAX: Final = 200

# zxcvbn's time grows steeply with the different signs that may stand for letters, and nothing else
# runs meanwhile: 20 characters take it 11 ms at worst, 40 take 170 ms. A password is at least as
# hard to guess as any part of it, so that parts are judged, one after the other.
_JUDGED_CHARACTERS: Final = 20
_JUDGED_PARTS: Final = 2
_LEAST_SCORE: Final = 2  # more than a million guesses
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password was right, and whether its hash should be made anew (only if right)."""

    is_right: bool
    is_outdated: bool = False


class Passwords:
    """Hashes and checks passwords on a few threads of its own. Close it in the end.

    Who has no password, or does not exist, is checked against a hash that nothing matches: the
    answer takes as long. `checks` counts, for metrics and for tests of exactly this.
    """

    def __init__(self, settings: PasswordSettings) -> None:
        self.checks = 0
        self._hash = PasswordHash(settings.memory_kib, settings.passes, settings.lanes)
        self._threads = BoundedThreads(
            "passwords", threads=settings.threads, waiting=settings.queue
        )
        self._nobodys: asyncio.Task[str] | None = None

    async def hash(self, password: str) -> str:
        """Return what to store. Raises BusyError."""
        return await self._run(lambda: self._hash.make(_encoded(password)))

    async def check(self, stored: str | None, password: str) -> Verdict:
        """Compare with what was stored, or with nobody's hash instead. Raises BusyError."""
        known = stored is not None
        target = stored if stored is not None else await self._nobodys_hash()
        self.checks += 1
        is_right = await self._run(lambda: self._hash.matches(target, _encoded(password))) and known
        return Verdict(is_right, is_right and self._hash.is_outdated(target))

    async def fault(self, password: str, about: Sequence[str] = ()) -> str | None:
        """Say what is wrong with a new password, or None. `about`: words that it should not be of.

        Length and being hard to guess is all that is asked for (NIST SP 800-63B, 3.1.1.2); common
        passwords, names and patterns are known to zxcvbn. Raises BusyError.
        """
        password = _canonical(password)
        if len(password) < PASSWORD_CHARACTERS_MIN:
            return f"expected {PASSWORD_CHARACTERS_MIN} characters or more"
        if len(password) > PASSWORD_CHARACTERS_MAX:
            return f"expected at most {PASSWORD_CHARACTERS_MAX} characters"
        warning = None
        for part in _judged_parts(password):
            entropy = await self._run(partial(zxcvbn, part, list(about)))
            if int(entropy.score) >= _LEAST_SCORE:
                return None
            warning = warning or (entropy.feedback.warning if entropy.feedback else None)
        reason = f" {warning}" if warning else ""
        return f"expected something harder to guess, such as four unrelated words.{reason}"

    def close(self) -> None:
        """End the threads once they are idle."""
        self._threads.close()

    async def _nobodys_hash(self) -> str:
        if self._nobodys is None or (self._nobodys.done() and self._nobodys.exception()):
            self._nobodys = asyncio.create_task(self.hash(secrets.token_urlsafe()))
        return await asyncio.shield(self._nobodys)

    async def _run(self, work: Callable[[], Result]) -> Result:
        try:
            return await self._threads.run(work)
        except NoRoomError:
            raise BusyError("too many passwords wait to be checked") from None


def _judged_parts(password: str) -> list[str]:
    judged = min(len(password), _JUDGED_PARTS * _JUDGED_CHARACTERS)
    starts = range(0, judged, _JUDGED_CHARACTERS)
    return [password[start : start + _JUDGED_CHARACTERS] for start in starts]


def _canonical(password: str) -> str:
    # One keyboard sends "é" as one character, another as two (RFC 8265, 4.2.1: NFC).
    # Half a surrogate pair is no text; it is replaced so that hashing never fails.
    return _encoded(password).decode("utf-8")


def _encoded(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")

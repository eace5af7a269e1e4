"""PasswordGuesses: counts who sends passwords, and spares owners what strangers have done.

Strangers on many networks make an account wait, however long they go on. Its owner, where the
right password came from before, is counted apart from them.
"""

from dataclasses import dataclass, field

from accounts.people.guess_guard import (
    GuessGuard,
    Party,
    account_party,
    address_party,
    known_party,
    newcomers_party,
    pair_party,
)


@dataclass(frozen=True, slots=True)
class PasswordGuess:
    """A password that was sent, and who was counted for it."""

    email_key: str = field(repr=False)
    address: str
    is_known: bool
    parties: tuple[Party, ...]


class PasswordGuesses:
    """Counts a guess before it is checked; afterwards say what became of it."""

    def __init__(self, guard: GuessGuard) -> None:
        self._guard = guard

    async def begin(self, email_key: str, address: str) -> PasswordGuess:
        """Count a password for an account from an address. Raises TooManyGuessesError."""
        is_known = await self._guard.has_counted(known_party(email_key, address))
        others = () if is_known else (account_party(email_key),)
        parties = (pair_party(email_key, address), address_party(address), *others)
        await self._guard.attempt(*parties)
        return PasswordGuess(email_key, address, is_known, parties)

    async def was_right(self, guess: PasswordGuess) -> None:
        """Forget the failures, and know this network from now on."""
        await self._guard.succeed(*guess.parties)
        if guess.is_known or await self._guard.allows(newcomers_party(guess.email_key)):
            await self._guard.attempt(known_party(guess.email_key, guess.address))

    async def was_not_checked(self, guess: PasswordGuess) -> None:
        """Count it no more: nobody learnt whether it was right."""
        await self._guard.take_back(*guess.parties)

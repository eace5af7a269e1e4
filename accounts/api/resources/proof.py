"""Proof of who asks: what changes who may do what takes the password, or a fresh log-in."""

from typing import Final

from accounts.api.model import ApiModel
from accounts.api.operation import Call
from accounts.api.resources.people_fields import ProvenPassword
from accounts.api.resources.people_problems import (
    SIGN_IN_AGAIN,
    TOO_MANY_GUESSES,
    WRONG_CREDENTIALS,
)
from accounts.people.people import People

PROOF_PROBLEMS: Final = (WRONG_CREDENTIALS, SIGN_IN_AGAIN, TOO_MANY_GUESSES)


class Proof(ApiModel):
    """A proof of who asks."""

    password: ProvenPassword = None


async def prove(people: People, call: Call, password: str | None) -> None:
    """Check that it is still the owner of the log-in who asks. Raises what `require` raises."""
    await people.reauthentication.require(
        call.account_id, call.caller.session_id, password, call.address
    )

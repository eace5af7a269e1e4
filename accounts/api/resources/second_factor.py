"""Second factor: codes from an authenticator app."""

from pydantic import Field

from accounts.api.model import ApiModel
from accounts.api.operation import USER, Call, operation
from accounts.api.problem import CONFLICT
from accounts.api.resources.people_fields import SIGN_IN
from accounts.api.resources.people_problems import (
    TOO_MANY_GUESSES,
    WRONG_CREDENTIALS,
    people_problems,
)
from accounts.api.resources.proof import PROOF_PROBLEMS, Proof, prove
from accounts.api.resources.sessions import CodeField
from accounts.people.people import People


class SecondFactorView(ApiModel):
    """Whether signing in takes a code."""

    is_on: bool
    recovery_codes_left: int


class EnrolmentView(ApiModel):
    """What the app has to be told; not in force until a code of it has come."""

    secret: str = Field(description="In base32, for who types it.")
    uri: str = Field(description="For a QR code.")


class CodeBody(ApiModel):
    """A code."""

    code: CodeField


class RecoveryCodesView(ApiModel):
    """Codes for who has lost the app, each good once. Shown once."""

    recovery_codes: tuple[str, ...]


class SecondFactorResource:
    """Sets up and removes the second factor."""

    def __init__(self, people: People) -> None:
        self._people = people

    @operation("GET", "/me/second-factor", tag="second factor", access=USER)
    async def read_second_factor(self, call: Call) -> SecondFactorView:
        """Say whether signing in takes a code."""
        left = await self._people.second_factors.codes_left(call.account_id)
        return SecondFactorView(is_on=left is not None, recovery_codes_left=left or 0)

    @operation(
        "POST",
        "/me/second-factor",
        tag="second factor",
        access=USER,
        status=201,
        shows_secret=True,
        problems=(*PROOF_PROBLEMS, CONFLICT),
        throttle=SIGN_IN,
    )
    async def enrol_second_factor(self, call: Call, body: Proof) -> EnrolmentView:
        """Begin to set up the second factor: get the secret for the app."""
        with people_problems():
            await prove(self._people, call, body.password)
            enrolment = await self._people.second_factors.enrol(call.account_id)
        return EnrolmentView(secret=enrolment.secret, uri=enrolment.uri)

    @operation(
        "POST",
        "/me/second-factor/confirm",
        tag="second factor",
        access=USER,
        shows_secret=True,
        problems=(WRONG_CREDENTIALS, TOO_MANY_GUESSES, CONFLICT),
        throttle=SIGN_IN,
    )
    async def confirm_second_factor(self, call: Call, body: CodeBody) -> RecoveryCodesView:
        """Put the second factor in force by a first code of the app."""
        with people_problems():
            codes = await self._people.confirm_second_factor(call.account_id, body.code)
        return RecoveryCodesView(recovery_codes=codes)

    @operation(
        "POST",
        "/me/second-factor/recovery-codes",
        tag="second factor",
        access=USER,
        shows_secret=True,
        problems=(*PROOF_PROBLEMS, CONFLICT),
        throttle=SIGN_IN,
    )
    async def renew_recovery_codes(self, call: Call, body: Proof) -> RecoveryCodesView:
        """Replace all recovery codes."""
        with people_problems():
            await prove(self._people, call, body.password)
            codes = await self._people.second_factors.renew_codes(call.account_id)
        return RecoveryCodesView(recovery_codes=codes)

    @operation(
        "POST",
        "/me/second-factor/removal",
        tag="second factor",
        access=USER,
        problems=PROOF_PROBLEMS,
        throttle=SIGN_IN,
    )
    async def remove_second_factor(self, call: Call, body: Proof) -> None:
        """Sign in without a code from now on. The owner is told by mail."""
        with people_problems():
            await prove(self._people, call, body.password)
            await self._people.remove_second_factor(call.account_id)

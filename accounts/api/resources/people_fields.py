"""Fields that several people resources take, and throttles that they share."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from accounts.api.throttle import Throttle
from accounts.people.email_address import EMAIL_CHARACTERS
from accounts.people.passwords import PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN
from accounts.people.profile_text import DISPLAY_NAME_CHARACTERS
from accounts.people.secret_token import TOKEN_CHARACTERS

# More than any of our texts, so that what is too long is refused by the rule that it breaks.
_WRITTEN_CHARACTERS: Final = 2 * PASSWORD_CHARACTERS_MAX

EmailField = Annotated[
    str,
    Field(min_length=3, max_length=EMAIL_CHARACTERS, description="An e-mail address."),
]
PasswordField = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=_WRITTEN_CHARACTERS),
    Field(json_schema_extra={"format": "password"}, description="The password, as it is."),
]
NewPasswordField = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=_WRITTEN_CHARACTERS),
    Field(
        json_schema_extra={"format": "password"},
        description=f"{PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX} characters that are "
        "not easily guessed.",
    ),
]
ProvenPassword = Annotated[
    PasswordField | None,
    Field(
        description="The account's password, to prove who asks; null where the account has none "
        "and the log-in is fresh."
    ),
]
DisplayNameField = Annotated[
    str, Field(max_length=2 * DISPLAY_NAME_CHARACTERS, description="The name that others see.")
]
LinkToken = Annotated[
    str,
    Field(
        min_length=TOKEN_CHARACTERS,
        max_length=TOKEN_CHARACTERS,
        pattern=r"^rc[a-z]_[A-Za-z0-9_-]+$",
        description="What stands behind the # of a mailed or shown link.",
    ),
]
KindField = Annotated[
    Literal["browser", "client"],
    Field(
        description="`browser`: the log-in is held by a cookie that scripts cannot read. "
        "`client`: the answer holds an access token and a refresh token."
    ),
]

SIGN_IN: Final = Throttle("sign-in", burst=30, per_minute=30)
MAIL: Final = Throttle("mail", burst=10, per_minute=5)
PICTURE: Final = Throttle("picture", burst=10, per_minute=6)
EXPORT: Final = Throttle("export", burst=5, per_minute=1)

"""EmailAddress: what a person wrote, and the form in which two addresses are compared. Pure."""

from dataclasses import dataclass
from typing import Final

EMAIL_CHARACTERS: Final = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets


class EmailAddressError(ValueError):
    """The text is no address that mail could be sent to. Does not repeat the text."""


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address that mail can be sent to.

    `text` keeps the writer's capitals. `key` is folded: one person does not become two by a
    capital letter. Mail always goes to the `text` that was proven, never to one that has only
    the same key.
    """

    text: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Check and normalise an address. Raises EmailAddressError.

        Domains of home networks are allowed, and international ones; local parts are ASCII,
        because mail to others passes few servers. Whether the domain takes mail is not asked:
        the mail itself will show.
        """
        # Loaded when the first address comes: 38 ms that a start need not wait for.
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - as said

        try:
            found = validate_email(
                text.strip(),
                check_deliverability=False,
                globally_deliverable=False,
                allow_smtputf8=False,
                strict=True,  # lengths, too
            )
        except EmailNotValidError:
            raise EmailAddressError("expected an e-mail address such as me@example.org") from None
        if found.ascii_email is None:
            raise EmailAddressError("expected an e-mail address such as me@example.org")
        return cls(text=found.normalized, key=found.ascii_email.casefold())

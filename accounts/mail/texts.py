"""What the server writes to people. Pure; all texts in one place, for whoever translates them.

No mail holds words that a stranger chose: nobody can have this server send them to others. Secrets
stand behind the `#` of a link, which browsers send to no server and no log keeps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class MailText:
    """A subject and a body of plain text. The body may hold a link that is a secret."""

    subject: str
    text: str = field(repr=False)


class PageLinks:
    """Addresses of the pages that mails lead to.

    `public_url` returns the server's own origin, which may be known only once it listens. It
    never comes from a request: a forged Host would lead mails astray.
    """

    def __init__(self, public_url: Callable[[], str]) -> None:
        self._public_url = public_url

    @property
    def origin(self) -> str:
        """How browsers reach the server."""
        return self._public_url()

    @property
    def host(self) -> str:
        """The origin without its scheme, for people."""
        return self.origin.partition("://")[2]

    def set_up(self, token: str) -> str:
        """Where the first administrator's account is made."""
        return f"{self.origin}/set-up#token={token}"

    def finish_registration(self, token: str) -> str:
        """Where somebody whose address is proven chooses a password."""
        return f"{self.origin}/sign-up#token={token}"

    def invitation(self, token: str) -> str:
        """Where somebody who was invited begins."""
        return f"{self.origin}/sign-up#invitation={token}"

    def reset_password(self, token: str) -> str:
        """Where a new password is chosen."""
        return f"{self.origin}/reset-password#token={token}"

    def confirm_email(self, token: str) -> str:
        """Where a new address is confirmed."""
        return f"{self.origin}/confirm-email#token={token}"

    def webhooks(self, channel: str | None) -> str:
        """Where the webhooks of a channel, or of the server, are looked after."""
        return (
            f"{self.origin}/admin/webhooks"
            if channel is None
            else (f"{self.origin}/dashboard/{channel}/webhooks")
        )

    def channel(self, name: str) -> str:
        """Where a channel is watched."""
        return f"{self.origin}/{name}"

    def notification_settings(self) -> str:
        """Where somebody says what they want to be told of."""
        return f"{self.origin}/settings/notifications"

    def unsubscribe(self, token: str) -> str:
        """Where somebody without a log-in says that they want no mails."""
        return f"{self.origin}/unsubscribe#token={token}"

    def unsubscribe_at_once(self, token: str) -> str:
        """Where a mail program posts to for whoever wants no mails (RFC 8058)."""
        return f"{self.origin}/api/v1/unsubscribe/{token}"

    def sign_in(self) -> str:
        """Where to sign in."""
        return f"{self.origin}/sign-in"


_NOT_YOU: Final = "If that was not you, you need do nothing: nothing has changed.\n"
_ALARM: Final = "If that was not you, choose a new password now: {link}\n"


def finish_registration(links: PageLinks, token: str, hours: int) -> MailText:
    """To an address that somebody wants to register with."""
    return MailText(
        "Finish your registration",
        f"Somebody, probably you, wants to register at {links.origin} with this address.\n\n"
        f"Choose your password here, within {hours} hours:\n"
        f"{links.finish_registration(token)}\n\n{_NOT_YOU}",
    )


def already_registered(links: PageLinks) -> MailText:
    """To the address of an account that somebody wants to register with again."""
    return MailText(
        "You have an account already",
        f"Somebody, probably you, wants to register at {links.origin} with this address, which "
        f"has an account already.\n\nSign in, or choose a new password there:\n"
        f"{links.sign_in()}\n\n{_NOT_YOU}",
    )


def reset_password(links: PageLinks, token: str, minutes: int) -> MailText:
    """To who has forgotten the password."""
    return MailText(
        "Choose a new password",
        f"Somebody, probably you, has forgotten the password of your account at {links.origin}.\n\n"
        f"Choose a new one here, within {minutes} minutes:\n{links.reset_password(token)}\n\n"
        f"{_NOT_YOU}",
    )


def confirm_email(links: PageLinks, token: str, hours: int) -> MailText:
    """To the new address of an account."""
    return MailText(
        "Confirm your new address",
        f"This is to be the address of your account at {links.origin}.\n\n"
        f"Confirm it here, within {hours} hours:\n{links.confirm_email(token)}\n\n{_NOT_YOU}",
    )


def invitation(links: PageLinks, token: str, days: int) -> MailText:
    """To somebody whom an administrator has invited."""
    return MailText(
        "You are invited",
        f"You are invited to {links.origin}.\n\n"
        f"Make your account here, within {days} days:\n{links.invitation(token)}\n",
    )


def password_replaced(links: PageLinks, issuers: Sequence[str]) -> MailText:
    """To the owner of an account whose password was replaced by a mailed link.

    `issuers` sign in to it as before: whoever had the account may have linked one.
    """
    told = notice(links, "Your password was changed")
    if not issuers:
        return told
    listed = "".join(f"- {issuer}\n" for issuer in issuers)
    return MailText(
        told.subject,
        f"{told.text}\nThese can still sign in to your account. Remove under Settings, Security, "
        f"what you do not know:\n{listed}",
    )


def notice(links: PageLinks, what: str) -> MailText:
    """To the owner of an account in which something has changed that a thief would change.

    `what` is one of our own sentences, such as "Your password was changed".
    """
    alarm = _ALARM.format(link=f"{links.origin}/reset-password")
    return MailText(
        f"{what} at {links.host}",
        f"{what}, at {links.origin}.\n\n{alarm}",
    )


def webhook_switched_off(links: PageLinks, channel: str | None) -> MailText:
    """To the owner of a webhook whose receiver has taken nothing for days, or is gone for good."""
    whose = "the server" if channel is None else f"your channel {channel}"
    return MailText(
        f"A webhook was switched off at {links.host}",
        f"A webhook of {whose} at {links.origin} was switched off: its receiver has answered with "
        f"errors, or not at all.\n\nSee what it answered, and switch it on again, here:\n"
        f"{links.webhooks(channel)}\n",
    )

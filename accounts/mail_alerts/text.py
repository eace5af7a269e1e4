"""What an alert mail says. Pure.

It names channels, whose names are letters and digits, but not their titles: nobody can have this
server send words of theirs to people who follow them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.mail.texts import MailText, PageLinks
from accounts.notifications.kind import Kind


@dataclass(frozen=True, slots=True)
class ToldByMail:
    """One thing of which a mail tells."""

    channel: str
    kind: Kind


def alert_mail(links: PageLinks, told: Sequence[ToldByMail], token: str) -> MailText:
    """Write one mail of all that has happened, the newest first; at least one thing."""
    live = [each for each in told if each.kind is Kind.LIVE]
    others = [each for each in told if each not in live]
    lines = [f"{each.channel} is live: {links.channel(each.channel)}" for each in live]
    lines += [f"{each.channel} has a new title: {links.channel(each.channel)}" for each in others]
    if len(told) > 1 and live:
        subject = f"{live[0].channel} and others are live at {links.host}"
        if len(live) < 2:
            subject = f"{live[0].channel} is live at {links.host}"
    elif live:
        subject = f"{live[0].channel} is live at {links.host}"
    else:
        subject = f"News of channels that you follow at {links.host}"
    listed = "\n".join(dict.fromkeys(lines))
    return MailText(
        subject,
        f"{listed}\n\nYou get this because you chose mails for channels that you follow.\n"
        f"Choose otherwise: {links.notification_settings()}\n"
        f"No such mails any more: {links.unsubscribe(token)}\n",
    )


def one_click(links: PageLinks, token: str) -> dict[str, str]:
    """Return the headers by which mail programs unsubscribe (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{links.unsubscribe_at_once(token)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }

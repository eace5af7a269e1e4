"""PeopleContext: what every service of the people side works with."""

from dataclasses import dataclass

from accounts.mail.texts import PageLinks
from accounts.ports import Clock, Emit, MailSender
from accounts.storage import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleContext:
    """The same for all services of one process."""

    database: Database
    clock: Clock
    emit: Emit
    mail: MailSender
    links: PageLinks

"""PeopleWorld: all services of the people side, a clock to turn, and every mail and event."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accounts.events import AccountsEvent
from accounts.images import PictureFolder
from accounts.key_ring import KeyRing
from accounts.mail.texts import PageLinks
from accounts.people.belongings import NoBelongings
from accounts.people.context import PeopleContext
from accounts.people.people import People
from accounts.people.sessions import NewSession, SessionKind
from accounts.people.settings import PasswordSettings, RegistrationSettings
from accounts.settings import AccountsSettings, ApiSettings
from accounts.storage import Database

PUBLIC_URL = "https://live.example.org"
PASSWORD = "nine unrelated llamas"
OTHER_PASSWORD = "seven ripe lemons on ice"
START_MS = 1_763_738_960_000
SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000
# The least that argon2 takes: what is tested is that it is asked, not what it costs.
CHEAP = PasswordSettings(memory_kib=8, passes=1, lanes=1)


@dataclass
class Mail:
    """A mail as it was accepted."""

    to: str
    subject: str
    text: str

    @property
    def token(self) -> str:
        """The secret behind the # of the one link with one."""
        (found,) = re.findall(r"#(?:token|invitation)=(\S+)", self.text)
        return str(found)


@dataclass
class Mailbox:
    """Keeps what was sent. Implements MailSender."""

    mails: list[Mail] = field(default_factory=list)

    async def send(self, to: str, subject: str, text: str) -> None:
        self.mails.append(Mail(to, subject, text))

    @property
    def last(self) -> Mail:
        return self.mails[-1]


class PeopleWorld:
    """Owns the services of one test."""

    def __init__(self, database: Database, folder: Path, **changes: Any) -> None:
        self.database = database
        self.folder = folder
        self.now_ms = START_MS
        self.mailbox = Mailbox()
        self.events: list[AccountsEvent] = []
        self.keys = KeyRing.generate()
        self.public_url = PUBLIC_URL
        self.rebuild(**changes)

    def rebuild(self, **changes: Any) -> None:
        """Start anew on the same rows, with some settings changed."""
        fields: dict[str, Any] = {
            "enabled": True,
            "passwords": CHEAP,
            "registration": RegistrationSettings(mode="open"),
            "api": ApiSettings(burst=100_000, per_minute=1_000_000),
        }
        self.settings = AccountsSettings(**(fields | changes))
        self.pictures = PictureFolder(self.folder / "pictures")
        self.context = PeopleContext(
            database=self.database,
            clock=lambda: self.now_ms,
            emit=self.events.append,
            mail=self.mailbox,
            links=PageLinks(lambda: self.public_url),
        )
        self.people = People(self.context, self.settings, self.keys, self.pictures, NoBelongings())

    def close(self) -> None:
        self.people.close()

    def wait(self, ms: int) -> None:
        """Turn the clock."""
        self.now_ms += ms

    async def register(
        self, email: str = "ann@example.org", password: str = PASSWORD, name: str = "Ann"
    ) -> str:
        """Make an account the way people do; return its id."""
        await self.people.registration.begin(email, None)
        return await self.people.registration.finish(self.mailbox.last.token, password, name)

    async def make_admin(self, email: str = "root@example.org") -> str:
        """Make an administrator the way operators do; return its id."""
        return await self.people.administration.create(
            email=email, display_name="Root", password=PASSWORD, role="admin"
        )

    async def sign_in(
        self,
        email: str = "ann@example.org",
        password: str = PASSWORD,
        *,
        kind: SessionKind = "client",
        address: str = "192.0.2.7",
    ) -> NewSession:
        return await self.people.sign_in.with_password(
            email, password, kind=kind, address=address, client="test"
        )

    def events_of(self, kind: type[AccountsEvent]) -> list[AccountsEvent]:
        return [event for event in self.events if isinstance(event, kind)]

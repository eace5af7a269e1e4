"""AccountsSettings: whether there are accounts, where they are kept, how the API is guarded."""

import re
from dataclasses import dataclass, field
from typing import Final

from accounts.channels.settings import ChannelsSettings
from accounts.chat.settings import ChatSettings
from accounts.mail.settings import MailSettings
from accounts.mail_alerts.settings import MailAlertsSettings
from accounts.outbound.settings import OutboundSettings
from accounts.people.settings import (
    OpenIdSettings,
    PasswordSettings,
    RegistrationSettings,
    SessionSettings,
)
from accounts.push.settings import PushSettings
from accounts.webhooks.settings import WebhooksSettings

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_DATABASE_SCHEMES: Final = ("postgresql://", "sqlite://")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where accounts are kept.

    `url` is empty for SQLite in the data folder, which needs nothing else and updates its own
    tables at start; or "postgresql://USER:PASSWORD@HOST/NAME", whose tables `rillcast migrate`
    updates. `connections`: how many are held to PostgreSQL, or for reading from SQLite.
    `wait_s`: how long a request waits for one before it is answered 503.
    """

    url: str = field(default="", repr=False)
    connections: int = 8
    wait_s: float = 2.0

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if self.url and not self.url.startswith(_DATABASE_SCHEMES):
            raise ValueError("url: expected postgresql://USER:PASSWORD@HOST/NAME or nothing")
        if not 1 <= self.connections <= 100:
            raise ValueError(f"connections: expected 1 to 100, got {self.connections}")
        if not 0 < self.wait_s <= 60:
            raise ValueError(f"wait_s: expected more than 0, at most 60, got {self.wait_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """How the API is guarded.

    `burst` and `per_minute` bound the requests of one client address and of one account, all
    operations together; some operations have limits of their own. `shared_s` is how old lists
    that are the same for everybody may be; what this process changes is in them at once.
    `idempotency_hours` is how long the answer to an Idempotency-Key is kept.
    """

    burst: int = 200
    per_minute: float = 1200.0
    shared_s: float = 1.0
    idempotency_hours: int = 24

    def __post_init__(self) -> None:
        """Refuse limits that would let nobody in."""
        if self.burst < 1:
            raise ValueError(f"burst: expected 1 or more, got {self.burst}")
        if self.per_minute <= 0:
            raise ValueError(f"per_minute: expected more than 0, got {self.per_minute}")
        if not 0 <= self.shared_s <= 60:
            raise ValueError(f"shared_s: expected 0 to 60, got {self.shared_s}")
        if not 1 <= self.idempotency_hours <= 168:
            raise ValueError(f"idempotency_hours: expected 1 to 168, got {self.idempotency_hours}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsSettings:
    """People and channels.

    `enabled` turns accounts on; without them, the key file says who may publish.
    `public_url` is how browsers reach the server, such as "https://live.example.org": mails and
    invitations link to it. Empty: the address that is listened on. With "https://", browsers
    keep a session by HTTPS alone.
    """

    enabled: bool = True
    public_url: str = ""
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    registration: RegistrationSettings = field(default_factory=RegistrationSettings)
    sessions: SessionSettings = field(default_factory=SessionSettings)
    passwords: PasswordSettings = field(default_factory=PasswordSettings)
    openid: OpenIdSettings = field(default_factory=OpenIdSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    channels: ChannelsSettings = field(default_factory=ChannelsSettings)
    chat: ChatSettings = field(default_factory=ChatSettings)
    outbound: OutboundSettings = field(default_factory=OutboundSettings)
    push: PushSettings = field(default_factory=PushSettings)
    mail_alerts: MailAlertsSettings = field(default_factory=MailAlertsSettings)
    webhooks: WebhooksSettings = field(default_factory=WebhooksSettings)

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if self.public_url and _ORIGIN.fullmatch(self.public_url) is None:
            raise ValueError(
                "public_url: expected an origin such as 'https://live.example.org' without a "
                f"path, got {self.public_url!r}"
            )

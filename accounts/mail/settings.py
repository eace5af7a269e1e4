"""MailSettings: how mail leaves the server."""

from dataclasses import dataclass, field
from typing import Literal

MailSecurity = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail is sent.

    `host` is the mail server; without one, mails are written to the folder `mail` of the data
    folder, where the operator finds them. `security`: "starttls" (usual with port 587), "tls"
    (465) or "none", which shows passwords and links to the network. `user` and `password` are for
    the mail server. `sender` is the address that mails come from.

    `queue` bounds the mails that wait; a mail is tried `attempts` times, with pauses that grow
    from `retry_s`. `timeout_s` bounds one attempt.
    """

    host: str = ""
    port: int = 587
    security: MailSecurity = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "Rillcast <rillcast@localhost>"
    queue: int = 200
    attempts: int = 6
    retry_s: float = 5.0
    timeout_s: float = 20.0

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if not 0 < self.port <= 65_535:
            raise ValueError(f"port: expected 1 to 65535, got {self.port}")
        for name in ("queue", "attempts", "retry_s", "timeout_s"):
            value = getattr(self, name)
            if value <= 0:
                raise ValueError(f"{name}: expected more than 0, got {value}")
        if "@" not in self.sender or any(letter in self.sender for letter in "\r\n"):
            raise ValueError("sender: expected an address such as 'Rillcast <live@example.org>'")
        if self.user and not self.password:
            raise ValueError("password: expected one beside the user, got nothing")

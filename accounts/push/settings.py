"""PushSettings: how alerts reach browsers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSettings:
    """How Web Push is done.

    `private_key` is the VAPID key (RFC 8292) that browsers know the server by, 32 bytes in
    base64url. Empty: one is made at the first start and kept in the data folder; servers that
    share a database are given the same one. `contact` is where push services find the operator,
    such as "mailto:live@example.org"; empty: what mails are sent from.

    `per_account` browsers get pushes. A push service keeps an alert for `ttl_s`; what is older is
    not sent any more. An alert is tried `attempts` times, with pauses that grow from `retry_s`.
    `per_service` requests run to one push service at a time: there are few services, and what is
    encrypted for thousands of browsers must not take a core from media.
    """

    private_key: str = field(default="", repr=False)
    contact: str = ""
    per_account: int = 10
    per_service: int = 8
    ttl_s: int = 3_600
    attempts: int = 6
    retry_s: float = 5.0

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if self.contact and not self.contact.startswith(("mailto:", "https://")):
            raise ValueError("contact: expected 'mailto:...' or 'https://...'")
        if not 60 <= self.ttl_s <= 86_400:
            raise ValueError(f"ttl_s: expected 60 to 86400, got {self.ttl_s}")
        for name in ("per_account", "per_service", "attempts", "retry_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")

"""OutboundSettings: what requests to people's addresses may reach and cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundSettings:
    """How webhooks and pushes leave the server.

    Addresses are reached by HTTPS on `ports` alone, and only where everybody may reach them.
    `allow_private` also allows http, every port, and addresses of this machine and network: for
    closed networks whose people are trusted with all that the server can reach. `timeout_s` bounds
    a request from the name's resolution to the answer's end. `concurrency` requests run at one
    time, `per_host` of them to one host.
    """

    allow_private: bool = False
    ports: tuple[int, ...] = (443, 8443)
    timeout_s: float = 10.0
    concurrency: int = 64
    per_host: int = 4

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        if not all(0 < port <= 65_535 for port in self.ports):
            raise ValueError(f"ports: expected numbers of 1 to 65535, got {list(self.ports)}")
        if not 0 < self.timeout_s <= 60:
            raise ValueError(f"timeout_s: expected more than 0, at most 60, got {self.timeout_s}")
        for name in ("concurrency", "per_host"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, got {getattr(self, name)}")

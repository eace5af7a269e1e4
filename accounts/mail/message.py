"""Messages: mail as it goes over the wire (RFC 5322). Pure but for the message's id."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime, make_msgid, parseaddr
from types import MappingProxyType
from typing import Final

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header that stands on one line.

    A long address would otherwise be folded by encoding it (RFC 2047), which List-Unsubscribe must
    not be (RFC 2369, 2). Lines may have 998 characters (RFC 5322, 2.1.1).
    """

    def fold(self, *, policy: Policy) -> str:
        """Write the header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _Unfolded)
    return SMTP.clone(header_factory=registry)


_POLICY: Final = _policy()


def build_message(
    sender: str,
    to: str,
    subject: str,
    text: str,
    now_ms: int,
    *,
    unique: str | None = None,
    more: Mapping[str, str] = _NO_HEADERS,
) -> EmailMessage:
    """Make a message of plain text.

    `unique` is for its id, where several attempts must have the same. `more` are further headers.

    `email`'s own policy refuses line breaks in headers. Auto-Submitted keeps out-of-office
    replies away (RFC 3834, 5).
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC))
    domain = address.rpartition("@")[2]
    message["Message-ID"] = make_msgid(domain=domain) if unique is None else f"<{unique}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    for header, value in more.items():
        message[header] = value
    message.set_content(text)
    return message

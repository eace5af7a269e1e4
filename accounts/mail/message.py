"""Messages: mail as it goes over the wire (RFC 5322). Pure but for the message's id."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr


def build_message(sender: str, to: str, subject: str, text: str, now_ms: int) -> EmailMessage:
    """Make a message of plain text.

    `email`'s own policy refuses line breaks in headers. Auto-Submitted keeps out-of-office
    replies away (RFC 3834, 5).
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC))
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message

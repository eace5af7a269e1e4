"""Couriers: who takes a message away: a mail server, or a folder of files."""

import asyncio
import os
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from accounts.mail.settings import MailSettings

if TYPE_CHECKING:
    from email.message import EmailMessage

_KEPT_MAX: Final = 1_000
_PERMANENT_FROM: Final = 500  # RFC 5321, 4.2.1: "5yz Permanent Negative Completion reply"


class RefusedError(Exception):
    """The message will never be taken: trying again is of no use."""


class UndeliveredError(Exception):
    """The message was not taken; it may be later."""


class Courier(Protocol):
    """Takes one message away."""

    async def deliver(self, message: "EmailMessage") -> None:
        """Return once it is gone. Raises RefusedError, UndeliveredError; neither shows the text."""
        ...


class SmtpCourier:
    """Hands messages to a mail server. Implements Courier."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def deliver(self, message: "EmailMessage") -> None:
        """Connect, and hand one message over. Certificates are checked."""
        import aiosmtplib  # noqa: PLC0415 - see accounts/later.py

        settings = self._settings
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.host,
                port=settings.port,
                username=settings.user or None,
                password=settings.password or None,
                use_tls=settings.security == "tls",
                # False, not None: "starttls" must not become "if the server feels like it".
                start_tls=settings.security == "starttls",
                timeout=settings.timeout_s,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [each.code for each in error.recipients]
            raise _failure(max(codes, default=0)) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _failure(error.code) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise UndeliveredError(type(error).__name__) from None


def _failure(code: int) -> RefusedError | UndeliveredError:
    # What the server says may repeat the address; the code says enough.
    said = f"the mail server answered {code}"
    return RefusedError(said) if code >= _PERMANENT_FROM else UndeliveredError(said)


class FolderCourier:
    """Writes messages to a folder, readable by its owner alone. Implements Courier.

    For servers without a mail server: the operator passes links on. The newest 1,000 are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def deliver(self, message: "EmailMessage") -> None:
        """Write a file that mail programs can open."""
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise UndeliveredError(str(error.strerror)) from None

    def _write(self, message: "EmailMessage") -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = sorted(self._folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)
        for old in written[: max(0, len(written) - _KEPT_MAX + 1)]:
            old.unlink(missing_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".mail-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
        moment = str(message["Date"].datetime.strftime("%Y%m%dT%H%M%S"))
        unique = Path(name).name.removeprefix(".mail-")
        Path(name).replace(self._folder / f"{moment}-{next(self._numbers):04}-{unique}.eml")

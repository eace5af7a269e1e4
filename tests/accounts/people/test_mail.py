"""Mail: to a real SMTP server, to a folder, and when neither takes it."""

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from structlog.testing import capture_logs

from accounts.mail import texts
from accounts.mail.couriers import (
    Courier,
    FolderCourier,
    RefusedError,
    SmtpCourier,
    UndeliveredError,
)
from accounts.mail.message import build_message
from accounts.mail.outbox import Outbox
from accounts.mail.settings import MailSettings
from accounts.mail.texts import PageLinks
from tests.support.certificate import make_certificate

NOW_MS = 1_763_738_960_000
SECRET = "rco_" + "S" * 43
LINKS = PageLinks(lambda: "https://live.example.org")


@dataclass
class MailServer:
    """aiosmtpd, which keeps what it takes and refuses what it is told to."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - see above
        envelope: Envelope,
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.came.set()
        return "250 OK"


Serve = Callable[..., Awaitable[MailServer]]


@pytest.fixture
async def serve_mail() -> AsyncIterator[Serve]:
    listeners: list[asyncio.Server] = []

    async def start(**options: Any) -> MailServer:
        keeper = MailServer()
        loop = asyncio.get_running_loop()
        tls = options.pop("ssl", None)
        listener = await loop.create_server(
            lambda: SMTP(keeper, loop=loop, hostname="localhost", **options),
            "127.0.0.1",
            0,
            ssl=tls,
        )
        listeners.append(listener)
        keeper.port = listener.sockets[0].getsockname()[1]
        return keeper

    yield start
    for listener in listeners:
        listener.close()


def settings_for(server: MailServer, **changes: Any) -> MailSettings:
    fields: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sender": "Live <live@example.org>",
        "retry_s": 0.001,
        "timeout_s": 5,
    }
    return MailSettings(**(fields | changes))


def some_message() -> EmailMessage:
    mail = texts.reset_password(LINKS, SECRET, 60)
    return build_message(
        "Live <live@example.org>", "ann@example.org", mail.subject, mail.text, NOW_MS
    )


async def test_a_real_server_gets_the_whole_mail(serve_mail: Serve) -> None:
    server = await serve_mail()
    await SmtpCourier(settings_for(server)).deliver(some_message())
    (message,) = server.taken
    assert message["To"] == "ann@example.org"
    assert message["From"] == "Live <live@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Fri, 21 Nov 2025 15:29:20 +0000"
    assert message["Message-ID"].endswith("@example.org>")
    link = f"https://live.example.org/reset-password#token={SECRET}"
    assert link in message.get_content().splitlines()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_password_goes_to_the_server_that_asks(serve_mail: Serve) -> None:
    seen: list[LoginPassword] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, said: Any) -> AuthResult:
        assert mechanism in {"LOGIN", "PLAIN"}, (server, session, envelope)
        seen.append(said)
        return AuthResult(success=said.password == b"right")

    server = await serve_mail(authenticator=check, auth_required=True, auth_require_tls=False)
    await SmtpCourier(settings_for(server, user="live", password="right")).deliver(some_message())
    assert len(server.taken) == 1
    with pytest.raises((RefusedError, UndeliveredError)) as caught:
        await SmtpCourier(settings_for(server, user="live", password="wrong")).deliver(
            some_message()
        )
    assert "wrong" not in str(caught.value)


async def test_no_mail_goes_without_the_encryption_that_was_asked_for(serve_mail: Serve) -> None:
    server = await serve_mail()  # offers no STARTTLS
    with pytest.raises(UndeliveredError):
        await SmtpCourier(settings_for(server, security="starttls")).deliver(some_message())
    with pytest.raises(UndeliveredError):
        await SmtpCourier(settings_for(server, security="tls")).deliver(some_message())
    assert server.taken == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_server_whose_certificate_proves_nothing_gets_no_mail(
    serve_mail: Serve, tmp_path: Path, security: str
) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    options = {"ssl": context} if security == "tls" else {"tls_context": context}
    server = await serve_mail(**options)
    with pytest.raises(UndeliveredError):
        await SmtpCourier(settings_for(server, security=security)).deliver(some_message())
    assert server.taken == []


async def run_outbox(courier: Courier, settings: MailSettings, count: int = 1) -> Outbox:
    outbox = Outbox(courier, settings, lambda: NOW_MS)
    running = asyncio.create_task(outbox.run())
    for _ in range(count):
        await outbox.send("ann@example.org", "Subject", f"link {SECRET}")
    await outbox.drain(20)
    running.cancel()
    return outbox


async def test_a_mail_is_tried_again_until_it_is_taken(serve_mail: Serve) -> None:
    server = await serve_mail()
    server.refusals = ["451 try later"] * 3
    settings = settings_for(server)
    outbox = await run_outbox(SmtpCourier(settings), settings)
    assert (outbox.sent_count, outbox.dropped_count, len(server.taken)) == (1, 0, 1)


async def test_a_mail_that_is_refused_for_good_is_not_tried_again(serve_mail: Serve) -> None:
    server = await serve_mail()
    server.refusals = [f"550 no such person ann@example.org {SECRET}"]
    settings = settings_for(server)
    with capture_logs() as logs:
        outbox = await run_outbox(SmtpCourier(settings), settings)
    assert (outbox.sent_count, outbox.dropped_count, server.taken) == (0, 1, [])
    assert logs == [
        {
            "event": "mail not sent",
            "reason": "the mail server answered 550",
            "attempts": 1,
            "log_level": "error",
        }
    ]


async def test_after_some_attempts_a_mail_is_given_up(serve_mail: Serve) -> None:
    server = await serve_mail()
    server.refusals = ["451 try later"] * 10
    settings = settings_for(server, attempts=3)
    outbox = await run_outbox(SmtpCourier(settings), settings)
    assert (outbox.dropped_count, len(server.refusals)) == (1, 7)


class Nowhere:
    """Never takes anything. Implements Courier."""

    async def deliver(self, message: EmailMessage) -> None:
        assert message
        await asyncio.Event().wait()


async def test_mails_that_wait_are_bounded_and_the_log_shows_none_of_them() -> None:
    outbox = Outbox(Nowhere(), MailSettings(queue=3), lambda: NOW_MS)
    with capture_logs() as logs:
        for _ in range(10):
            await outbox.send("ann@example.org", "Subject", f"link {SECRET}")
        await outbox.drain(0.01)
    assert outbox.dropped_count == 7
    assert SECRET not in str(logs)
    assert "ann@" not in str(logs)


async def test_a_mail_costs_nothing_before_the_answer_to_who_caused_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[str] = []

    def build(*parts: Any) -> EmailMessage:
        built.append(parts[1])
        return build_message(*parts)

    monkeypatch.setattr("accounts.mail.message.build_message", build)
    outbox = Outbox(Broken(), MailSettings(), lambda: NOW_MS)
    running = asyncio.create_task(outbox.run())
    await outbox.send("ann@example.org", "Subject", "text")
    for _ in range(10):  # as long as an answer takes to be written
        await asyncio.sleep(0)
    assert built == []
    with capture_logs():
        await outbox.drain(20)
    assert built == ["ann@example.org"]
    running.cancel()


class Broken:
    """Fails as no courier should. Implements Courier."""

    async def deliver(self, message: EmailMessage) -> None:
        assert message
        raise KeyError("unexpected")


async def test_one_mail_that_breaks_the_courier_does_not_end_the_others() -> None:
    with capture_logs() as logs:
        outbox = await run_outbox(Broken(), MailSettings(), count=3)
    assert outbox.dropped_count == 3
    assert len(logs) == 3


async def test_the_folder_gets_files_that_nobody_else_can_read(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    outbox = await run_outbox(FolderCourier(folder), MailSettings(), count=3)
    assert outbox.sent_count == 3

    def look() -> list[tuple[int, str]]:
        assert folder.stat().st_mode & 0o777 == 0o700
        files = sorted(folder.iterdir())
        return [(path.stat().st_mode & 0o777, path.name) for path in files]

    written = await asyncio.to_thread(look)
    assert [mode for mode, _ in written] == [0o600] * 3
    assert all(name.startswith("20251121T152920-") for _, name in written)


async def test_a_folder_that_cannot_be_written_is_an_undelivered_mail(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(UndeliveredError):
        await FolderCourier(blocked / "mail").deliver(some_message())


@pytest.mark.parametrize("to", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_no_address_smuggles_a_header_in(to: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)."):
        build_message("live@example.org", to, "Subject", "text", NOW_MS)


def test_mails_lead_to_our_own_address_with_secrets_behind_the_hash() -> None:
    for mail in (
        texts.finish_registration(LINKS, SECRET, 24),
        texts.reset_password(LINKS, SECRET, 60),
        texts.confirm_email(LINKS, SECRET, 24),
        texts.invitation(LINKS, SECRET, 7),
    ):
        before, _, _ = mail.text.partition(SECRET)
        assert before.rpartition("https://live.example.org/")[2].count("#") == 1
        assert SECRET not in mail.subject
        assert SECRET not in repr(mail)

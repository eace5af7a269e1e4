"""Mail: whether there is a mail server, and whether it takes us."""

from email.utils import parseaddr
from typing import Final

from config.checkup.result import Result, advice, fine, problem
from config.people_side import MAIL_FOLDER_NAME
from config.settings import RillcastSettings

_SUBJECT: Final = "mail"
_LIMIT_S: Final = 10.0


async def check_mail(settings: RillcastSettings) -> list[Result]:
    """Greet the mail server and sign in; nothing is sent."""
    mail = settings.accounts.mail
    if not settings.accounts.enabled:
        return []
    if not mail.host:
        return [
            advice(
                _SUBJECT,
                f"none is sent: it is written to {settings.data / MAIL_FOLDER_NAME}",
                "set accounts.mail.host, or pass the links on yourself",
            )
        ]
    import aiosmtplib  # noqa: PLC0415 - as where it is used

    client = aiosmtplib.SMTP(
        hostname=mail.host,
        port=mail.port,
        use_tls=mail.security == "tls",
        start_tls=mail.security == "starttls",
        timeout=min(mail.timeout_s, _LIMIT_S),
    )
    try:
        async with client:
            if mail.user:
                await client.login(mail.user, mail.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        return [
            problem(
                _SUBJECT,
                f"{mail.host} does not take accounts.mail.user with its password ({error.code})",
                "correct both",
            )
        ]
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return [
            problem(
                _SUBJECT,
                f"{mail.host}:{mail.port} cannot be used: {str(error) or type(error).__name__}",
                "correct accounts.mail.host, port and security, or open the firewall",
            )
        ]
    results = [fine(_SUBJECT, f"{mail.host}:{mail.port} takes mails")]
    domain = parseaddr(mail.sender)[1].rpartition("@")[2]
    if domain in {"", "localhost"}:
        results.append(
            advice(
                _SUBJECT,
                f"accounts.mail.sender is at {domain or 'no domain'}: others refuse such mails",
                "set it to an address of a domain of yours",
            )
        )
    if mail.security == "none":
        results.append(
            advice(
                _SUBJECT,
                "leaves unencrypted: links can be read on the way",
                'set security = "starttls"',
            )
        )
    return results

"""Certificates: whether they can be used, for which names, and for how long."""

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from config.checkup.result import Result, advice, fine, problem
from config.settings import RillcastSettings

_SUBJECT: Final = "RTMPS certificate"
_SOON_DAYS: Final = 14
_RENEW: Final = "renew it, copy it where the server reads it, and restart the server"


def check_certificate(settings: RillcastSettings, now: datetime | None = None) -> list[Result]:
    """Look at the files of rtmp.tls as the server will at its start."""
    tls = settings.rtmp.tls
    if tls is None:
        if settings.rtmp.host in {"127.0.0.1", "::1", "localhost"}:
            return []
        return [
            advice(
                _SUBJECT,
                "there is none: encoders send their keys for all on the way to read",
                "set [rtmp.tls]; docs/production.md says how",
            )
        ]
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.private_key)
        certificate = x509.load_pem_x509_certificate(Path(tls.certificate).read_bytes())
    except (OSError, ValueError) as error:
        text = getattr(error, "strerror", None) or str(error)
        return [
            problem(
                _SUBJECT,
                f"cannot use {tls.certificate} with {tls.private_key}: {text}",
                "name a certificate chain and its key that the service's user may read",
            )
        ]
    host = urlsplit(settings.accounts.public_url).hostname
    return judge_certificate(_SUBJECT, certificate, host, now or datetime.now(UTC))


def judge_certificate(
    subject: str, certificate: x509.Certificate, host: str | None, now: datetime
) -> list[Result]:
    """Say until when it is good, and whether it is for a name, if there is one."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if ends <= now:
        return [problem(subject, f"has expired on {ends:%Y-%m-%d}", _RENEW)]
    if begins > now:
        return [problem(subject, f"is good from {begins:%Y-%m-%d %H:%M} UTC on", "set the clock")]
    days = (ends - now).days
    text = f"is good until {ends:%Y-%m-%d}, for {days} days"
    results = [advice(subject, text, _RENEW) if days < _SOON_DAYS else fine(subject, text)]
    names = _names(certificate)
    if host is not None and names and not any(_fits(name, host) for name in names):
        results.append(
            advice(
                subject,
                f"is for {', '.join(names[:3])}, not for {host}",
                "encoders that check names refuse it: take one for the public name",
            )
        )
    return results


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return extension.value.get_values_for_type(x509.DNSName)


def _fits(name: str, host: str) -> bool:
    """Whether a name of a certificate is the host's (RFC 6125, 6.4.3: one label for "*")."""
    if name.startswith("*."):
        return host.partition(".")[2].lower() == name[2:].lower()
    return name.lower() == host.lower()

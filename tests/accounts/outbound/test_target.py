"""URLs that may be asked, as far as their text tells."""

import pytest

from accounts.outbound.errors import TargetError
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import parse_target

STRICT = OutboundSettings()
LAX = OutboundSettings(allow_private=True)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://example.org/hook?a=b", "https://example.org"),
        ("https://EXAMPLE.org:443/", "https://example.org"),
        ("https://example.org:8443/x", "https://example.org:8443"),
        ("https://8.8.8.8/", "https://8.8.8.8"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example"),
    ],
)
def test_public_hosts_may_be_asked(url: str, origin: str) -> None:
    target = parse_target(url, STRICT)
    assert (target.url, target.origin) == (url, origin)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https:///x",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://example.org/#x",
        "https://example.org:22/",
        "https://example.org:6379/",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://localhost/",
        "https://db/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://a.localhost/",
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/\n",
        "https://bücher.example/",
        "https://[::1/",
        "https://example..org/",
        "example.org",
        "",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_others_may_not_and_are_not_repeated(url: str) -> None:
    with pytest.raises(TargetError, match="expected") as raised:
        parse_target(url, STRICT)
    assert not url or url not in str(raised.value)


def test_closed_networks_may_allow_more() -> None:
    assert parse_target("http://127.0.0.1:8000/x", LAX).origin == "http://127.0.0.1:8000"
    for url in ("file:///etc/passwd", "https://user@example.org/", "gopher://127.0.0.1/"):
        with pytest.raises(TargetError):
            parse_target(url, LAX)

"""Links: which hosts a text leads to. Pure.

Found is what a reader would take for an address: with a scheme or www; a name with a path; and a
bare name of a domain that links are commonly made with. "e.g.", "file.txt" and "wait...what" are
none. With a scheme, pages make a link of it whatever stands before it, and browsers read hosts more
generously than people write them (WHATWG URL, "host parsing"; UTS #46): so it is read here, too.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

HOST_CHARACTERS: Final = 253
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_NAME: Final = rf"(?:{_LABEL}\.){{1,126}}{_LABEL}"  # RFC 1035: 127 labels have room
_LINK: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,9}:[/\\]{2,}(?P<authority>[^\s/\\?#<>\"]*)"
    rf"|(?<![\w@.-])(?P<host>{_NAME})\.?(?P<port>:[0-9]{{1,5}})?(?P<path>[/?#]\S)?",
    re.IGNORECASE,
)
_HOST: Final = re.compile(_NAME, re.IGNORECASE)
# Where a host has no dots at all, a browser may take it for the number of an address.
_BEGINNING: Final = re.compile(rf"(?:{_LABEL}\.){{0,126}}{_LABEL}", re.IGNORECASE)
_DOTS: Final = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))
_SELECTORS: Final = range(0xFE00, 0xFE10)  # of variants of a letter: no part of names
_TOP_LEVEL: Final = re.compile(r"[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59}", re.IGNORECASE)
# Without a scheme or a path, only these make a link of two words with a dot between them.
_COMMON: Final = frozenset({
    "app", "art", "at", "au", "be", "biz", "br", "ca", "cc", "ch", "click", "club", "cn", "co",
    "com", "cz", "de", "dev", "dk", "es", "eu", "fi", "fm", "fr", "fun", "gg", "gl", "gle", "hu",
    "icu", "ie", "il", "in", "info", "io", "ir", "jp", "kr", "lat", "link", "live", "ly", "moe",
    "mx", "net", "nl", "news", "no", "online", "org", "page", "pe", "ph", "pl", "pro", "pt", "pw",
    "ro", "ru", "sbs", "se", "sg", "shop", "site", "space", "store", "stream", "su", "tech", "tk",
    "top", "tr", "tv", "tw", "ua", "uk", "us", "vip", "vn", "website", "wiki", "win", "work",
    "world", "ws", "xxx", "xyz", "za", "zone",
})  # fmt: skip


def hosts_in(text: str) -> tuple[str, ...]:
    """Return the hosts that the text links to, in lower case; each once, in their order."""
    found = []
    for link in _LINK.finditer(_as_read(text)):
        if link["authority"] is not None:
            found.append(_host_in(link["authority"]))
            continue
        host = link["host"].lower()
        top_level = host.rpartition(".")[2]
        is_name = _TOP_LEVEL.fullmatch(top_level) is not None
        is_link = host.startswith("www.") or link["path"] is not None or top_level in _COMMON
        if is_name and is_link:
            found.append(host)
    return tuple(dict.fromkeys(found))


def host_of(text: str) -> str | None:
    """Read the host that a filter names, such as "example.org"; None if it is none."""
    host = unicodedata.normalize("NFKC", text).strip().lower().removeprefix("*.").rstrip(".")
    if len(host) > HOST_CHARACTERS or _HOST.fullmatch(host) is None:
        return None
    return host


def _as_read(text: str) -> str:
    """Return a text with its hosts as browsers read them."""
    seen = unicodedata.normalize("NFKC", text).translate(_DOTS)
    return "".join(
        each
        for each in seen
        if each.isascii() or (unicodedata.category(each) != "Cf" and ord(each) not in _SELECTORS)
    )


def _host_in(authority: str) -> str:
    """Return the host behind a scheme: its beginning that is a name, else all that there is."""
    host = unquote(authority.rpartition("@")[2]).lower()
    name = _BEGINNING.match(host)
    return host if name is None else name[0]


def is_within(host: str, domain: str) -> bool:
    """Whether a host is the domain or below it."""
    return host == domain or host.endswith(f".{domain}")

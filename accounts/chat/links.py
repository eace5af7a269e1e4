"""Links: which hosts a text leads to. Pure.

Found is what a reader would take for an address: with a scheme or www; a name with a path; and a
bare name of a domain that links are commonly made with. "e.g.", "file.txt" and "wait...what" are
none.
"""

import re
import unicodedata
from typing import Final

HOST_CHARACTERS: Final = 253
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_LINK: Final = re.compile(
    rf"(?<![\w@.-])(?P<scheme>[a-z][a-z0-9+.-]{{1,9}}://(?:[^\s/@]{{1,64}}@)?)?"
    rf"(?P<host>(?:{_LABEL}\.){{1,8}}{_LABEL})\.?(?P<port>:[0-9]{{1,5}})?(?P<path>[/?#]\S)?",
    re.IGNORECASE,
)
_HOST: Final = re.compile(rf"(?:{_LABEL}\.){{1,8}}{_LABEL}", re.IGNORECASE)
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
    for link in _LINK.finditer(unicodedata.normalize("NFKC", text)):
        host = link["host"].lower()
        top_level = host.rpartition(".")[2]
        if _TOP_LEVEL.fullmatch(top_level) is None:
            is_link = link["scheme"] is not None  # an address in numbers
        else:
            is_link = (
                link["scheme"] is not None
                or host.startswith("www.")
                or link["path"] is not None
                or top_level in _COMMON
            )
        if is_link:
            found.append(host)
    return tuple(dict.fromkeys(found))


def host_of(text: str) -> str | None:
    """Read the host that a filter names, such as "example.org"; None if it is none."""
    host = unicodedata.normalize("NFKC", text).strip().lower().removeprefix("*.").rstrip(".")
    if len(host) > HOST_CHARACTERS or _HOST.fullmatch(host) is None:
        return None
    return host


def is_within(host: str, domain: str) -> bool:
    """Whether a host is the domain or below it."""
    return host == domain or host.endswith(f".{domain}")

"""Commands: what begins with a slash and is not said, but done. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

TIMEOUT_S_MAX: Final = 14 * 86_400
SLOW_MODE_S_MAX: Final = 3_600
FOLLOWERS_MIN_MAX: Final = 90 * 1_440
_UNITS_S: Final = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"([0-9]{1,8})([smhd]?)", re.ASCII)
_QUOTED: Final = re.compile(r'@?"([^"]+)"\s*')
_WORD: Final = re.compile(r"@?(\S+)\s*")


class CommandError(ValueError):
    """It is no command, or one that lacks something; the text says how it is written."""


@dataclass(frozen=True, slots=True)
class Me:
    """Say something about oneself: "/me waves"."""

    text: str


@dataclass(frozen=True, slots=True)
class Help:
    """Say which commands there are."""


@dataclass(frozen=True, slots=True)
class Timeout:
    """Let somebody be silent for a while."""

    name: str
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ban:
    """Let somebody neither speak nor watch until that is lifted."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unban:
    """Lift a ban or a timeout."""

    name: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a message away."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Take away all that somebody has said, or all that anybody has."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Slow:
    """Let everybody wait between messages; 0: not at all."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Followers:
    """Let only those speak who have followed for so long; None: everybody."""

    minutes: int | None


@dataclass(frozen=True, slots=True)
class Mod:
    """Name a moderator."""

    name: str


@dataclass(frozen=True, slots=True)
class Unmod:
    """Dismiss a moderator."""

    name: str


ChatCommand = Me | Help | Timeout | Ban | Unban | Delete | Clear | Slow | Followers | Mod | Unmod

USAGE: Final = {
    "me": "/me TEXT",
    "help": "/help",
    "timeout": "/timeout NAME SECONDS [reason]",
    "ban": "/ban NAME [reason]",
    "unban": "/unban NAME",
    "delete": "/delete MESSAGE",
    "clear": "/clear [NAME]",
    "slow": "/slow SECONDS|off",
    "followers": "/followers [MINUTES]|off",
    "mod": "/mod NAME",
    "unmod": "/unmod NAME",
}
"""How each is written. A name with blanks stands in quotation marks."""

FOR_EVERYBODY: Final = ("me", "help")


def is_command(text: str) -> bool:
    """Whether a line is a command. Two slashes begin a line that begins with one."""
    return text.startswith("/") and not text.startswith("//")


def parse_command(line: str) -> ChatCommand:
    """Read a command. Raises CommandError."""
    word, _, rest = line.removeprefix("/").partition(" ")
    name = word.casefold()
    parse = _PARSERS.get(name)
    if parse is None:
        raise CommandError("There is no such command; /help lists them.")
    try:
        return parse(rest.strip())
    except CommandError as error:
        detail = f" ({error})" if str(error) else ""
        raise CommandError(f"It is written {USAGE[name]}{detail}.") from None


def help_text(*, for_staff: bool) -> str:
    """Say which commands there are."""
    shown = [usage for name, usage in USAGE.items() if for_staff or name in FOR_EVERYBODY]
    return ", ".join(shown)


def _me(rest: str) -> Me:
    if not rest:
        raise CommandError
    return Me(rest)


def _help(_rest: str) -> Help:
    return Help()


def _timeout(rest: str) -> Timeout:
    name, rest = _name(rest)
    seconds, _, reason = rest.partition(" ")
    return Timeout(name, _seconds(seconds, 1, TIMEOUT_S_MAX), reason.strip())


def _ban(rest: str) -> Ban:
    name, reason = _name(rest)
    return Ban(name, reason)


def _delete(rest: str) -> Delete:
    if not rest.isascii() or not rest.isdigit():
        raise CommandError
    return Delete(rest)


def _clear(rest: str) -> Clear:
    return Clear(_alone(rest) if rest else None)


def _slow(rest: str) -> Slow:
    return Slow(0 if rest.casefold() == "off" else _seconds(rest, 0, SLOW_MODE_S_MAX))


def _followers(rest: str) -> Followers:
    if rest.casefold() == "off":
        return Followers(None)
    if not rest:
        return Followers(0)
    if not rest.isascii() or not rest.isdigit() or int(rest[:9]) > FOLLOWERS_MIN_MAX:
        raise CommandError(f"0 to {FOLLOWERS_MIN_MAX}")
    return Followers(int(rest))


def _name(rest: str) -> tuple[str, str]:
    found = _QUOTED.match(rest) or _WORD.match(rest)
    if found is None:
        raise CommandError
    return found[1], rest[found.end() :].strip()


def _alone(rest: str) -> str:
    """Read a name that nothing follows: then it needs no quotation marks."""
    quoted = _QUOTED.fullmatch(rest)
    name = quoted[1] if quoted else rest.removeprefix("@")
    if not name:
        raise CommandError
    return name


def _seconds(text: str, least: int, most: int) -> int:
    found = _DURATION.fullmatch(text.casefold())
    seconds = int(found[1]) * _UNITS_S[found[2]] if found else -1
    if not least <= seconds <= most:
        raise CommandError(f"{least} to {most} seconds, or such as 10m, 2h, 1d")
    return seconds


_PARSERS: Final[Mapping[str, Callable[[str], ChatCommand]]] = {
    "me": _me,
    "help": _help,
    "timeout": _timeout,
    "ban": _ban,
    "unban": lambda rest: Unban(_alone(rest)),
    "delete": _delete,
    "clear": _clear,
    "slow": _slow,
    "followers": _followers,
    "mod": lambda rest: Mod(_alone(rest)),
    "unmod": lambda rest: Unmod(_alone(rest)),
}

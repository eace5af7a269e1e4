"""The words of an MPD's attributes: XML Schema's simple types and those of DASH's own schema.

Source: XML Schema 1.1 part 2; ISO/IEC 23009-1 annex B. Times become whole microseconds.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from conformance.errors import MpdSyntaxError

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,7})M)?"
    r"(?:(?P<seconds>\d{1,10}(?:\.\d{1,12})?)S)?)?"
)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)?"
)
_UNSIGNED = r"\+?\d{1,20}"
_URI = r"[^\s<>\"{}|\\^`]*"
_CODECS = r"[A-Za-z0-9!#$%^*_+{}|'.`~&\\-]+(?:,[A-Za-z0-9!#$%^*_+{}|'.`~&\\-]+)*"

# What a value of each type looks like; the patterns match the whole of it.
PATTERNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "string": r"(?s:.*)",
        "uri": _URI,
        "boolean": r"true|false|1|0",
        "integer": r"[+-]?\d{1,20}",
        "unsignedInt": _UNSIGNED,
        "unsignedLong": _UNSIGNED,
        "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "duration": _DURATION.pattern,
        "dateTime": _DATE_TIME.pattern,
        "profiles": r"[^\s,]+(?:,[^\s,]*)*",
        "presentationType": r"static|dynamic",
        "contentType": r"text|image|audio|video|application|font",
        "ratio": r"\d*:\d*",
        "frameRate": r"\d+(?:/[1-9]\d*)?",
        "conditionalUint": rf"{_UNSIGNED}|true|false",
        "sap": r"[0-6]",
        "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
        "idWithoutSpace": r"\S*",
        "words": r"(?s:.*)",
        "uints": rf"\s*(?:{_UNSIGNED}(?:\s+{_UNSIGNED})*)?\s*",
        "samplingRate": rf"{_UNSIGNED}(?:\s+{_UNSIGNED})?",
        "codecs": _CODECS,
        "scanType": r"progressive|interlaced|unknown",
        "range": r"\d*(?:-\d*)?",
        "referenceTimeType": r"encoder|captured|application",
        "switchingType": r"media|bitstream",
        "randomAccessType": r"closed|open|gradual",
        "resyncType": r"[0-6]",
    }.items()
}
_LIMITS = {"unsignedInt": 2**32, "unsignedLong": 2**64}


def is_of_type(text: str, name: str) -> bool:
    """Tell whether a value has the lexical form of a type, which is a key of PATTERNS."""
    if PATTERNS[name].fullmatch(text) is None:
        return False
    limit = _LIMITS.get(name)
    if limit is not None:
        return int(text) < limit
    if name == "duration":
        return text != "P"
    return name != "dateTime" or _is_date(text)


def read_duration_us(text: str) -> int:
    """Read an xs:duration of days and less; raise MpdSyntaxError.

    Years and months have no fixed length, so no player can count with them.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groupdict().values()):
        raise MpdSyntaxError(f"expected a duration like PT2.5S, got {text[:80]!r}")
    days, hours, minutes = (int(match[name] or 0) for name in ("days", "hours", "minutes"))
    seconds_us = int(Decimal(match["seconds"] or 0) * 1_000_000)
    return ((days * 24 + hours) * 60 + minutes) * 60_000_000 + seconds_us


def read_date_time_us(text: str) -> int:
    """Read an xs:dateTime as microseconds since 1970; without a zone it is UTC.

    Raises MpdSyntaxError.
    """
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None:
        raise MpdSyntaxError(f"expected a date like 2026-11-21T12:00:00.000Z, got {text[:80]!r}")
    year, month, day, hour, minute, second = (int(match[number]) for number in range(1, 7))
    fraction, zone = match[7], match[8]
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as exc:
        raise MpdSyntaxError(f"expected a date that exists, got {text[:80]!r}") from exc
    offset_s = 0
    if zone not in (None, "Z"):
        hours, minutes = zone[1:].split(":")
        offset_s = (int(hours) * 60 + int(minutes)) * (-60 if zone[0] == "-" else 60)
    fraction_us = int((fraction or "0")[:6].ljust(6, "0"))
    return (int(moment.timestamp()) - offset_s) * 1_000_000 + fraction_us


def read_offset_us(text: str) -> int | None:
    """Read an availabilityTimeOffset in seconds; None for INF, that is always available."""
    if text.strip() in {"INF", "+INF"}:
        return None
    if PATTERNS["double"].fullmatch(text) is None or text == "NaN":
        raise MpdSyntaxError(f"expected seconds or INF, got {text[:80]!r}")
    return int(Decimal(text) * 1_000_000)


def _is_date(text: str) -> bool:
    try:
        read_date_time_us(text)
    except MpdSyntaxError:
        return False
    return True

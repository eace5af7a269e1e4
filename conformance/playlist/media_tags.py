"""Values of single media playlist tags, apart from the order in which the tags stand."""

import re
from datetime import UTC, datetime, timedelta

from conformance.check import Check
from conformance.errors import PlaylistSyntaxError
from conformance.playlist.attributes import AttributeList
from conformance.playlist.lines import Line
from conformance.playlist.media_playlist import ByteRange, PreloadHint, ServerControl

_BYTE_RANGE = re.compile(r"([0-9]{1,20})(?:@([0-9]{1,20}))?")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decimal_integer(line: Line, check: Check) -> int:
    """Read a tag whose value is one decimal-integer; `check` is the rule it would break."""
    if not re.fullmatch(r"[0-9]{1,20}", line.value):
        raise PlaylistSyntaxError(
            check, line.number, f"{line.tag}: expected a decimal integer, got {line.value[:40]!r}"
        )
    return int(line.value)


def server_control(attributes: AttributeList) -> ServerControl:
    """Read EXT-X-SERVER-CONTROL."""
    return ServerControl(
        attributes.yes("CAN-BLOCK-RELOAD"),
        attributes.maybe_duration_us("HOLD-BACK"),
        attributes.maybe_duration_us("PART-HOLD-BACK"),
        attributes.maybe_duration_us("CAN-SKIP-UNTIL"),
        attributes.yes("CAN-SKIP-DATERANGES"),
    )


def preload_hint(attributes: AttributeList) -> PreloadHint:
    """Read EXT-X-PRELOAD-HINT."""
    return PreloadHint(
        attributes.enumerated("TYPE"),
        attributes.quoted("URI"),
        attributes.maybe_integer("BYTERANGE-START"),
        attributes.maybe_integer("BYTERANGE-LENGTH"),
    )


def maybe_byte_range(attributes: AttributeList) -> ByteRange | None:
    """Read an optional BYTERANGE attribute."""
    value = attributes.maybe_quoted("BYTERANGE")
    if value is None:
        return None
    return byte_range(attributes.tag, attributes.line_number, value)


def byte_range(tag: str, line_number: int, value: str) -> ByteRange:
    """Read `LENGTH[@OFFSET]`."""
    match = _BYTE_RANGE.fullmatch(value)
    if match is None:
        raise PlaylistSyntaxError(
            Check.ATTRIBUTE_SYNTAX, line_number, f"{tag}: expected LENGTH[@OFFSET], got {value!r}"
        )
    return ByteRange(int(match[1]), int(match[2]) if match[2] else None)


def date_time_us(line: Line) -> int:
    """Read an ISO 8601 time with zone as microseconds since 1970."""
    wrong = PlaylistSyntaxError(
        Check.PROGRAM_DATE_TIME,
        line.number,
        f"expected an ISO 8601 date and time with a zone, got {line.value[:40]!r}",
    )
    if not _DATE_TIME.fullmatch(line.value):
        raise wrong
    try:
        return (datetime.fromisoformat(line.value) - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError) as exc:
        raise wrong from exc

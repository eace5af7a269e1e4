"""Range requests (RFC 9110, 14): one range of one known length. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# rfc8216bis clients that do not know the length ask for bytes=N-9007199254740991, 16 digits.
_SINGLE_RANGE: Final = re.compile(r"bytes=[ \t]*([0-9]{0,19})-([0-9]{0,19})[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `first` to before `end` of a representation."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """No byte of the representation lies in the range asked for: 416."""


def parse_range(header: str, length: int) -> ByteRange | Unsatisfiable | None:
    """Read a Range header for a representation of `length` bytes.

    None means: answer as if there were no Range header. "A server MAY ignore the Range header
    field" (14.2), and does so for several ranges, other units and anything malformed. Never
    raises.
    """
    match = _SINGLE_RANGE.fullmatch(header)
    if match is None:
        return None
    first_digits, last_digits = match.groups()
    if not first_digits:
        if not last_digits:
            return None
        suffix_length = min(int(last_digits), length)
        return ByteRange(length - suffix_length, length) if suffix_length else Unsatisfiable()
    first = int(first_digits)
    if last_digits and int(last_digits) < first:
        return None  # "an int-range is invalid if the last-pos value is less than first-pos" 14.1.1
    if first >= length:
        return Unsatisfiable()
    return ByteRange(first, min(int(last_digits) + 1, length) if last_digits else length)


def slice_chunks(chunks: Sequence[bytes], wanted: ByteRange) -> list[bytes | memoryview]:
    """Cut the range out of a body that lies in several pieces, without joining or copying them."""
    sliced: list[bytes | memoryview] = []
    start = 0
    for chunk in chunks:
        end = start + len(chunk)
        if end > wanted.first and start < wanted.end:
            if wanted.first <= start and end <= wanted.end:
                sliced.append(chunk)
            else:
                sliced.append(
                    memoryview(chunk)[max(wanted.first - start, 0) : min(wanted.end, end) - start]
                )
        start = end
    return sliced

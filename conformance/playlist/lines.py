"""Lines: a playlist's bytes as numbered lines, after the rules that hold for the whole text."""

import re
from typing import NamedTuple

from conformance.check import Check
from conformance.errors import PlaylistSyntaxError

MAX_PLAYLIST_BYTES = 8 * 2**20  # a day of 2 s segments is about 4 MB
# "MUST NOT contain UTF-8 control characters (U+0000 to U+001F and U+007F to U+009F), with the
# exceptions of CR and LF" (rfc8216bis 4); TAB separates the ids of RECENTLY-REMOVED-DATERANGES.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile(r"\r?\n")


class Line(NamedTuple):
    """A line that is neither blank nor a comment; `tag` is empty for a URI."""

    number: int
    tag: str
    value: str


def read_lines(body: bytes) -> list[Line]:
    """Split a playlist; raise PlaylistSyntaxError if it is no playlist text."""
    if len(body) > MAX_PLAYLIST_BYTES:
        raise PlaylistSyntaxError(
            Check.PLAIN_UTF8, 1, f"expected at most {MAX_PLAYLIST_BYTES} bytes, got {len(body)}"
        )
    if body.startswith(b"\xef\xbb\xbf"):
        raise PlaylistSyntaxError(Check.PLAIN_UTF8, 1, "expected no byte order mark, got one")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as exc:
        line_number = body.count(b"\n", 0, exc.start) + 1
        raise PlaylistSyntaxError(
            Check.PLAIN_UTF8, line_number, f"expected UTF-8, got byte 0x{body[exc.start]:02x}"
        ) from exc
    raw_lines = _LINE_END.split(text)
    # Strict: `#EXTM3U` and nothing else, as hls.js and AVPlayer look for it at byte 0.
    if raw_lines[0] != "#EXTM3U":
        raise PlaylistSyntaxError(
            Check.FIRST_LINE, 1, f"expected #EXTM3U, got {raw_lines[0][:40]!r}"
        )
    lines: list[Line] = []
    for number, raw in enumerate(raw_lines[1:], start=2):
        control = _CONTROL.search(raw)
        if control is not None or ("\t" in raw and not raw.startswith("#EXT-X-SKIP:")):
            character = control[0] if control else "\t"
            raise PlaylistSyntaxError(
                Check.PLAIN_UTF8, number, f"expected no control character, got {character!r}"
            )
        if "\r" in raw:
            raise PlaylistSyntaxError(Check.PLAIN_UTF8, number, "expected LF after CR, got none")
        if raw.startswith("#EXT"):
            tag, _, value = raw.partition(":")
            lines.append(Line(number, tag, value))
        elif raw and not raw.startswith("#"):
            lines.append(Line(number, "", raw))
    return lines

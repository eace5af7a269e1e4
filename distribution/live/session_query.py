"""The name of a playback session in a request line: `?s=NAME`, before all else in the query. Pure.

Playlists are the same for everybody: the name is taken out before anybody looks what is asked for,
so that what was decided and rendered for one viewer is right for all. Whether it is worth anything,
others say.
"""

import re
from typing import Final

_LENGTH: Final = 12
_VERSION_BYTES: Final = len(" HTTP/1.1")
_NAME: Final = re.compile(r"s=([A-Za-z0-9_-]{12})(?:&(.*))?", re.DOTALL)
# For `translate`: a 1 for what stands in no name. Whatever else is cut out of a line, a line end
# say, might make a plain one of another.
_OTHERS: Final = bytes(
    re.fullmatch(rb"[A-Za-z0-9_-]", bytes([byte])) is None for byte in range(256)
)


def split_session(line: bytes) -> tuple[bytes, bytes | None]:
    """Return a request line without the name, and the name; the line as it is if there is none."""
    at = line.find(b"?")
    begin = at + 3
    if at < 0 or line[at + 1 : begin] != b"s=":
        return line, None
    end = begin + _LENGTH
    name, after = line[begin:end], line[end : end + 1]
    if 1 in name.translate(_OTHERS):
        return line, None
    if after == b"&":
        return line[: at + 1] + line[end + 1 :], name
    if after == b" " and len(line) - end == _VERSION_BYTES:  # else it stands in no target
        return line[:at] + line[end:], name
    return line, None


def split_session_query(query: str) -> tuple[str, bytes | None]:
    """Do the same with a query alone."""
    match = _NAME.fullmatch(query)
    return (query, None) if match is None else (match[2] or "", match[1].encode())


def with_session(text: bytes, name: bytes, *, is_manifest: bool) -> bytes:
    """Put the name into the URLs of what describes a whole show, for one viewer alone.

    Into those of all media playlists, or into the address of the next manifest.
    """
    if is_manifest:
        return text.replace(b"<Location>manifest.mpd?", b"<Location>manifest.mpd?s=%b&amp;" % name)
    return text.replace(b"/index.m3u8", b"/index.m3u8?s=%b" % name)

"""What a URL below /live/ names. Pure: says nothing of whether it exists."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from distribution.channel_name import is_channel_name


class MediaKind(StrEnum):
    """Which numbered resource of a rendition; the value is how its file name begins."""

    INIT = "init"
    PART = "part"
    SEGMENT = "segment"


class MultivariantAddress(NamedTuple):
    """The multivariant playlist of a channel: the one URL that people know."""

    channel: str


class ManifestAddress(NamedTuple):
    """The DASH manifest of a channel: the same show for other players."""

    channel: str


class ClockAddress(NamedTuple):
    """The server's clock, beside the manifest: so whoever may have that finds it, too."""

    channel: str


class PlaylistAddress(NamedTuple):
    """The media playlist of one rendition of one Publication."""

    channel: str
    epoch: str
    rendition: str


class MediaAddress(NamedTuple):
    """Media bytes of one rendition of one Publication."""

    channel: str
    epoch: str
    rendition: str
    kind: MediaKind
    number: int


Address = MultivariantAddress | ManifestAddress | ClockAddress | PlaylistAddress | MediaAddress

_PLAYLIST: Final = "index.m3u8"
_MANIFEST: Final = "manifest.mpd"
_CLOCK: Final = "time"
_OF_CHANNEL: Final[dict[str, Callable[[str], Address]]] = {
    _PLAYLIST: MultivariantAddress,
    _MANIFEST: ManifestAddress,
    _CLOCK: ClockAddress,
}
# Numbers without leading zeros: one resource has one URL, or caches would hold it twice.
_MEDIA_FILE: Final = re.compile(
    r"(?:(init)-([1-9][0-9]{0,9})\.mp4|(part|segment)-([1-9][0-9]{0,9})\.m4s)"
)


@lru_cache(maxsize=2048)  # all viewers of a channel ask for the same few
def parse_live_path(path: str) -> Address | None:
    """Read a path that begins with `/live/`, as it came on the wire, without its query.

    None for anything that can never exist. Never raises. Percent-encoding is not decoded: no name
    here needs it, and so no spelling of `..` or `/` can mean anything.
    """
    match path.split("/"):
        case ["", "live", channel, name] if is_channel_name(channel):
            of_channel = _OF_CHANNEL.get(name)
            return of_channel(channel) if of_channel is not None else None
        case ["", "live", channel, epoch, rendition, name] if is_channel_name(channel):
            if name == _PLAYLIST:
                return PlaylistAddress(channel, epoch, rendition)
            if (file := _MEDIA_FILE.fullmatch(name)) is not None:
                kind = MediaKind(file[1] or file[3])
                return MediaAddress(channel, epoch, rendition, kind, int(file[2] or file[4]))
    return None

"""LiveTarget: what one request line asks for below /live/, whoever has read it. Pure."""

from functools import lru_cache
from typing import Final, NamedTuple

from distribution.live.address import (
    Address,
    ClockAddress,
    ManifestAddress,
    MediaAddress,
    MediaKind,
    MultivariantAddress,
    PlaylistAddress,
    parse_live_path,
)
from distribution.live.token_path import LINE_MARK, split_token
from distribution.request_head import RequestLine, read_request_line
from distribution.response_counters import ResourceKind

LIVE_FOLDER: Final = "/live/"
_REPORT: Final = "seen=1"
_MEDIA_RESOURCES: Final = {kind: ResourceKind(kind.value) for kind in MediaKind}
# Longer lines are nobody's but a stranger's, and would fill the memory of lines.
_REMEMBERED_LINE_BYTES: Final = 256
# Where it may begin, and end: behind GET, HEAD or OPTIONS.
_MARK_FROM: Final = len("GET")
_MARK_TO: Final = len("OPTIONS") + len(LINE_MARK)


class LiveTarget(NamedTuple):
    """A request line below /live/; `address` is None where there can be nothing.

    `token` is what the viewer shows to be let in, if anything, and unchecked. `name` is the last
    piece of the path with the query, and a "~" before it where a token came. `shared` is the
    address once more where all bytes of the response may be the same for many: a GET of what a
    rendition has. `is_report`: a cache has answered this from what it keeps, and says so.
    `heard_channel` is the channel if it is of interest what the player says with the request.
    """

    method: str
    address: Address | None
    query: str
    name: str
    kind: ResourceKind
    is_http_1_1: bool
    shared: PlaylistAddress | MediaAddress | None
    token: str | None = None
    is_report: bool = False
    heard_channel: str | None = None


def read_live_target(line: bytes) -> LiveTarget | None:
    """Read a request line; None if it is not plain, or not of live media. Never raises."""
    # A line with a token is one viewer's own: it would push out those of many.
    if len(line) > _REMEMBERED_LINE_BYTES or line.find(LINE_MARK, _MARK_FROM, _MARK_TO) >= 0:
        return _read(line)
    return _read_remembered(line)


def live_target(line: RequestLine) -> LiveTarget:
    """Name what a line asks for whose path begins with /live/."""
    token, path = split_token(line.path)
    address = parse_live_path(path)
    # An nginx that answers playlists from its cache mirrors them here: see deploy/nginx.conf.
    says_report = line.query == _REPORT or line.query.endswith("&" + _REPORT)
    is_report = says_report and isinstance(address, PlaylistAddress | ManifestAddress)
    is_get = line.method == "GET"
    is_shared = is_get and line.is_http_1_1 and not says_report
    return LiveTarget(
        line.method,
        address,
        line.query,
        f"{'' if token is None else '~'}{path.rpartition('/')[2]}?{line.query}",
        _resource_kind(address),
        line.is_http_1_1,
        address if is_shared and isinstance(address, PlaylistAddress | MediaAddress) else None,
        token,
        is_report,
        # Of what a cache reports, it has asked for some itself: none counts twice.
        address.channel if is_get and not is_report and address is not None else None,
    )


def _read(line: bytes) -> LiveTarget | None:
    read = read_request_line(line)
    if read is None or not read.path.startswith(LIVE_FOLDER):
        return None
    return live_target(read)


# All viewers of a channel ask for the same few things within the same moment.
_read_remembered = lru_cache(maxsize=4096)(_read)


def _resource_kind(address: Address | None) -> ResourceKind:
    match address:
        case MediaAddress():
            return _MEDIA_RESOURCES[address.kind]
        case MultivariantAddress():
            return ResourceKind.MULTIVARIANT
        case ManifestAddress():
            return ResourceKind.MANIFEST
        case None | ClockAddress():
            return ResourceKind.OTHER_LIVE
        case _:
            return ResourceKind.PLAYLIST

"""What a request below /live/ gets, judged by what is on air at this moment.

Knows addresses and the live model; not HTTP headers, sockets or waiting. Whoever has waited for
an Await asks again: the answer may have become another one meanwhile.
"""

from collections.abc import Hashable, Sequence
from typing import Any, Final, NamedTuple, assert_never

from distribution import caching
from distribution.live.address import (
    Address,
    ClockAddress,
    ManifestAddress,
    MediaAddress,
    MediaKind,
    MultivariantAddress,
    PlaylistAddress,
)
from packager.dash import follow_query
from packager.hls import DeliveryDirectives, Position, Reject, Respond, WaitFor
from packager.hls import decide as decide_delivery
from packager.live import (
    PENDING,
    Publication,
    Publications,
    PublicationState,
    RenderedPlaylist,
    Rendition,
    WaitingRoom,
)


class ServePlaylist(NamedTuple):
    """Send a playlist, multivariant or media, or the DASH manifest.

    `is_first` says that players begin with it, and have had none before.
    """

    playlist: RenderedPlaylist
    cache_control: bytes
    is_manifest: bool = False
    is_first: bool = False


class ServeMedia(NamedTuple):
    """Send media bytes, which lie in one or more chunks and never change."""

    chunks: Sequence[bytes]
    is_video: bool


class ServeGrowing(NamedTuple):
    """Send the parts of a segment as they come; each within `limit_s` after the one before."""

    rendition: Rendition
    msn: int
    limit_s: float


class ServeNothing(NamedTuple):
    """Say that there is no media at this address, though it was listed.

    `cache_control` lets nobody keep that: where the media broke off before, the media after the
    break begins at the same address.
    """

    cache_control: bytes


class ServeTime(NamedTuple):
    """Send the time by the clock that the media of the show is dated by."""

    unix_ms: int


class Await(NamedTuple):
    """Wait in the room until the wish comes true, at most `limit_s`."""

    room: WaitingRoom[Any]
    wish: Hashable
    limit_s: float


class Refuse(NamedTuple):
    """Send an error. `text` holds nothing of the request but numbers."""

    status: int
    text: str
    cache_control: bytes


Answer = ServePlaylist | ServeMedia | ServeGrowing | ServeNothing | ServeTime | Refuse
Decision = Answer | Await

_FIRST_SEGMENT: Final = Position(0, None)
_MAX_WAIT_S: Final = 9.0

NO_SUCH_URL: Final = Refuse(404, "there can be nothing at this URL", caching.NOT_FOUND)
NOT_LIVE: Final = Refuse(404, "this channel is not live", caching.NOT_FOUND)
LEAVE_OVER: Final = Refuse(403, "your leave to watch has ended", caching.NEVER)
_STARTING: Final = Refuse(503, "this channel is about to be live", caching.NEVER)
_NO_SUCH_EPOCH: Final = Refuse(404, "this show is over, or was never there", caching.NOT_FOUND)
_NO_SUCH_RENDITION: Final = Refuse(404, "this show has no such rendition", caching.NOT_FOUND)
# How many segments a manifest has listed after the last that has any media: one that has begun and
# the one after it. To the end of a show Shaka asks for them until it gets an answer.
_LISTED_AHEAD: Final = 2
_NO_MEDIA: Final = ServeNothing(caching.NEVER)
_NO_SUCH_MEDIA: Final = Refuse(
    404, "expected media that is listed or hinted, got a number that is not", caching.NOT_FOUND
)


def decide(publications: Publications, address: Address, query: str) -> Decision:
    """Decide on one request; `query` is the URL's, without its question mark."""
    publication = publications.get(address.channel)
    if publication is None:
        return NOT_LIVE
    if isinstance(address, MultivariantAddress):
        return _decide_whole(publication, publication.multivariant(), is_first=True)
    if isinstance(address, ManifestAddress):
        is_followed = query == follow_query(publication.epoch)
        manifest = publication.manifest(is_followed=is_followed)
        return _decide_whole(publication, manifest, is_manifest=True, is_first=not is_followed)
    if isinstance(address, ClockAddress):
        return ServeTime(publication.clock.unix_ms())
    if publication.epoch != address.epoch:
        return _NO_SUCH_EPOCH
    rendition = publication.renditions.get(address.rendition)
    if rendition is None:
        return _NO_SUCH_RENDITION
    if isinstance(address, PlaylistAddress):
        return _decide_playlist(rendition, query)
    return _decide_media(rendition, address)


def decide_report(publications: Publications, address: Address) -> Decision:
    """Decide on word from a cache that it has answered this by itself: there is nothing to send."""
    publication = publications.get(address.channel)
    if publication is None:
        return NOT_LIVE
    if isinstance(address, PlaylistAddress) and find_rendition(publications, address) is None:
        return _NO_SUCH_RENDITION
    return _NO_MEDIA


def find_rendition(
    publications: Publications, address: PlaylistAddress | MediaAddress
) -> Rendition | None:
    """Return the rendition that the address is of, if it is on air."""
    publication = publications.get(address.channel)
    if publication is None or publication.epoch != address.epoch:
        return None
    return publication.renditions.get(address.rendition)


def blocking_limit_s(target_duration_s: int) -> float:
    """Say how long a request may wait: three target durations (rfc8216bis 6.2.5.2).

    At most 9 s, because hls.js gives up on a playlist without a first byte after 10 s.
    """
    return min(3.0 * target_duration_s, _MAX_WAIT_S)


def await_growth(rendition: Rendition, msn: int, part_count: int, limit_s: float) -> Await:
    """Wait until a segment has more than `part_count` parts, or all."""
    return Await(rendition.growth_room, Position(msn, part_count), limit_s)


def _decide_whole(
    publication: Publication,
    playlist: RenderedPlaylist | None,
    *,
    is_manifest: bool = False,
    is_first: bool,
) -> Decision:
    """Decide on what describes the whole show: the multivariant playlist or the manifest."""
    cadence = publication.cadence
    if playlist is not None and cadence is not None:
        cache_control = (
            caching.MANIFEST if is_manifest else caching.current_playlist(cadence.target_duration_s)
        )
        return ServePlaylist(playlist, cache_control, is_manifest, is_first)
    if publication.state is PublicationState.ENDED:
        return NOT_LIVE
    for rendition in publication.renditions.values():
        if not rendition.has_segment:
            limit_s = blocking_limit_s(rendition.timeline.cadence.target_duration_s)
            return Await(rendition.playlist_room, _FIRST_SEGMENT, limit_s)
    return _STARTING


def _decide_playlist(rendition: Rendition, query: str) -> Decision:
    timeline = rendition.timeline
    target_duration_s = timeline.cadence.target_duration_s
    directives = DeliveryDirectives.parse(query)
    match decide_delivery(timeline, directives):
        case Respond(skip):
            cache_control = (
                caching.blocking_playlist(target_duration_s)
                if isinstance(directives, DeliveryDirectives) and directives.msn is not None
                else caching.current_playlist(target_duration_s)
            )
            return ServePlaylist(rendition.playlist(skip=skip), cache_control)
        case WaitFor(position):
            return Await(rendition.playlist_room, position, blocking_limit_s(target_duration_s))
        case Reject(status, text):
            return Refuse(
                status,
                text,
                # What is too far ahead now is right in a moment; what cannot be read never is.
                caching.malformed_directives(target_duration_s)
                if isinstance(directives, Reject)
                else caching.NOT_FOUND,
            )
        case unreachable:
            assert_never(unreachable)


def _decide_media(rendition: Rendition, address: MediaAddress) -> Decision:
    chunks: Sequence[bytes] | None
    match address.kind:
        case MediaKind.PART:
            part = rendition.part(address.number)
            if part is PENDING:
                limit_s = blocking_limit_s(rendition.timeline.cadence.target_duration_s)
                return Await(rendition.part_room, address.number, limit_s)
            chunks = None if part is None else (part,)
        case MediaKind.SEGMENT:
            chunks = rendition.segment(address.number)
            if chunks is None and rendition.timeline.find(address.number) is not None:
                # All of it is a gap. HLS players are told so; a manifest lists it, and those who
                # ask find that nothing was there rather than that it is not there yet.
                return _NO_MEDIA
            if chunks is None and (growing := _decide_growing(rendition, address.number)):
                return growing
        case MediaKind.INIT:
            init = rendition.init_segment(address.number)
            chunks = None if init is None else (init,)
    if chunks is None:
        return _NO_SUCH_MEDIA
    return ServeMedia(chunks, rendition.track.video is not None)


def _decide_growing(rendition: Rendition, msn: int) -> Decision | None:
    """Decide on the open segment and on the one after it; None for any other."""
    timeline = rendition.timeline
    limit_s = blocking_limit_s(timeline.cadence.target_duration_s)
    if timeline.is_ended:
        last_msn = timeline.last_msn
        was_listed = last_msn is not None and last_msn < msn <= last_msn + _LISTED_AHEAD
        return _NO_MEDIA if was_listed else None
    segment = timeline.open
    if segment is not None and segment.msn == msn:
        if segment.parts:
            return ServeGrowing(rendition, msn, limit_s)
        if segment.is_discontinuous:
            # A manifest listed it as what comes next, before the publisher was lost. After an error
            # Shaka asks for it again and again, until it gets other media than it takes it for.
            return _NO_MEDIA
        return await_growth(rendition, msn, 0, limit_s)
    return await_growth(rendition, msn, 0, limit_s) if rendition.is_awaited(msn) else None

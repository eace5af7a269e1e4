"""Decisions about live media as HTTP responses: types, caching, ranges, coding, CORS."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from aiohttp import web

from distribution import caching
from distribution.byte_range import Unsatisfiable, parse_range, slice_chunks
from distribution.content_coding import accepts_gzip
from distribution.live.deciding import Refuse, ServeGrowing, ServeMedia, ServePlaylist
from distribution.response import Chunk, FixedResponse, plain_text

_NOSNIFF: Final = b"X-Content-Type-Options: nosniff\r\n"
_PLAYLIST: Final = (
    # The type that every validator takes (rfc8216bis 4); application/x-mpegURL is refused.
    b"Content-Type: application/vnd.apple.mpegurl\r\nVary: Accept-Encoding\r\n" + _NOSNIFF
)
_MANIFEST: Final = b"Content-Type: application/dash+xml\r\nVary: Accept-Encoding\r\n" + _NOSNIFF
_GZIP: Final = b"Content-Encoding: gzip\r\n"
_MEDIA: Final = (
    b"Cache-Control: " + caching.IMMUTABLE_MEDIA + b"\r\nAccept-Ranges: bytes\r\n" + _NOSNIFF
)
_VIDEO: Final = b"Content-Type: video/mp4\r\n" + _MEDIA
_AUDIO: Final = b"Content-Type: audio/mp4\r\n" + _MEDIA
_GROWING: Final = (
    # nginx then passes each part on at once (ngx_http_proxy_module, proxy_buffering).
    b"Cache-Control: " + caching.IMMUTABLE_MEDIA + b"\r\nX-Accel-Buffering: no\r\n" + _NOSNIFF
)
_GROWING_VIDEO: Final = b"Content-Type: video/mp4\r\n" + _GROWING
_GROWING_AUDIO: Final = b"Content-Type: audio/mp4\r\n" + _GROWING
_CHUNKED: Final = b"Transfer-Encoding: chunked\r\n"
_RETRY_SOON: Final = b"Retry-After: 1\r\n"


def respond_playlist(
    request: web.BaseRequest, decision: ServePlaylist, cors: bytes
) -> FixedResponse:
    """Send the shared bytes of a playlist, gzipped to those who take that."""
    is_gzipped = accepts_gzip(request.headers.get("Accept-Encoding", ""))
    body = decision.playlist.gzip if is_gzipped else decision.playlist.identity
    headers = _playlist_headers(decision.cache_control, cors, decision.is_manifest, is_gzipped)
    return FixedResponse(200, headers, (body,), len(body))


@lru_cache(maxsize=256)  # few cache times, and the origins that may read
def _playlist_headers(
    cache_control: bytes, cors: bytes, is_manifest: bool, is_gzipped: bool
) -> bytes:
    return b"%bCache-Control: %b\r\n%b%b" % (
        _MANIFEST if is_manifest else _PLAYLIST,
        cache_control,
        cors,
        _GZIP if is_gzipped else b"",
    )


def respond_media(request: web.BaseRequest, decision: ServeMedia, cors: bytes) -> FixedResponse:
    """Send media bytes, or the one range of them that was asked for."""
    chunks: Sequence[Chunk] = decision.chunks
    length = len(chunks[0]) if len(chunks) == 1 else sum(map(len, chunks))
    header_block = (_VIDEO if decision.is_video else _AUDIO) + cors
    if request.method == "HEAD":  # "Range [...] is only defined for GET" (RFC 9110, 14.2)
        return FixedResponse(200, header_block, (), length)
    asked = request.headers.get("Range")
    # If-Range names a validator; there are none here, so it never holds (RFC 9110, 13.1.5).
    if asked is None or "If-Range" in request.headers:
        return FixedResponse(200, header_block, chunks, length)
    wanted = parse_range(asked, length)
    if wanted is None:
        return FixedResponse(200, header_block, chunks, length)
    if isinstance(wanted, Unsatisfiable):
        return plain_text(
            416,
            f"expected a range within {length} bytes",
            cache_control=caching.NEVER,
            more_headers=b"Content-Range: bytes */%d\r\n%b" % (length, cors),
        )
    return FixedResponse(
        206,
        b"%bContent-Range: bytes %d-%d/%d\r\n"
        % (header_block, wanted.first, wanted.end - 1, length),
        slice_chunks(decision.chunks, wanted),
        wanted.end - wanted.first,
    )


def growing_headers(decision: ServeGrowing, cors: bytes, *, is_chunked: bool) -> bytes:
    """Describe a segment whose length is not known yet; whoever has all of it may keep it.

    A Range header is ignored: there are no ranges of an unknown whole (RFC 9110, 14.2).
    """
    kind = _GROWING_VIDEO if decision.rendition.track.video is not None else _GROWING_AUDIO
    return b"%b%b%b" % (kind, _CHUNKED if is_chunked else b"", cors)


def respond_refusal(decision: Refuse, cors: bytes) -> FixedResponse:
    """Say why there is nothing, and when to try again if that may change soon."""
    return plain_text(
        decision.status,
        decision.text,
        cache_control=decision.cache_control,
        more_headers=cors + _RETRY_SOON if decision.status == 503 else cors,
    )

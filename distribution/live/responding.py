"""Decisions about live media as HTTP responses: types, caching, ranges, coding, CORS."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from distribution import caching
from distribution.byte_range import Unsatisfiable, parse_range, slice_chunks
from distribution.clock import TIME_HEADERS, utc_text
from distribution.live.deciding import (
    Refuse,
    ServeGrowing,
    ServeMedia,
    ServeNothing,
    ServePlaylist,
    ServeTime,
)
from distribution.live.session_query import with_session
from distribution.reply import JOIN_BELOW_BYTES, Chunk, Reply, plain_text_reply
from distribution.response_counters import Tally
from packager.live import Outflow

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


class SharedResponse:
    """All bytes of a response with status 200 to a usual request, the same for many viewers.

    Good as long as `date` is the Date of now, and counted in `tally` and `outflow`.
    """

    __slots__ = ("_body_bytes", "_outflow", "_pieces", "_tally", "_whole", "date")

    def __init__(self, reply: Reply, date: bytes, tally: Tally, outflow: Outflow) -> None:
        head = reply.head(date, is_last=False)
        self.date = date
        self._tally = tally
        self._outflow = outflow
        self._body_bytes = reply.length or 0
        is_large = self._body_bytes >= JOIN_BELOW_BYTES
        self._whole = head if is_large else b"".join((head, *reply.chunks))
        self._pieces = (head, *reply.chunks) if is_large else None

    def send(self, transport: asyncio.Transport) -> None:
        """Send and count it."""
        tally = self._tally
        tally.ok_count += 1
        tally.body_bytes += self._body_bytes
        self._outflow.body_bytes += self._body_bytes
        if self._pieces is None:
            transport.write(self._whole)
        else:
            transport.writelines(self._pieces)


def playlist_reply(decision: ServePlaylist, cors: bytes, *, is_gzipped: bool) -> Reply:
    """Send the shared bytes of a playlist, gzipped to those who take that."""
    body = decision.playlist.gzip if is_gzipped else decision.playlist.identity
    headers = _playlist_headers(decision.cache_control, cors, decision.is_manifest, is_gzipped)
    return Reply(200, headers, (body,), len(body))


def first_playlist_reply(decision: ServePlaylist, cors: bytes, session: bytes) -> Reply:
    """Send what a player begins with, with the name of a session in it: for nobody to keep."""
    is_manifest = decision.is_manifest
    body = with_session(decision.playlist.identity, session, is_manifest=is_manifest)
    headers = _playlist_headers(caching.NEVER, cors, is_manifest, False)
    return Reply(200, headers, (body,), len(body))


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


def media_reply(decision: ServeMedia, cors: bytes, asked_range: str | None) -> Reply:
    """Send media bytes, or the one range of them that was asked for."""
    chunks: Sequence[Chunk] = decision.chunks
    length = len(chunks[0]) if len(chunks) == 1 else sum(map(len, chunks))
    header_block = (_VIDEO if decision.is_video else _AUDIO) + cors
    wanted = None if asked_range is None else parse_range(asked_range, length)
    if wanted is None:
        return Reply(200, header_block, chunks, length)
    if isinstance(wanted, Unsatisfiable):
        return plain_text_reply(
            416,
            f"expected a range within {length} bytes",
            cache_control=caching.NEVER,
            more_headers=b"Content-Range: bytes */%d\r\n%b" % (length, cors),
        )
    return Reply(
        206,
        b"%bContent-Range: bytes %d-%d/%d\r\n"
        % (header_block, wanted.first, wanted.end - 1, length),
        slice_chunks(decision.chunks, wanted),
        wanted.end - wanted.first,
    )


def growing_reply(decision: ServeGrowing, cors: bytes, *, is_chunked: bool) -> Reply:
    """Describe a segment whose length is not known yet; whoever has all of it may keep it.

    A Range header is ignored: there are no ranges of an unknown whole (RFC 9110, 14.2).
    """
    kind = _GROWING_VIDEO if decision.rendition.track.video is not None else _GROWING_AUDIO
    return Reply(200, b"%b%b%b" % (kind, _CHUNKED if is_chunked else b"", cors), (), None)


def nothing_reply(decision: ServeNothing, cors: bytes) -> Reply:
    """Say that there is no content; it is none of the errors after which players try again."""
    return Reply(204, b"Cache-Control: %b\r\n%b" % (decision.cache_control, cors), (), None)


def time_reply(decision: ServeTime, cors: bytes) -> Reply:
    """Tell what time it is."""
    body = utc_text(decision.unix_ms).encode()
    return Reply(200, TIME_HEADERS + cors, (body,), len(body))


def refusal_reply(decision: Refuse, cors: bytes) -> Reply:
    """Say why there is nothing, and when to try again if that may change soon."""
    return plain_text_reply(
        decision.status,
        decision.text,
        cache_control=decision.cache_control,
        more_headers=cors + _RETRY_SOON if decision.status == 503 else cors,
    )

"""Answers as HTTP: type, caching, CORS, compression (checks 3, 56 to 58)."""

from collections.abc import Iterator

from conformance.check import Check
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning

_PLAYLIST_TYPES = frozenset({"application/vnd.apple.mpegurl", "audio/mpegurl"})
_MEDIA_TYPES = frozenset({"video/mp4", "audio/mp4", "video/iso.segment", "audio/iso.segment"})
GZIP_WORTH_BYTES = 1_400  # below, everything is one TCP segment either way
_MULTIVARIANT_MAX_AGE_S = 30


def check_playlist_delivery(exchange: Exchange, target_duration_s: int) -> Iterator[Finding]:
    """Hold the headers of a media playlist's answer (status 200) against its caching class."""
    yield from _check_playlist_headers(exchange)
    age_s = exchange.max_age_s
    if age_s is None:
        yield warning(
            Check.CACHING, exchange.url, "expected Cache-Control on a live playlist, got none"
        )
        return
    # Blocking answers never change; the others are true for half a target duration at most.
    is_blocking = "_HLS_msn" in exchange.directives()
    limit_s = 6 * target_duration_s if is_blocking else max(1, target_duration_s // 2)
    if age_s > limit_s:
        yield error(
            Check.CACHING, exchange.url, f"expected max-age of at most {limit_s} s, got {age_s}"
        )


def check_multivariant_delivery(exchange: Exchange) -> Iterator[Finding]:
    """Hold the headers of the multivariant playlist's answer against what caches may do."""
    yield from _check_playlist_headers(exchange)
    age_s = exchange.max_age_s
    if age_s is None or age_s > _MULTIVARIANT_MAX_AGE_S:
        yield warning(
            Check.CACHING,
            exchange.url,
            f"expected max-age of at most {_MULTIVARIANT_MAX_AGE_S} s, got {age_s}",
        )


def check_media_delivery(exchange: Exchange, target_duration_s: int) -> Iterator[Finding]:
    """Hold the headers of an init segment, part or segment (status 200 or 206)."""
    yield from check_cors(exchange)
    content_type = _content_type(exchange)
    if content_type not in _MEDIA_TYPES:
        yield error(
            Check.PLAYLIST_TYPE_HEADER,
            exchange.url,
            f"expected video/mp4 or audio/mp4, got {content_type or 'no Content-Type'}",
        )
    encoding = exchange.headers.get("content-encoding")
    if encoding not in (None, "identity"):
        yield error(Check.GZIP, exchange.url, f"expected media as it is, got {encoding}")
    age_s = exchange.max_age_s
    if age_s is None or age_s < 6 * target_duration_s:
        yield warning(
            Check.CACHING,
            exchange.url,
            f"expected max-age of {6 * target_duration_s} s or more, got {age_s}",
        )
    yield from _check_no_age(exchange)


def check_refusal_delivery(exchange: Exchange, target_duration_s: int) -> Iterator[Finding]:
    """Hold the headers of an error answer: readable by pages, and not kept long by caches."""
    yield from check_cors(exchange)
    # A cache may keep a 404 without being told to (RFC 9111 4.2.2), and then the part that comes
    # a moment later is gone for everybody behind it. Errors of blocking reloads may be kept for
    # four target durations: nobody asks for those positions again.
    limit_s = 4 * target_duration_s if exchange.directives() else 1
    age_s = exchange.max_age_s
    if age_s is None or age_s > limit_s:
        yield error(
            Check.CACHING,
            exchange.url,
            f"status {exchange.status}: expected no-store or max-age of at most {limit_s}, got "
            f"{exchange.headers.get('cache-control', 'no Cache-Control')}",
        )


def check_cors(exchange: Exchange) -> Iterator[Finding]:
    """Expect that a page of any origin may read the answer."""
    allowed = exchange.headers.get("access-control-allow-origin")
    if allowed != "*":
        yield error(
            Check.CORS,
            exchange.url,
            f"status {exchange.status}: expected Access-Control-Allow-Origin: *, got {allowed}",
        )


def _check_no_age(exchange: Exchange) -> Iterator[Finding]:
    # "Age drives tune-in": hls.js asks for segments that do not exist yet if it is wrong.
    if "age" in exchange.headers:
        yield warning(
            Check.CACHING, exchange.url, f"expected no Age, got {exchange.headers['age']}"
        )


def _check_playlist_headers(exchange: Exchange) -> Iterator[Finding]:
    yield from check_cors(exchange)
    content_type = _content_type(exchange)
    if content_type not in _PLAYLIST_TYPES:
        yield error(
            Check.PLAYLIST_TYPE_HEADER,
            exchange.url,
            f"expected application/vnd.apple.mpegurl, got {content_type or 'none'}",
        )
    encoding = exchange.headers.get("content-encoding")
    if encoding != "gzip" and len(exchange.body) > GZIP_WORTH_BYTES:
        yield error(
            Check.GZIP,
            exchange.url,
            f"expected gzip for {len(exchange.body)} bytes of playlist, got {encoding}",
        )
    yield from _check_no_age(exchange)


def _content_type(exchange: Exchange) -> str:
    return exchange.headers.get("content-type", "").partition(";")[0].strip().lower()

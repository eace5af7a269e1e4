"""Blocking reloads: the answer holds what was asked for, in time (checks 42, 43, 47, 49)."""

from collections.abc import Iterator

from conformance.check import Check
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning
from conformance.playlist import MediaPlaylist

HOLD_SLACK_S = 1.0  # for the network and a busy client
HLS_JS_FIRST_BYTE_S = 10.0  # maxTimeToFirstByteMs of hls.js


def check_blocking_answer(
    exchange: Exchange, playlist: MediaPlaylist | None, target_duration_s: int
) -> Iterator[Finding]:
    """Hold the answer to a request with _HLS_msn against what it asked for.

    `playlist` is the answer, or None if the status was not 200. Requests without directives are
    none of this check's business.
    """
    directives = exchange.directives()
    if "_HLS_msn" not in directives:
        return
    msn = int(directives["_HLS_msn"])
    part = int(directives["_HLS_part"]) if "_HLS_part" in directives else None
    limit_s = min(3.0 * target_duration_s + HOLD_SLACK_S, HLS_JS_FIRST_BYTE_S)
    if exchange.held_s > limit_s:
        yield warning(
            Check.HOLD_ENDS,
            exchange.url,
            f"expected an answer or 503 within {limit_s:.1f} s, got {exchange.status} after "
            f"{exchange.held_s:.1f} s",
        )
    if playlist is None or playlist.is_ended:
        return
    if not holds_position(playlist, msn, part):
        asked = f"MSN {msn}" if part is None else f"part {msn}.{part}"
        last_msn, last_part = playlist.last_position
        # A server that does not know the directives gives the same playlist back without waiting.
        was_held = exchange.held_s * 1_000_000 > (playlist.part_target_us or 0) / 4
        yield error(
            Check.ANSWER_HAS_PART if was_held else Check.BLOCKS,
            exchange.url,
            f"expected {asked} in the answer, got up to {last_msn}.{last_part} after "
            f"{exchange.held_s:.3f} s",
        )


def has_given_up(exchange: Exchange, target_duration_s: int) -> bool:
    """Tell whether a request was held for as long as one may be, and nothing came meanwhile.

    That is what a server must answer whose publisher is silent or gone (6.2.5.2).
    """
    return exchange.status == 503 and exchange.held_s >= min(3 * target_duration_s, 8) - 1


def holds_position(playlist: MediaPlaylist, msn: int, part: int | None) -> bool:
    """Tell whether a playlist lists a part, or any later one; without `part`, the whole segment.

    A part past the end of a complete segment means the first of the next (check 47).
    """
    opened = playlist.open_segment
    if msn < opened.msn:
        if part is None or msn + 1 < opened.msn:
            return True
        parts = playlist.parts_by_msn().get(msn, ())
        return not parts or part < len(parts) or bool(opened.parts)
    return part is not None and msn == opened.msn and part < len(opened.parts)

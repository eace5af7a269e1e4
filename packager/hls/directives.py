"""Delivery directives: what a player asks of a playlist, and when it may have it.

Source: rfc8216bis 6.2.5. Decides only; waiting and answering belong to others.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from packager.hls.segment import Position
from packager.hls.timeline import Timeline

# decimal-integer of rfc8216bis 4.2: 0 to 2^64-1.
_MAX_DECIMAL_INTEGER = 2**64 - 1
_SKIP_VALUES = frozenset({"YES", "v2"})
_KNOWN_DIRECTIVES = frozenset({"_HLS_msn", "_HLS_part", "_HLS_skip"})
# More fields than any player sends; what lies behind cannot be a directive of an honest one.
_MAX_QUERY_FIELDS = 64
_MALFORMED_QUERY = "the query cannot be read"


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer now, with a Playlist Delta Update if `skip` is set."""

    skip: bool


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Answer once the timeline has reached `position`, as a delta update if `skip` is set."""

    position: Position
    skip: bool


@dataclass(frozen=True, slots=True)
class Reject:
    """Answer with this HTTP status; `text` says why in a sentence."""

    status: int
    text: str


Verdict = Respond | WaitFor | Reject


@dataclass(frozen=True, slots=True)
class DeliveryDirectives:
    """The directives of one playlist request. `part` is set only if `msn` is."""

    msn: int | None = None
    part: int | None = None
    skip: bool = False

    @staticmethod
    def parse(query: str) -> "DeliveryDirectives | Reject":
        """Read the directives in a URL's query, without its question mark, percent-encoded.

        Fields of other names are nobody's business here, among them `_HLS_` names that are
        reserved but not known; so is a value of `_HLS_skip` that is not known. Never raises.
        """
        # Most requests for media playlists by plain players have no directive at all.
        return _parse(query) if query else _NO_DIRECTIVES


_NO_DIRECTIVES = DeliveryDirectives()


@lru_cache(maxsize=4096)  # all viewers at the live edge of a channel ask the same
def _parse(query: str) -> DeliveryDirectives | Reject:
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError:
        return Reject(400, _MALFORMED_QUERY)
    values: dict[str, str] = {}
    for name, value in fields:
        if name in _KNOWN_DIRECTIVES:
            if name in values:
                return Reject(400, f"{name} is given twice")
            values[name] = value
    msn = _parse_decimal_integer("_HLS_msn", values.get("_HLS_msn"))
    part = _parse_decimal_integer("_HLS_part", values.get("_HLS_part"))
    if isinstance(msn, Reject):
        return msn
    if isinstance(part, Reject):
        return part
    if part is not None and msn is None:
        # rfc8216bis 6.2.5.2: "an _HLS_part directive but no _HLS_msn directive [...] MUST return
        # Bad Request".
        return Reject(400, "_HLS_part is given without _HLS_msn")
    return DeliveryDirectives(msn, part, values.get("_HLS_skip") in _SKIP_VALUES)


def _parse_decimal_integer(name: str, value: str | None) -> int | Reject | None:
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) <= 20:
        number = int(value)
        if number <= _MAX_DECIMAL_INTEGER:
            return number
    return Reject(400, f"{name} must be a decimal integer from 0 to 2^64-1")


def decide(timeline: Timeline, directives: DeliveryDirectives | Reject) -> Verdict:
    """Decide when a request with these directives may be answered from this timeline."""
    if timeline.is_ended:
        # rfc8216bis 6.2.5.2: "MUST ignore _HLS_msn and _HLS_part if the Playlist contains an
        # EXT-X-ENDLIST tag"; 6.2.5.1 says so for _HLS_skip.
        return Respond(skip=False)
    if isinstance(directives, Reject):
        return directives
    if directives.msn is None:
        # Players start only from a playlist with a complete segment (hls.js:
        # initialLiveManifestSize), so the first answer waits for it.
        position = Position(0, None)
    else:
        asked = Position(directives.msn, directives.part)
        if text := _too_far_ahead(timeline, asked):
            return Reject(400, text)
        position = _resolve(timeline, asked)
    if timeline.has_reached(position):
        return Respond(directives.skip)
    return WaitFor(position, directives.skip)


def advance_part_limit(part_target_ms: int) -> int:
    """Say how far beyond the last part a request may ask (rfc8216bis 6.2.5.2), rounded up."""
    return -(-3000 // part_target_ms) if part_target_ms < 1000 else 3


def _too_far_ahead(timeline: Timeline, asked: Position) -> str | None:
    """Say why a position is out of sight, or None if it is not."""
    msn, part = asked
    last_msn = timeline.last_msn
    if last_msn is None:
        return None  # a rendition that is about to begin does not know yet at which msn
    if msn > last_msn + 2:
        return f"_HLS_msn {msn} is more than 2 beyond the last segment, {last_msn}"
    if part is None or (timeline.listed and msn <= timeline.listed[-1].msn):
        return None
    segment = timeline.open
    last_part = len(segment.parts) - 1 if segment is not None and segment.msn == msn else -1
    limit = advance_part_limit(timeline.cadence.part_target_ms)
    if part > last_part + limit:
        return f"_HLS_part {part} is more than {limit} beyond the last part of segment {msn}"
    return None


def _resolve(timeline: Timeline, position: Position) -> Position:
    """Replace a part index that its complete segment never got."""
    if position.part is None or not timeline.listed:
        return position
    last_complete = timeline.listed[-1]
    if position.msn == last_complete.msn and position.part >= len(last_complete.parts):
        # rfc8216bis 6.2.5.2: a Part Index greater than that of the final Partial Segment MUST be
        # treated "as one for Part Index 0 of the following Parent Segment".
        return Position(position.msn + 1, 0)
    return position

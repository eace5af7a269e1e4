"""The tags of one media playlist, each as a line of text with its newline (rfc8216bis 4.4)."""

from datetime import UTC, datetime
from functools import lru_cache

from packager.cadence import Cadence
from packager.hls.uri import init_uri, part_uri, segment_uri, sibling_playlist_uri

DISCONTINUITY = "#EXT-X-DISCONTINUITY\n"
ENDLIST = "#EXT-X-ENDLIST\n"
GAP = "#EXT-X-GAP\n"
INDEPENDENT_SEGMENTS = "#EXT-X-INDEPENDENT-SEGMENTS\n"

_US_PER_S = 1_000_000


@lru_cache(maxsize=256)  # as many as there are frame rates and profiles on air
def cadence_tags(cadence: Cadence) -> str:
    """Write what stays the same in every playlist of a Publication for its life.

    rfc8216bis 6.2.4: all playlists of a presentation have the same EXT-X-SERVER-CONTROL.
    """
    return (
        f"#EXT-X-TARGETDURATION:{cadence.target_duration_s}\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,"
        f"PART-HOLD-BACK={_ms_text(cadence.part_hold_back_ms)},"
        f"HOLD-BACK={cadence.hold_back_s}.0,CAN-SKIP-UNTIL={cadence.can_skip_until_s}.0\n"
        f"#EXT-X-PART-INF:PART-TARGET={_ms_text(cadence.part_target_ms)}\n"
    )


def map_tag(init_number: int) -> str:
    """Name the initialisation segment of what follows."""
    return f'#EXT-X-MAP:URI="{init_uri(init_number)}"\n'


def date_time_tag(unix_ms: int) -> str:
    """Date the first sample of the segment that follows, in UTC to the millisecond."""
    moment = datetime.fromtimestamp(unix_ms // 1000, tz=UTC)
    return f"#EXT-X-PROGRAM-DATE-TIME:{moment:%Y-%m-%dT%H:%M:%S}.{unix_ms % 1000:03d}Z\n"


def segment_start_tags(
    unix_ms: int, init_number: int, *, is_discontinuous: bool, has_new_map: bool
) -> str:
    """Write the tags that must precede a segment's first part (rfc8216bis 4.4.4.9)."""
    discontinuity = DISCONTINUITY if is_discontinuous else ""
    map_line = map_tag(init_number) if has_new_map else ""
    return discontinuity + map_line + date_time_tag(unix_ms)


def part_tag(number: int, duration_us: int, *, is_independent: bool, is_gap: bool) -> str:
    """List one part."""
    return (
        f'#EXT-X-PART:DURATION={_us_text(duration_us)},URI="{part_uri(number)}"'
        f"{',INDEPENDENT=YES' if is_independent else ''}{',GAP=YES' if is_gap else ''}\n"
    )


def segment_tags(msn: int, duration_us: int) -> str:
    """List one complete segment: its duration and its URI."""
    return f"#EXTINF:{_us_text(duration_us)},\n{segment_uri(msn)}\n"


def map_hint_tag(init_number: int) -> str:
    """Hint the initialisation segment that the next part needs."""
    return f'#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="{init_uri(init_number)}"\n'


def part_hint_tag(number: int) -> str:
    """Hint the next part."""
    return f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{part_uri(number)}"\n'


def report_tag(rendition: str, last_msn: int, last_part: int) -> str:
    """Report where another rendition is."""
    return (
        f'#EXT-X-RENDITION-REPORT:URI="{sibling_playlist_uri(rendition)}",'
        f"LAST-MSN={last_msn},LAST-PART={last_part}\n"
    )


def _us_text(duration_us: int) -> str:
    return f"{duration_us // _US_PER_S}.{duration_us % _US_PER_S:06d}"


def _ms_text(duration_ms: int) -> str:
    return f"{duration_ms // 1000}.{duration_ms % 1000:03d}"

"""Check: the catalogue of rules that a live HLS or DASH server is held to, by number.

The numbers are stable: reports, tests and issues name them. 1 to 60 and 71 are of HLS, 61 and 72 to
78 of DASH, 62 to 70 of the media of either.
"""

from enum import Enum


class Check(Enum):
    """One rule: its number, what it asks, and where that is written."""

    FIRST_LINE = 1, "the first line is #EXTM3U", "rfc8216bis 4.4.1.1"
    PLAIN_UTF8 = 2, "playlists are UTF-8 without BOM or control characters", "rfc8216bis 4"
    PLAYLIST_TYPE_HEADER = 3, "playlists and media carry their Content-Type", "rfc8216bis 4"
    VERSION_FITS = 4, "EXT-X-VERSION is what the tags need", "rfc8216bis 8"
    NO_DUPLICATE_TAG = 5, "a tag that stands for the whole playlist comes once", "rfc8216bis 4.4.3"
    ATTRIBUTE_SYNTAX = 6, "attribute lists follow the grammar", "rfc8216bis 4.2"
    TARGET_DURATION = 7, "EXT-X-TARGETDURATION is a whole number, 1 or more", "rfc8216bis 4.4.3.1"
    EXTINF_SYNTAX = 8, "EXTINF is a duration and a comma", "rfc8216bis 4.4.4.1"
    NO_MIXED_TAGS = 9, "media and multivariant tags do not mix", "rfc8216bis 4.1"
    NO_PLAYLIST_TYPE = 10, "a live playlist has no EXT-X-PLAYLIST-TYPE", "rfc8216bis 6.2.2"
    SEQUENCE_FIRST = 11, "sequence numbers stand before the first segment", "rfc8216bis 4.4.3.2"

    EXTINF_ROUNDED = 12, "EXTINF, rounded, is at most TARGETDURATION", "rfc8216bis 4.4.3.1"
    EXTINF_HALF_SECOND = 13, "EXTINF is at most TARGETDURATION + 0.5 s", "HLS authoring 7.7"
    EXTINF_SUM = 14, "EXTINFs add up to the media within one sample", "HLS authoring 8.1"
    PART_WITHIN_TARGET = 15, "a part lasts at most PART-TARGET", "rfc8216bis 4.4.4.9"
    PART_LONG_ENOUGH = 16, "a part lasts at least 85 % of PART-TARGET", "rfc8216bis 4.4.4.9"
    PARTS_SUM = 17, "a segment's parts add up to its EXTINF", "rfc8216bis 4.4.4.9"
    PART_IS_SAMPLES = 18, "a part's DURATION is that of its samples", "rfc8216bis 4.4.4.9"
    EXTINF_IS_SAMPLES = 19, "EXTINF is the duration of the segment's samples", "rfc8216bis 4.4.4.1"

    PART_INF_IFF_PARTS = 20, "EXT-X-PART-INF stands where parts are", "rfc8216bis 4.4.3.7"
    PART_HOLD_BACK = 21, "PART-HOLD-BACK is at least 3 PART-TARGET", "rfc8216bis 4.4.3.8"
    HOLD_BACK = 22, "HOLD-BACK is at least 3 TARGETDURATION", "rfc8216bis 4.4.3.8"
    CAN_SKIP_UNTIL = 23, "CAN-SKIP-UNTIL is at least 6 TARGETDURATION", "rfc8216bis 4.4.3.8"
    CONTROL_EQUAL = 24, "SERVER-CONTROL is the same in all playlists", "rfc8216bis 6.2.4"
    TARGET_EQUAL = 25, "TARGETDURATION is the same in all playlists", "rfc8216bis 6.2.4"
    TARGETS_CONSTANT = 26, "targets and hold-backs never change", "rfc8216bis 6.2.1"
    HINT = 27, "the preload hint is there, single and true", "rfc8216bis 6.2.6"
    MAP_HINT = 28, "a new init segment is hinted", "rfc8216bis 4.4.5.3"
    RENDITION_REPORTS = 29, "all other renditions are reported, and freshly", "rfc8216bis B.1"
    PROGRAM_DATE_TIME = 30, "PROGRAM-DATE-TIME agrees with the media", "rfc8216bis 6.2.4"

    MSN_RISES = 31, "MEDIA-SEQUENCE rises by one per removed segment", "rfc8216bis 6.2.2"
    MSN_URI = 32, "an MSN keeps its URI and its bytes", "rfc8216bis 6.2.2"
    DISCONTINUITY_SEQUENCE = 33, "an MSN keeps its discontinuity number", "rfc8216bis 6.2.2"
    ALLOWED_EDITS = 34, "what is listed does not change", "rfc8216bis 6.2.1"
    WINDOW = 35, "the window is long enough and does not shrink", "rfc8216bis 6.2.2"
    PART_CADENCE = 36, "parts come one PART-TARGET apart", "rfc8216bis 6.2.1"
    SEGMENT_CADENCE = 37, "segments come within 1.5 TARGETDURATION", "rfc8216bis 6.2.1"
    PARTS_STAY = 38, "parts stay listed for 3 TARGETDURATION", "rfc8216bis 6.2.2"
    DROPPED_STAY = 39, "what was listed stays downloadable for a while", "rfc8216bis 6.2.2"
    MAP_FIRST = 40, "a segment's tags stand before its first part", "rfc8216bis 4.4.4.9"
    DISCONTINUITY = 41, "DISCONTINUITY stands where media breaks", "rfc8216bis 4.4.4.3"

    BLOCKS = 42, "a blocking request is held until its part is there", "rfc8216bis 6.2.5.2"
    ANSWER_HAS_PART = 43, "the answer holds what was asked for", "rfc8216bis 6.2.5.2"
    PART_WITHOUT_MSN = 44, "_HLS_part without _HLS_msn is refused: 400", "rfc8216bis 6.2.5.2"
    MSN_TOO_FAR = 45, "an MSN more than two ahead is refused: 400", "rfc8216bis 6.2.5.2"
    PART_TOO_FAR = 46, "a part beyond the advance limit is refused: 400", "rfc8216bis 6.2.5.2"
    PART_ROLLS_OVER = 47, "a part past the end means the next segment's first", "rfc8216bis 6.2.5.2"
    STALE_MSN = 48, "an old MSN is answered at once with the playlist", "rfc8216bis 6.2.5.2"
    HOLD_ENDS = 49, "a request held too long is answered 503", "rfc8216bis 6.2.5.2"
    ENDED_IGNORES = 50, "an ended playlist ignores directives", "rfc8216bis 6.2.5"
    DELTA = 51, "a delta update and the old playlist give the new one", "rfc8216bis 6.2.5.1"
    DELTA_DATE_RANGES = 52, "removed date ranges are named if asked with v2", "rfc8216bis 4.4.5.2"
    WAITERS = 53, "many waiters wake at once, with the same bytes", "rfc8216bis 6.2.5.2"
    MALFORMED_DIRECTIVE = 54, "a malformed directive is refused: 400", "rfc8216bis 6.2.5.2"

    HINT_BLOCKS = 55, "a hinted part is held, then sent; unknown URIs are 404", "rfc8216bis 6.2.6"
    GZIP = 56, "playlists are gzipped, media is not", "rfc8216bis B.1"
    CACHING = 57, "Cache-Control fits; no Age from the origin", "HLS low-latency profile"
    CORS = 58, "any web page may read any answer", "Fetch 3.2"
    HTTP2 = 59, "HTTP/2 is offered over TLS", "rfc8216bis B.1"
    RANGES = 60, "HEAD, Range, 206 and 416 work on media", "RFC 9110 14"

    PROGRESSIVE = 61, "a segment is sent while it grows", "ISO/IEC 23009-1 5.3.9.5.3"

    INIT_SHAPE = 62, "the init segment is fit for fragments", "rfc8216bis 3.1.2"
    FRAGMENT_SHAPE = 63, "media is whole moof and mdat pairs", "rfc8216bis 3.1.2"
    DECODE_TIME = 64, "tfdt goes on exactly where the last sample ended", "HLS authoring 7.3"
    SYNC = 65, "INDEPENDENT and sync samples agree", "rfc8216bis 4.4.4.9"
    PARTS_ARE_SEGMENT = 66, "a segment's bytes are those of its parts", "rfc8216bis 4.4.4.9"
    SEQUENCE_NUMBER = 67, "mfhd sequence numbers rise", "ISO/IEC 14496-12 8.8.5"
    CODECS = 68, "CODECS, RESOLUTION and FRAME-RATE are the media's", "rfc8216bis 4.4.6.2"
    SAME_INTERVAL = 69, "audio and video segments cover the same time", "rfc8216bis 6.2.4"
    BANDWIDTH = 70, "BANDWIDTH is not below the measured peak", "rfc8216bis 4.4.6.2"
    ALIGNED = 71, "video renditions cut at the same times", "rfc8216bis 6.2.4"

    MPD_VALID = 72, "the MPD is what DASH's schema allows", "ISO/IEC 23009-1 annex B"
    SEGMENT_AVAILABLE = 73, "segments are there when the MPD says", "ISO/IEC 23009-1 5.3.9.5.3"
    AVAILABILITY_OFFSET = 74, "every Representation can be had early", "DASH-IF live 5"
    UTC_TIMING = 75, "the time that clients are sent to is right", "ISO/IEC 23009-1 5.8.4.11"
    SERVICE_DESCRIPTION = 76, "the service says its latency", "ISO/IEC 23009-1 annex K"
    SEGMENT_TIMES = 77, "S@t and S@d are those of the media", "ISO/IEC 23009-1 5.3.9.6"
    REFERENCE_TIME = 78, "prft agrees with the MPD's wall clock", "ISO/IEC 23009-1 5.12"

    AVAILABLE = 80, "requests are answered", "RFC 9110"

    def __init__(self, number: int, title: str, source: str) -> None:
        self.number = number
        self.title = title
        self.source = source

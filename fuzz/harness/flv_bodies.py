"""FLV bodies, legacy and Enhanced RTMP: units that lie within the message, or a refusal."""

from ingest.flv.body import parse_audio_body, parse_video_body
from ingest.flv.errors import RemoteProtocolError


def check(entry: bytes) -> None:
    """Read the same bytes as an audio and as a video body: the two share most of their layout."""
    for parse in (parse_audio_body, parse_video_body):
        try:
            units = parse(entry)
        except RemoteProtocolError:
            continue
        for unit in units:
            assert 0 <= unit.start <= len(unit.payload) <= len(entry)
            assert 0 <= unit.track_id <= 255
            assert -(2**23) <= unit.composition_ms < 2**23
            assert 0 <= unit.offset_ns <= 999_999
        content_bytes = sum(len(unit.payload) - unit.start for unit in units)
        assert content_bytes <= len(entry), "tracks share a message, they do not multiply it"

"""Access to a track's decoder configuration, checked for its least length."""

from ingest.media import Track
from packager.cmaf.errors import DecoderConfigurationError


def decoder_record(track: Track, least_bytes: int) -> bytes:
    """Give the decoder configuration.

    Raises DecoderConfigurationError if it is shorter than `least_bytes`, the record's fixed part.
    """
    record = track.decoder_configuration
    if len(record) < least_bytes:
        raise DecoderConfigurationError(
            f"decoder configuration of {track.codec.value} track {track.name}: "
            f"expected {least_bytes} bytes or more, got {len(record)}"
        )
    return record

"""Codec strings (RFC 6381): what CODECS in a playlist says, and players ask MediaSource about."""

from collections.abc import Callable, Mapping

from ingest.media import Codec, MediaKind, Track
from packager.cmaf.sample_entry.aac import aac_codec_string
from packager.cmaf.sample_entry.av1 import av1_codec_string
from packager.cmaf.sample_entry.avc import avc_codec_string
from packager.cmaf.sample_entry.dolby import ac3_codec_string, eac3_codec_string
from packager.cmaf.sample_entry.flac import flac_codec_string
from packager.cmaf.sample_entry.hevc import hevc_codec_string
from packager.cmaf.sample_entry.opus import opus_codec_string
from packager.cmaf.sample_entry.vp9 import vp9_codec_string

_CODEC_STRINGS: Mapping[Codec, Callable[[Track], str]] = {
    Codec.AVC: avc_codec_string,
    Codec.HEVC: hevc_codec_string,
    Codec.AV1: av1_codec_string,
    Codec.VP9: vp9_codec_string,
    Codec.AAC: aac_codec_string,
    Codec.OPUS: opus_codec_string,
    Codec.FLAC: flac_codec_string,
    Codec.AC3: ac3_codec_string,
    Codec.EAC3: eac3_codec_string,
}


def codec_string(track: Track) -> str:
    """Name what a decoder of the track must be able to do, read from its decoder configuration.

    Raises DecoderConfigurationError for a configuration that is too short to say it.
    """
    return _CODEC_STRINGS[track.codec](track)


def mime_type(track: Track) -> str:
    """Name the media type of the track's segments: `video/mp4` or `audio/mp4`."""
    return "video/mp4" if track.kind is MediaKind.VIDEO else "audio/mp4"

"""What the sample entries of all video codecs have in common (ISO/IEC 14496-12, 12.1.3)."""

from struct import Struct, pack

from ingest.media import Track, VideoFormat
from packager.cmaf.box import box
from packager.cmaf.errors import TrackFormatError
from packager.cmaf.sample_entry.bit_rate import maybe_write_btrt

# reserved and data_reference_index; pre_defined; width, height, both resolutions; frame_count;
# compressorname as a Pascal string; depth and pre_defined.
_VISUAL_ENTRY = Struct(">6xH16xHHII4xH32pHh")
_RESOLUTION_72_DPI = 0x00480000
_DEPTH_COLOUR_WITHOUT_ALPHA = 0x0018


def video_format(track: Track) -> VideoFormat:
    """Give the track's VideoFormat. Raises TrackFormatError if it has none."""
    if track.video is None:
        raise TrackFormatError(f"{track.codec.value} track {track.name}: expected a VideoFormat")
    return track.video


def write_visual_entry(
    entry_type: bytes, track: Track, compressor_name: bytes, decoder_configuration: bytes
) -> bytes:
    """Write a VisualSampleEntry around the box that holds the codec's configuration.

    `compressor_name` is at most 31 bytes, for people who read dumps.
    """
    video = video_format(track)
    entry = _VISUAL_ENTRY.pack(
        1,
        video.width_px,
        video.height_px,
        _RESOLUTION_72_DPI,
        _RESOLUTION_72_DPI,
        1,
        compressor_name,
        _DEPTH_COLOUR_WITHOUT_ALPHA,
        -1,
    )
    return box(entry_type, entry, decoder_configuration, *_write_extensions(track, video))


def _write_extensions(track: Track, video: VideoFormat) -> list[bytes]:
    """Write the optional boxes: shape, colour, mastering display, light level, bit rate."""
    extensions = []
    if video.sample_aspect != (1, 1):
        extensions.append(box(b"pasp", pack(">II", *video.sample_aspect)))
    if video.color is not None:
        color = video.color
        extensions.append(
            box(
                b"colr",
                b"nclx",
                pack(
                    ">HHHB",
                    color.primaries,
                    color.transfer,
                    color.matrix,
                    color.full_range << 7,
                ),
            )
        )
    if video.mastering_display is not None:
        extensions.append(box(b"mdcv", video.mastering_display))
    if video.content_light_level is not None:
        extensions.append(box(b"clli", video.content_light_level))
    extensions.append(maybe_write_btrt(track))
    return extensions

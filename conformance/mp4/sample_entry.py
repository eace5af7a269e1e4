"""SampleEntry: the first entry of stsd, with the codec record that it carries."""

from dataclasses import dataclass

from conformance.errors import Mp4Error
from conformance.mp4.aac import decoder_specific_config
from conformance.mp4.box import Box, read_boxes
from conformance.mp4.codec_string import CodecStrings, codec_strings

_VISUAL_FIELDS_BYTES = 78  # ISO/IEC 14496-12 12.1.3
_AUDIO_FIELDS_BYTES = 28  # 12.2.3
# fourcc -> the box with its decoder configuration
_VISUAL = {
    "avc1": "avcC",
    "avc3": "avcC",
    "hvc1": "hvcC",
    "hev1": "hvcC",
    "av01": "av1C",
    "vp09": "vpcC",
}
_AUDIO = {"mp4a": "esds", "Opus": "dOps", "fLaC": "dfLa", "ac-3": "dac3", "ec-3": "dec3"}


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """How samples of a track are coded.

    `record` is the payload of the codec's configuration box as it is (with FullBox header where
    the box has one). Width and height are 0 for sound; channels and rate are 0 for pictures.
    """

    format: str
    record: bytes
    codecs: CodecStrings
    width_px: int = 0
    height_px: int = 0
    channel_count: int = 0
    sample_rate_hz: int = 0


def read_sample_entry(stsd: Box) -> SampleEntry:
    """Read the first sample entry; raise Mp4Error if it is unreadable.

    A format that is not known here gives an entry with an empty record, whose only codec string
    is its fourcc.
    """
    (count,) = stsd.fields("I", 4)
    entry = next(stsd.children(8), None)
    if count < 1 or entry is None:
        raise Mp4Error(stsd.start, "stsd: expected a sample entry, got none")
    if entry.type in _VISUAL:
        width, height = entry.fields("HH", 24)
        entry.fields(f"{_VISUAL_FIELDS_BYTES}x")
        record = _record(entry, _VISUAL_FIELDS_BYTES, _VISUAL[entry.type])
        return SampleEntry(
            entry.type, record, codec_strings(entry.type, record), width_px=width, height_px=height
        )
    if entry.type in _AUDIO:
        (channel_count,) = entry.fields("H", 16)
        (rate,) = entry.fields("I", 24)
        record = _record(entry, _AUDIO_FIELDS_BYTES, _AUDIO[entry.type])
        strings = codec_strings(
            entry.type, decoder_specific_config(record) if entry.type == "mp4a" else record
        )
        return SampleEntry(
            entry.type,
            record,
            strings,
            channel_count=channel_count,
            sample_rate_hz=rate >> 16,
        )
    return SampleEntry(entry.type, b"", CodecStrings((entry.type,)))


def _record(entry: Box, fields_bytes: int, box_type: str) -> bytes:
    start = entry.payload_start + fields_bytes
    for box in read_boxes(entry.body, start, entry.end):
        if box.type == box_type:
            return bytes(box.payload)
    raise Mp4Error(entry.start, f"{entry.type}: expected a {box_type} box, got none")

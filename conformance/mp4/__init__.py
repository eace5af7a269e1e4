"""MP4 as a client reads it. Pure: bytes in, values or Mp4Error out."""

from conformance.mp4.codec_string import CodecStrings, codec_strings
from conformance.mp4.fragment import (
    Fragment,
    FragmentSample,
    ProducerReferenceTime,
    TrackFragment,
    read_fragments,
)
from conformance.mp4.init_segment import InitSegment, InitTrack, TrackDefaults, read_init_segment
from conformance.mp4.sample_entry import SampleEntry

__all__ = [
    "CodecStrings",
    "Fragment",
    "FragmentSample",
    "InitSegment",
    "InitTrack",
    "ProducerReferenceTime",
    "SampleEntry",
    "TrackDefaults",
    "TrackFragment",
    "codec_strings",
    "read_fragments",
    "read_init_segment",
]

"""CMAF tracks: initialisation segments, fragments and codec strings, written by ourselves.

Pure: values in, bytes out. Knows the boxes of ISO/IEC 14496-12 and the codecs' bindings to it;
not when a part is cut, nor where its bytes go.
"""

from packager.cmaf.codec_string import codec_string, mime_type
from packager.cmaf.errors import (
    CmafError,
    DecoderConfigurationError,
    FragmentError,
    TrackFormatError,
)
from packager.cmaf.fragment import write_fragment
from packager.cmaf.init_segment import write_init
from packager.cmaf.prft import ProducerReferenceTime, ReferenceMoment

__all__ = [
    "CmafError",
    "DecoderConfigurationError",
    "FragmentError",
    "ProducerReferenceTime",
    "ReferenceMoment",
    "TrackFormatError",
    "codec_string",
    "mime_type",
    "write_fragment",
    "write_init",
]

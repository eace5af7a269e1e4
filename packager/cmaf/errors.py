"""What can go wrong when writing CMAF: always our own misuse, nothing here reads a peer's bytes.

CmafError
├── DecoderConfigurationError   a track's decoder configuration cannot be put into a sample entry
├── TrackFormatError            a track lacks the description that its kind needs
└── FragmentError               samples or times that no `moof` can express
"""


class CmafError(Exception):
    """The root of this package's errors."""


class DecoderConfigurationError(CmafError):
    """A decoder configuration is not the record that `Track.decoder_configuration` promises."""


class TrackFormatError(CmafError):
    """A video track came without its VideoFormat, or an audio track without its AudioFormat."""


class FragmentError(CmafError):
    """Samples, times or numbers that the fields of a movie fragment cannot carry."""

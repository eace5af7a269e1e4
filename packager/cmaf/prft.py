"""The producer reference time box: which wall-clock moment a media time belongs to."""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

from packager.cmaf.box import full_box

# Seconds from the NTP epoch (1900) to the Unix epoch (1970): 70 years with 17 leap days.
NTP_EPOCH_OFFSET_S = 2_208_988_800

_PRFT_FIELDS = Struct(">IQQ")


class ReferenceMoment(IntEnum):
    """At which step of its way the sample met the wall clock; the value is the box's flags.

    Source: ISO/IEC 14496-12, 8.16.5.
    """

    ENCODER_INPUT = 0
    ENCODER_OUTPUT = 1
    FRAGMENT_FINALISED = 2
    FRAGMENT_WRITTEN = 4
    ARBITRARY_BUT_CONSISTENT = 8
    CAPTURED = 24


@dataclass(frozen=True, slots=True)
class ProducerReferenceTime:
    """The wall-clock time of one sample of a track.

    `unix_ms` is milliseconds since 1970 (UTC, 0 or more); `media_time_ticks` is the sample's
    decode time in the track's timescale.
    """

    unix_ms: int
    media_time_ticks: int
    moment: ReferenceMoment = ReferenceMoment.ARBITRARY_BUT_CONSISTENT


def write_prft(track_id: int, reference: ProducerReferenceTime) -> bytes:
    """Write a `prft` version 1; it must stand immediately before the `moof` it speaks of."""
    seconds, milliseconds = divmod(reference.unix_ms, 1000)
    ntp_timestamp = (seconds + NTP_EPOCH_OFFSET_S) << 32 | (milliseconds << 32) // 1000
    return full_box(
        b"prft",
        1,
        reference.moment,
        _PRFT_FIELDS.pack(track_id, ntp_timestamp, reference.media_time_ticks),
    )

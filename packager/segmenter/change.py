"""What the segmenter decides, as values that a Timeline and a Publication apply in order."""

from dataclasses import dataclass
from typing import NamedTuple

from ingest.media import PublisherWarning, Track
from packager.cadence import Cadence


class FragmentSample(NamedTuple):
    """A sample with its final times, ready for a `trun` entry.

    `duration_ticks` is 1 or more. `composition_offset_ticks` (pts minus decode time) is signed.
    """

    duration_ticks: int
    composition_offset_ticks: int
    is_sync: bool
    payload: bytes | memoryview


@dataclass(frozen=True, slots=True)
class CadenceChosen:
    """The Publication's cadence is settled. Exactly once, before all changes but warnings."""

    cadence: Cadence


@dataclass(frozen=True, slots=True)
class InitChanged:
    """The rendition needs an initialisation segment for `track` from its next segment on.

    The first one announces the rendition itself. `init_number` counts from 1 per rendition.
    """

    rendition: str
    init_number: int
    track: Track


@dataclass(frozen=True, slots=True)
class SegmentOpened:
    """A segment of the rendition begins.

    `msn` counts from 1 and is the same for matching content of all renditions. `start_unix_ms` is
    its PROGRAM-DATE-TIME, from the media clock. `is_discontinuous` puts EXT-X-DISCONTINUITY
    before it; all renditions have it at the same msn.
    """

    rendition: str
    msn: int
    start_unix_ms: int
    is_discontinuous: bool
    init_number: int


@dataclass(frozen=True, slots=True)
class PartCut:
    """A part of the open segment is complete.

    `index` counts from 0 within the segment, `number` from 1 within the rendition without a hole:
    it names the URI, so that a preload hint stays true even if the segment ends before it.
    `decode_time_ticks` is the tfdt: exactly that of the part before plus its duration, unless a
    discontinuity or a gap lies between. `duration_ticks` is the sum of the samples', at most
    PART-TARGET. `is_independent` says that the part starts with a sync sample. A part with
    `is_gap` has no samples: that media is missing.
    """

    rendition: str
    msn: int
    index: int
    number: int
    decode_time_ticks: int
    duration_ticks: int
    is_independent: bool
    is_gap: bool
    samples: tuple[FragmentSample, ...]


@dataclass(frozen=True, slots=True)
class SegmentClosed:
    """The rendition's open segment is complete: its parts are all there."""

    rendition: str
    msn: int


@dataclass(frozen=True, slots=True)
class WarningRaised:
    """The segmenter saw something that the streamer could mend."""

    warning: PublisherWarning


Change = CadenceChosen | InitChanged | SegmentOpened | PartCut | SegmentClosed | WarningRaised

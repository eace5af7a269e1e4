"""MPDs of DASH read strictly, from the wire alone (ISO/IEC 23009-1)."""

from conformance.mpd.addresses import init_url, segment_url
from conformance.mpd.node import Node, read_document
from conformance.mpd.presentation import (
    Mpd,
    MpdSegment,
    Period,
    Representation,
    SegmentTemplate,
    UtcTiming,
)
from conformance.mpd.reader import read_mpd
from conformance.mpd.structure import presentation_faults, schema_faults

__all__ = [
    "Mpd",
    "MpdSegment",
    "Node",
    "Period",
    "Representation",
    "SegmentTemplate",
    "UtcTiming",
    "init_url",
    "presentation_faults",
    "read_document",
    "read_mpd",
    "schema_faults",
    "segment_url",
]

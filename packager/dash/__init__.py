"""MPEG-DASH: the MPD of a show as values and as text. Pure: no I/O, no clock, no media bytes."""

from packager.dash.errors import PresentationError
from packager.dash.manifest import Manifest, Period, Representation
from packager.dash.memory import PeriodMemory, PresentationMemory
from packager.dash.presentation import Presentation
from packager.dash.recording import as_recording
from packager.dash.render import (
    ManifestWriter,
    follow_query,
    latency_target_ms,
    render_manifest,
    without_location,
)
from packager.dash.segment_timeline import ListedTimes, SegmentTime, list_times

__all__ = [
    "ListedTimes",
    "Manifest",
    "ManifestWriter",
    "Period",
    "PeriodMemory",
    "Presentation",
    "PresentationError",
    "PresentationMemory",
    "Representation",
    "SegmentTime",
    "as_recording",
    "follow_query",
    "latency_target_ms",
    "list_times",
    "render_manifest",
    "without_location",
]

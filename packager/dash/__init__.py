"""MPEG-DASH: the MPD of a show as values and as text. Pure: no I/O, no clock, no media bytes."""

from packager.dash.errors import PresentationError
from packager.dash.manifest import Manifest, Period, Representation, SegmentTime
from packager.dash.memory import PeriodMemory, PresentationMemory
from packager.dash.presentation import Presentation
from packager.dash.render import latency_target_ms, render_manifest

__all__ = [
    "Manifest",
    "Period",
    "PeriodMemory",
    "Presentation",
    "PresentationError",
    "PresentationMemory",
    "Representation",
    "SegmentTime",
    "latency_target_ms",
    "render_manifest",
]

"""From the millisecond stamps of the wire to exact media times. Pure arithmetic on integers."""

from ingest.flv.clock.audio_clock import AudioClock
from ingest.flv.clock.continuity import Continuity, Verdict
from ingest.flv.clock.frame_grid import common_rate
from ingest.flv.clock.video_clock import VideoClock
from ingest.flv.clock.wire_clock import WireClock

__all__ = [
    "AudioClock",
    "Continuity",
    "Verdict",
    "VideoClock",
    "WireClock",
    "common_rate",
]

"""Shows of days, in memory and faster than life: from FLV messages to playlists; wraps live.

Timestamps wrap after 24.86 days with OBS, which counts in 31 bits, and after 49.71 with others.
"""

import asyncio
import gc
import resource
from itertools import pairwise

import pytest

from fuzz.harness.published_rules import PublishedRules
from fuzz.harness.scripted_publisher import ScriptedPublisher
from ingest.flv import PublisherMedia
from ingest.media import MediaEvent, PublisherWarning, Sample, TrackStarted
from ingest.rtmp import MediaMessage, MediaMessageKind
from packager.cadence import LatencyProfile
from packager.events import PackagerEvent
from packager.live import Publication, WindowSettings
from packager.live_channel import LiveChannel
from packager.segmenter import Segmenter, SegmenterSettings
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import ClientBehaviour, RtmpPublisher, make_show
from tests.support.viewer import viewer

UNIX_MS_AT_0 = 1_790_000_000_000
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


class LongShow:
    """One channel whose publisher's clock and the server's run alike."""

    def __init__(
        self, publisher: ScriptedPublisher, profile: LatencyProfile = LatencyProfile.NORMAL
    ) -> None:
        self.publisher = publisher
        self.publication = Publication("clock", "e1", UNIX_MS_AT_0, WindowSettings())
        self.rules = PublishedRules(self.publication)
        self.told: list[MediaEvent] = []
        self.now_ms = 0
        self._media = PublisherMedia()
        segmenter = Segmenter(SegmenterSettings(), profile)
        self._live = LiveChannel(self.publication, segmenter, self._hear)
        self.heard: list[PackagerEvent] = []
        self._live.start_publisher(0.0, UNIX_MS_AT_0)

    def run(self, duration_ms: int, step_ms: int, check_every_ms: int) -> None:
        until_ms = self.now_ms + duration_ms
        while self.now_ms < until_ms:
            self.now_ms += step_ms
            now, unix_ms = self.now_ms / 1000, UNIX_MS_AT_0 + self.now_ms
            for message in self.publisher.publish(step_ms):
                events = self._media.receive(message, now)
                self.told += [event for event in events if not isinstance(event, Sample)]
                self._live.receive(events, now, unix_ms)
            self._live.tick(now, unix_ms)
            if self.now_ms % check_every_ms == 0:
                self.rules.check()

    def _hear(self, event: PackagerEvent) -> None:
        self.heard.append(event)


def resident_bytes() -> int:
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_48_hours_over_a_31_bit_wrap_are_one_show_that_does_not_grow() -> None:
    """One frame a second, so that two days pass in seconds; the wrap is in the middle."""
    publisher = ScriptedPublisher(
        2**31 - 24 * HOUR_MS, wire_bits=31, fps=1, gop_frames=2, sends_audio=False
    )
    show = LongShow(publisher, LatencyProfile.STEADY)
    show.run(2 * HOUR_MS, 1000, 10 * MINUTE_MS)
    timeline = show.publication.renditions["video"].timeline
    window_bytes, before_bytes = show.publication.window_bytes, resident_bytes()
    listed, removed = len(timeline.listed), len(timeline.removed)
    show.run(46 * HOUR_MS, 1000, 10 * MINUTE_MS)
    timeline = show.publication.renditions["video"].timeline
    assert [type(event) for event in show.told] == [TrackStarted]
    assert show.publication.discontinuity_count == 0
    assert timeline.end_us >= (48 * HOUR_MS - 5000) * 1000, "no frame of two days is missing"
    assert timeline.listed[-1].msn == 48 * 3600 // 2 - 1
    drift_ms = timeline.listed[-1].start_unix_ms - UNIX_MS_AT_0 - 48 * HOUR_MS
    assert -5000 <= drift_ms <= 0, "dates keep to the clock"
    assert show.publication.window_bytes <= window_bytes * 1.1
    assert abs(len(timeline.listed) - listed) <= 1
    assert abs(len(timeline.removed) - removed) <= 1
    assert resident_bytes() - before_bytes < 8 * 2**20
    assert len(show.heard) <= 3


@pytest.mark.parametrize(
    ("wrap_ms", "wire_bits"),
    [(2**31, 31), (2**31, 32), (2**32, 32)],
    ids=["31-bit", "32-bit-half-way", "32-bit"],
)
@pytest.mark.parametrize("composition_ms", [0, 33, -33], ids=["ip", "b-frames", "negative"])
def test_picture_and_sound_pass_a_wrap_as_if_it_were_nothing(
    wrap_ms: int, wire_bits: int, composition_ms: int
) -> None:
    publisher = ScriptedPublisher(
        wrap_ms - MINUTE_MS, wire_bits=wire_bits, composition_ms=composition_ms
    )
    show = LongShow(publisher)
    show.run(2 * MINUTE_MS, 100, 500)
    assert not [event for event in show.told if isinstance(event, PublisherWarning)]
    assert show.publication.discontinuity_count == 0
    for name in ("video", "audio"):
        timeline = show.publication.renditions[name].timeline
        assert timeline.end_us >= (2 * MINUTE_MS - 1500) * 1000, name
        assert timeline.listed[-1].msn >= 57


@pytest.mark.parametrize("wire_bits", [31, 32])
def test_decode_times_of_52_days_keep_to_the_encoders_clock(wire_bits: int) -> None:
    """A picture every eight seconds, over two wraps or one."""
    headers = ScriptedPublisher(0).publish(1)
    media = PublisherMedia()
    told = [event for message in headers for event in media.receive(message, 0.0)]
    picture = next(m for m in reversed(headers) if m.kind is MediaMessageKind.VIDEO)
    for at_ms in range(8000, 52 * DAY_MS, 8000):
        message = MediaMessage(picture.kind, at_ms % 2**wire_bits, picture.payload)
        events = media.receive(message, at_ms / 1000)
        (sample,) = (event for event in events if isinstance(event, Sample))
        assert sample.dts == at_ms * 90
        told += [event for event in events if not isinstance(event, Sample)]
    changes = [event for event in told if not isinstance(event, Sample | PublisherWarning)]
    assert {type(event) for event in changes} == {TrackStarted}


@pytest.mark.real
@pytest.mark.parametrize(
    ("start_ms", "wire_bits"),
    [(2**31 - 6000, 31), (2**32 - 6000, 32), (0x7FFFFFEB, 31)],
    ids=["31-bit", "32-bit", "first-time-below-zero"],
)
async def test_a_wrap_on_the_wire_is_nothing_to_viewers(
    server: RillcastServer, start_ms: int, wire_bits: int
) -> None:
    behaviour = ClientBehaviour(start_timestamp_ms=start_ms, timestamp_bits=wire_bits)
    channel = f"wrap-{start_ms}"
    async with (
        viewer(server.live_url(channel)) as watching,
        RtmpPublisher(f"{server.rtmp_url}/{channel}", behaviour=behaviour) as publisher,
    ):
        sending = asyncio.create_task(publisher.send(make_show(), realtime=True, duration_s=12))
        playlist = await watching.wait_for_segment("video", 4)
        decoded = [await watching.decode(name) for name in ("video", "audio")]
        await sending
    assert not any(segment.is_discontinuous for segment in playlist.segments)
    for rendition in decoded:
        assert not rendition.complaints, (rendition.name, rendition.complaints)
        assert rendition.times_s[-1] - rendition.times_s[0] >= 7
        assert max(b - a for a, b in pairwise(rendition.times_s)) <= 0.05, rendition.name

"""What the packager tells, as facts that broadcasts are written down from."""

from collections.abc import Callable
from typing import Any

from accounts.channels.live_fact import (
    LiveEnded,
    LiveFact,
    LiveInterrupted,
    LiveResumed,
    LiveStarted,
)
from packager.events import (
    BroadcastEnded,
    BroadcastInterrupted,
    BroadcastRecovered,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastWarned,
    PackagerEvent,
)
from packager.live import Publication, Publications, Rendition


class LiveFacts:
    """Translates events; `unix_ms` is the wall clock."""

    def __init__(self, publications: Publications, unix_ms: Callable[[], int]) -> None:
        self._publications = publications
        self._unix_ms = unix_ms

    def of(self, event: PackagerEvent) -> LiveFact | None:
        """Return what the event means for the channel's broadcast; None if nothing."""
        now_ms = self._unix_ms()
        match event:
            case BroadcastStarted():
                return LiveStarted(
                    channel=event.channel, epoch=event.epoch, at_ms=event.started_unix_ms
                )
            case BroadcastInterrupted() | BroadcastRecovered():
                return LiveInterrupted(channel=event.channel, epoch=event.epoch, at_ms=now_ms)
            case BroadcastResumed():
                return LiveResumed(channel=event.channel, epoch=event.epoch, at_ms=now_ms)
            case BroadcastEnded():
                publication = self._publications.get(event.channel)
                return LiveEnded(
                    channel=event.channel,
                    epoch=event.epoch,
                    at_ms=_end_ms(publication, event, now_ms),
                    technical=None if publication is None else technical_summary(publication),
                )
            case BroadcastWarned():
                return None


def technical_summary(publication: Publication) -> dict[str, Any]:
    """Say what a show's media is, as people want to know it afterwards."""
    cadence = publication.cadence
    return {
        "targetDurationS": None if cadence is None else cadence.target_duration_s,
        "partTargetMs": None if cadence is None else cadence.part_target_ms,
        "tracks": [_describe(rendition) for rendition in publication.renditions.values()],
    }


def _end_ms(publication: Publication | None, event: BroadcastEnded, now_ms: int) -> int:
    """Return when the last media came: the grace time after it was no broadcast."""
    if publication is None:
        return now_ms
    return publication.started_unix_ms + round(event.duration_s * 1000)


def _describe(rendition: Rendition) -> dict[str, Any]:
    track = rendition.track
    described: dict[str, Any] = {"name": rendition.name, "codec": track.codec.value}
    if track.video is not None:
        frame_rate = track.video.frame_rate
        described |= {
            "width": track.video.width_px,
            "height": track.video.height_px,
            "frameRate": None if frame_rate is None else round(float(frame_rate), 3),
        }
    if track.audio is not None:
        described |= {
            "sampleRateHz": track.audio.sample_rate_hz,
            "channelCount": track.audio.channel_count,
        }
    return described

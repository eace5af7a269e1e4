"""What single steps of a rendition cost against the length of the window, without any media.

    .venv/bin/python -m bench.playlist_growth [--segments 7,30,100,300,900,1800]

Medians of processor time in microseconds. `full` is the first full playlist after a part, `gzip`
its gzip, `delta` a delta update with its gzip, `first` the first full playlist after a segment.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from ingest.media import AudioFormat, Codec, Track, VideoFormat
from packager.cadence import Cadence
from packager.live import Publication, WindowSettings
from packager.segmenter import CadenceChosen, InitChanged, PartCut, SegmentClosed, SegmentOpened

UNIX_MS = 1_795_000_000_000
STEPS = ("open", "part", "full", "gzip", "delta", "close", "first")
_PARTS = 6
_MEASURED_SEGMENTS = 12
_AVCC = bytes.fromhex("014d401fffe100046764002801000468ee3c80")
_TRACKS = (
    Track("video", 0, Codec.AVC, 90_000, _AVCC, video=VideoFormat(1280, 720)),
    Track("audio", 0, Codec.AAC, 48_000, b"\x11\x90", audio=AudioFormat(48_000, 2, 1024)),
)


def step_costs_us(listed_segments: int) -> dict[str, float]:
    """Measure with a full window."""
    costs_s: dict[str, list[float]] = {step: [] for step in STEPS}
    publication = Publication(
        "bench", "1", UNIX_MS, WindowSettings(listed_segments=listed_segments)
    )
    publication.apply(CadenceChosen(Cadence(target_duration_s=2, part_target_ms=334)))
    for track in _TRACKS:
        publication.apply(InitChanged(track.name, 1, track), b"init")
    video = publication.renditions["video"]
    # As many again are served after they have left the playlist.
    fill = 2 * listed_segments + 8
    for msn in range(1, fill + _MEASURED_SEGMENTS + 1):
        timed = _timer(costs_s) if msn > fill else _untimed
        for track in _TRACKS:
            opened = SegmentOpened(track.name, msn, UNIX_MS + msn * 2000, False, 1)
            timed("open", partial(publication.apply, opened))
        for index in range(_PARTS):
            for track in _TRACKS:
                cut = _part(track, msn, index)
                timed("part", partial(publication.apply, cut, b"part"))
            if msn > fill:
                timed("full", video.playlist)
                timed("gzip", lambda: video.playlist().gzip)
                timed("delta", lambda: video.playlist(skip=True).gzip)
        for track in _TRACKS:
            closed = SegmentClosed(track.name, msn)
            timed("close", partial(publication.apply, closed))
        if msn > fill:
            timed("first", video.playlist)
    return {step: median(costs) * 1e6 for step, costs in costs_s.items()}


def _part(track: Track, msn: int, index: int) -> PartCut:
    ticks = track.timescale // 3
    number = (msn - 1) * _PARTS + index + 1
    return PartCut(
        rendition=track.name,
        msn=msn,
        index=index,
        number=number,
        decode_time_ticks=number * ticks,
        duration_ticks=ticks,
        is_independent=index == 0,
        is_gap=False,
        samples=(),
    )


Timed = Callable[[str, Callable[[], object]], None]


def _timer(costs_s: dict[str, list[float]]) -> Timed:
    def timed(step: str, work: Callable[[], object]) -> None:
        began = time.process_time_ns()
        work()
        costs_s[step].append((time.process_time_ns() - began) / 1e9)

    return timed


def _untimed(_step: str, work: Callable[[], object]) -> None:
    work()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", default="7,30,100,300,900,1800")
    options = parser.parse_args()
    print("segments" + "".join(f"{step:>8}" for step in STEPS))
    for listed in map(int, options.segments.split(",")):
        costs = step_costs_us(listed)
        print(f"{listed:8}" + "".join(f"{costs[step]:8.0f}" for step in STEPS), flush=True)


if __name__ == "__main__":
    main()

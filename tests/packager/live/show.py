"""A show put on air by hand: a Publication and a cutter for each of its renditions."""

from ingest.media import Track
from packager.cadence import Cadence
from packager.live import Publication, WindowSettings
from packager.segmenter.change import CadenceChosen, Change, InitChanged, PartCut
from tests.packager.hls.cutter import AUDIO, VIDEO, Cutter

STARTED_UNIX_MS = 1_790_000_000_123
CADENCE = Cadence(target_duration_s=2, part_target_ms=1000)


def body_of(change: Change) -> bytes:
    """Make bytes that tell which resource they are of."""
    match change:
        case InitChanged():
            return f"<{change.rendition} init {change.init_number}>".encode()
        case PartCut(is_gap=False):
            return f"<{change.rendition} part {change.number}>".encode()
        case _:
            return b""


class Show:
    """One publication with a video and an audio rendition, or those that are asked for."""

    def __init__(
        self, tracks: tuple[Track, ...] = (VIDEO, AUDIO), settings: WindowSettings | None = None
    ) -> None:
        self.publication = Publication("clock", "e1", STARTED_UNIX_MS, settings or WindowSettings())
        self.publication.apply(CadenceChosen(CADENCE))
        self.cutters = {track.name: self.join(track) for track in tracks}

    def join(self, track: Track, *, first_msn: int = 1) -> Cutter:
        return Cutter(self.emit, track, first_msn=first_msn)

    def emit(self, change: Change) -> None:
        self.publication.apply(change, body_of(change))

    def open(self, *, is_discontinuous: bool = False) -> None:
        for cutter in self.cutters.values():
            cutter.open(is_discontinuous=is_discontinuous)

    def part(self) -> None:
        for cutter in self.cutters.values():
            cutter.part()

    def close(self) -> None:
        for cutter in self.cutters.values():
            cutter.close()

    def segment(self, *, is_discontinuous: bool = False) -> None:
        self.open(is_discontinuous=is_discontinuous)
        self.part()
        self.part()
        self.close()

"""Replay: a Publication made anew of what its index says.

Every change is applied once more, in the order of then: what comes out cannot differ from what
viewers had. Parts whose bytes are lost are gaps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from packager.cmaf import CmafError
from packager.dash import PresentationError
from packager.hls import Timeline, TimelineError
from packager.journal.entry import (
    Begun,
    Content,
    Ended,
    Entry,
    Interrupted,
    Place,
    Resumed,
    StoredInit,
    StoredPart,
    WindowBegun,
    WindowEnded,
)
from packager.journal.errors import UnreadableError
from packager.journal.volume import VolumeBook
from packager.live import LiveError, Publication, ShowClock, WindowSettings
from packager.segmenter import ResumeError, ResumePoint, SegmentClosed, SegmentOpened
from packager.segmenter.change import CadenceChosen, PartCut

# What comes of changes that do not follow from one another, and of values out of their range: dates
# beyond the calendar, times without a timescale, text for a number.
_MISFITS = (
    LiveError,
    TimelineError,
    PresentationError,
    CmafError,
    ResumeError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)

LoadPart = Callable[[Place], bytes | None]


@dataclass(slots=True)
class Replay:
    """A show as an earlier process left it.

    `point` is where its cutting stands, `book` are the volumes that hold something needed.
    `gap_count` counts the parts that must still be served and whose bytes are lost.
    """

    publication: Publication
    point: ResumePoint = field(default_factory=ResumePoint)
    book: VolumeBook = field(default_factory=VolumeBook)
    gap_count: int = 0


def left_as(entries: Sequence[Entry]) -> Entry:
    """Say what became of the show: Ended, or Interrupted if its publisher is or was to come back.

    A process that was killed could not say so: then the show was lost with its last entry.
    """
    left = Entry(max((entry.unix_ms for entry in entries), default=0), Interrupted(stopped=False))
    for entry in reversed(entries):
        match entry.content:
            case Resumed():
                return left
            case Interrupted() | Ended():
                return entry
    return left


def replay(
    entries: Sequence[Entry], window: WindowSettings, load: LoadPart, clock: ShowClock | None = None
) -> Replay:
    """Apply all entries. Raises UnreadableError where they do not follow from one another.

    `clock` is the show's, by which it goes on.
    """
    begun = entries[0].content if entries else None
    if not isinstance(begun, Begun):
        raise UnreadableError("expected the index to say first whose it is")
    publication = Publication(begun.channel, begun.epoch, begun.started_unix_ms, window, clock)
    replayed = Replay(publication)
    player = _Player(replayed, window, load)
    try:
        for entry in entries[1:]:
            player.take(entry.content)
        player.forget_old()
        _show(publication)
    except _MISFITS as error:
        raise UnreadableError(f"expected changes that fit together, got {error!r}") from error
    return replayed


def _show(publication: Publication) -> None:
    """Write every list once: what cannot be written must not come to light before viewers."""
    publication.multivariant()
    publication.manifest()
    for rendition in publication.renditions.values():
        rendition.playlist()


class _Player:
    """Applies entries to a Replay."""

    def __init__(self, replayed: Replay, window: WindowSettings, load: LoadPart) -> None:
        self._replayed = replayed
        self._window = window
        self._load = load
        # A segment was shown to nobody before its first part: one that never got any is not
        # begun, so that its number is free for what comes.
        self._opened: dict[str, SegmentOpened] = {}
        self._lost: list[PartCut] = []

    def forget_old(self) -> None:
        """Let go of what nobody can ask for, once all entries were taken.

        An index also has parts that left the window since it was last written anew: their volumes
        have become others, and nobody misses them.
        """
        replayed = self._replayed
        renditions = replayed.publication.renditions

        def oldest_part_number(rendition: str) -> int:
            return renditions[rendition].timeline.oldest_part_number

        replayed.book.free(oldest_part_number)
        replayed.gap_count = sum(
            cut.number >= oldest_part_number(cut.rendition) for cut in self._lost
        )

    def take(self, content: Content) -> None:
        """Apply what one entry says."""
        replayed = self._replayed
        publication, point = replayed.publication, replayed.point
        match content:
            case StoredPart(cut, place):
                opened = self._opened.pop(cut.rendition, None)
                if opened is not None:
                    publication.apply(opened)
                    point.note(opened)
                self._take_part(content)
                point.note(cut)
                if place is not None:
                    replayed.book.note(place, cut.rendition, cut.number)
            case SegmentOpened():
                self._opened[content.rendition] = content
            case SegmentClosed() | CadenceChosen():
                publication.apply(content)
                point.note(content)
            case StoredInit(change, body):
                publication.apply(change, body)
                point.note(change)
            case WindowBegun():
                self._take_window(content)
            case WindowEnded(revision, part_count, presentation):
                publication.recall_counts(revision, part_count, presentation)
            case Interrupted() | Resumed() | Ended():
                pass  # see left_as
            case Begun():
                raise UnreadableError("expected the index to say once whose it is")

    def _take_part(self, stored: StoredPart) -> None:
        replayed = self._replayed
        cut, place = stored
        body = b""
        if not cut.is_gap:
            loaded = None if place is None else self._load(place)
            if loaded is None:
                self._lost.append(cut)
                cut = replace(cut, is_gap=True)
            else:
                body = loaded
        replayed.publication.apply(cut, body)

    def _take_window(self, begun: WindowBegun) -> None:
        cadence = self._replayed.point.cadence
        if cadence is None:
            raise UnreadableError("expected a cadence before a window")
        timelines = [
            Timeline(
                rendition=base.name,
                cadence=cadence,
                policy=self._window.policy,
                next_part_number=base.next_part_number,
                end_us=base.end_us,
                longest_us=base.longest_us,
                is_independent=base.is_independent,
            )
            for base in begun.renditions
        ]
        self._replayed.publication.recall_window(begun.discontinuity_count, timelines)

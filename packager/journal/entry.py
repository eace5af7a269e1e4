"""Entries: what an index says, as values; and their form as frames.

Knows the segmenter's changes and bytes; not files, clocks or the live model.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Any, NamedTuple

from packager.cadence import Cadence
from packager.dash import PeriodMemory, PresentationMemory
from packager.journal.errors import UnreadableError
from packager.journal.frame import Frame, pack_frame
from packager.journal.track_text import read_track, write_track
from packager.segmenter.change import (
    CadenceChosen,
    InitChanged,
    PartCut,
    SegmentClosed,
    SegmentOpened,
)

VERSION = 2  # of the whole form; a server drops shows of another version


class Kind(IntEnum):
    """The first byte of an entry."""

    BEGUN = 1
    WINDOW_BEGUN = 2
    WINDOW_ENDED = 3
    CADENCE = 4
    INIT = 5
    OPENED = 6
    PART = 7
    CLOSED = 8
    INTERRUPTED = 9
    RESUMED = 10
    ENDED = 11


@dataclass(frozen=True, slots=True)
class Begun:
    """The first entry of every index: whose it is.

    `clock_offset_ms` is how far the show's clock is ahead of the machine's steady one; None in
    indexes of servers that followed the wall clock.
    """

    channel: str
    epoch: str
    started_unix_ms: int
    clock_offset_ms: int | None = None
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class RenditionBase:
    """What a rendition had behind it before the first segment that the index still holds."""

    name: str
    next_part_number: int
    end_us: int
    longest_us: int
    is_independent: bool


@dataclass(frozen=True, slots=True)
class WindowBegun:
    """A compacted index: what lies before its segments is summed up here."""

    discontinuity_count: int
    renditions: tuple[RenditionBase, ...]


@dataclass(frozen=True, slots=True)
class WindowEnded:
    """The end of what a compacted index repeats; counts as they were by then."""

    revision: int
    part_count: int
    presentation: PresentationMemory


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The publisher is gone; `stopped` says that it said goodbye."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class Resumed:
    """A publisher came back."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The playlists have ended."""


class Place(NamedTuple):
    """Where the bytes of a part lie: in which volume, from where on, how many."""

    volume: int
    offset: int
    size_bytes: int


class StoredInit(NamedTuple):
    """An InitChanged with its initialisation segment."""

    change: InitChanged
    body: bytes


class StoredPart(NamedTuple):
    """A PartCut, without its samples, and where its bytes are; None if they were not kept."""

    change: PartCut
    place: Place | None


Content = (
    Begun
    | WindowBegun
    | WindowEnded
    | CadenceChosen
    | StoredInit
    | SegmentOpened
    | StoredPart
    | SegmentClosed
    | Interrupted
    | Resumed
    | Ended
)


class Entry(NamedTuple):
    """One entry and when it was written."""

    unix_ms: int
    content: Content


_CADENCE = struct.Struct(">II")
_INIT = struct.Struct(">BII")  # rendition, init number, length of the track's description
_OPENED = struct.Struct(">BQqI?")
_PART = struct.Struct(">BQIQQIBIQI")
_CLOSED = struct.Struct(">BQ")
_IS_INDEPENDENT, _IS_GAP, _IS_STORED = 1, 2, 4
_NOWHERE = Place(0, 0, 0)


class EntryWriter:
    """Writes the entries of one index; renditions become numbers in the order of their coming."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def know(self, rendition: str) -> None:
        """Give a rendition its number before its first entry."""
        self._numbers.setdefault(rendition, len(self._numbers))

    def write(self, content: Content, unix_ms: int) -> bytes:
        """Write one entry as a frame."""
        kind, payload = self._payload(content)
        return pack_frame(kind, unix_ms, payload)

    def _payload(self, content: Content) -> tuple[Kind, bytes]:
        numbers = self._numbers
        match content:
            case StoredPart(cut, place):
                flags = (
                    _IS_INDEPENDENT * cut.is_independent
                    | _IS_GAP * cut.is_gap
                    | _IS_STORED * (place is not None)
                )
                return Kind.PART, _PART.pack(
                    numbers[cut.rendition],
                    cut.msn,
                    cut.index,
                    cut.number,
                    cut.decode_time_ticks,
                    cut.duration_ticks,
                    flags,
                    *(place or _NOWHERE),
                )
            case SegmentOpened():
                return Kind.OPENED, _OPENED.pack(
                    numbers[content.rendition],
                    content.msn,
                    content.start_unix_ms,
                    content.init_number,
                    content.is_discontinuous,
                )
            case SegmentClosed():
                return Kind.CLOSED, _CLOSED.pack(numbers[content.rendition], content.msn)
            case StoredInit(change, body):
                number = numbers.setdefault(change.rendition, len(numbers))
                text = write_track(change.track)
                return Kind.INIT, _INIT.pack(number, change.init_number, len(text)) + text + body
            case CadenceChosen(cadence):
                payload = _CADENCE.pack(cadence.target_duration_s, cadence.part_target_ms)
                return Kind.CADENCE, payload
            case Begun():
                return Kind.BEGUN, _json(asdict(content))
            case WindowBegun():
                for base in content.renditions:
                    numbers.setdefault(base.name, len(numbers))
                return Kind.WINDOW_BEGUN, _json(asdict(content))
            case WindowEnded():
                return Kind.WINDOW_ENDED, _json(_window_ended_values(content))
            case Interrupted(stopped):
                return Kind.INTERRUPTED, bytes([stopped])
            case Resumed():
                return Kind.RESUMED, b""
            case Ended():
                return Kind.ENDED, b""


# What reading raises where a value is not there, or not what it should be. Deep JSON among them.
_MISFITS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


def read_entries(frames: Iterable[Frame]) -> Iterator[Entry]:
    """Read the entries of an index. Raises UnreadableError on what EntryWriter does not write."""
    reader = _EntryReader()
    for frame in frames:
        try:
            yield Entry(frame.unix_ms, reader.read(frame))
        except _MISFITS as error:
            raise UnreadableError(f"expected an entry of kind {frame.kind}, got {error}") from error


class _EntryReader:
    """Knows which rendition has which number."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def read(self, frame: Frame) -> Content:
        """Read one entry. Raises the errors of broken values."""
        payload = frame.payload
        match Kind(frame.kind):
            case Kind.PART:
                return self._read_part(payload)
            case Kind.OPENED:
                number, msn, start_unix_ms, init_number, is_discontinuous = _OPENED.unpack(payload)
                return SegmentOpened(
                    self._names[number], msn, start_unix_ms, is_discontinuous, init_number
                )
            case Kind.CLOSED:
                number, msn = _CLOSED.unpack(payload)
                return SegmentClosed(self._names[number], msn)
            case Kind.INIT:
                return self._read_init(payload)
            case Kind.CADENCE:
                return CadenceChosen(Cadence(*_CADENCE.unpack(payload)))
            case Kind.BEGUN:
                return _read_begun(json.loads(payload))
            case Kind.WINDOW_BEGUN:
                values = json.loads(payload)
                bases = tuple(RenditionBase(**base) for base in values["renditions"])
                self._names += [base.name for base in bases]
                return WindowBegun(values["discontinuity_count"], bases)
            case Kind.WINDOW_ENDED:
                return _read_window_ended(json.loads(payload))
            case Kind.INTERRUPTED:
                return Interrupted(payload != b"\0")
            case Kind.RESUMED:
                return Resumed()
            case Kind.ENDED:
                return Ended()

    def _read_init(self, payload: bytes) -> StoredInit:
        number, init_number, length = _INIT.unpack_from(payload)
        end = _INIT.size + length
        track = read_track(payload[_INIT.size : end])
        if number == len(self._names):
            self._names.append(track.name)
        change = InitChanged(self._names[number], init_number, track)
        return StoredInit(change, payload[end:])

    def _read_part(self, payload: bytes) -> StoredPart:
        (number, msn, index, part_number, decode_time_ticks, duration_ticks, flags, *place) = (
            _PART.unpack(payload)
        )
        cut = PartCut(
            rendition=self._names[number],
            msn=msn,
            index=index,
            number=part_number,
            decode_time_ticks=decode_time_ticks,
            duration_ticks=duration_ticks,
            is_independent=bool(flags & _IS_INDEPENDENT),
            is_gap=bool(flags & _IS_GAP),
            samples=(),
        )
        return StoredPart(cut, Place(*place) if flags & _IS_STORED else None)


def _read_begun(values: dict[str, Any]) -> Begun:
    version = values.get("version")
    if version != VERSION:
        raise ValueError(f"version {version}, where {VERSION} is read")
    begun = Begun(**values)
    if not isinstance(begun.clock_offset_ms, int | None):
        raise TypeError(f"a clock's offset of {begun.clock_offset_ms!r}")
    return begun


def _window_ended_values(ended: WindowEnded) -> dict[str, Any]:
    values = asdict(ended)
    for period in values["presentation"]["periods"]:
        if period["anchor"] is not None:
            moment_s, unix_ms = period["anchor"]
            period["anchor"] = [moment_s.numerator, moment_s.denominator, unix_ms]
    return values


def _read_window_ended(values: dict[str, Any]) -> WindowEnded:
    presentation = values["presentation"]
    periods = []
    for period in presentation.pop("periods"):
        anchor = period["anchor"]
        if anchor is not None:
            numerator, denominator, unix_ms = anchor
            period["anchor"] = (Fraction(numerator, denominator), unix_ms)
        periods.append(PeriodMemory(**period))
    return WindowEnded(
        values["revision"],
        values["part_count"],
        PresentationMemory(periods=tuple(periods), **presentation),
    )


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode()

"""Fragments: moof and mdat pairs with what stands before them (ISO/IEC 14496-12 8.8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from conformance.errors import Mp4Error
from conformance.mp4.box import Box, read_boxes
from conformance.mp4.init_segment import InitSegment, TrackDefaults, read_brands

MAX_SAMPLES = 100_000  # of one trun: a minute of 1 ms audio
_NON_SYNC = 0x00010000
_NO_DEFAULTS = TrackDefaults(0, 0, 0)


class FragmentSample(NamedTuple):
    """One trun entry with all defaults applied. `offset` counts from the body's start."""

    duration: int
    size: int
    composition_offset: int
    is_sync: bool
    offset: int


@dataclass(frozen=True, slots=True)
class TrackFragment:
    """One traf. `decode_time` is None where tfdt is missing."""

    track_id: int
    flags: int
    decode_time: int | None
    decode_time_version: int
    samples: tuple[FragmentSample, ...]

    @property
    def has_base_data_offset(self) -> bool:
        """Whether tfhd carries an absolute file position, which live media cannot have."""
        return bool(self.flags & 0x000001)

    @property
    def default_base_is_moof(self) -> bool:
        """Whether data offsets count from the moof box."""
        return bool(self.flags & 0x020000)

    @property
    def duration(self) -> int:
        """The sum of the samples' durations."""
        return sum(sample.duration for sample in self.samples)

    @property
    def end_time(self) -> int | None:
        """The decode time at which the next fragment of the track must begin."""
        return None if self.decode_time is None else self.decode_time + self.duration


class ProducerReferenceTime(NamedTuple):
    """A prft box: wall clock as 64-bit NTP beside a media time."""

    track_id: int
    ntp_time: int
    media_time: int
    flags: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A moof with its mdat. Positions count from the body's start."""

    sequence_number: int
    tracks: tuple[TrackFragment, ...]
    data_start: int
    data_end: int
    brands: tuple[str, ...] = ()
    producer_reference_time: ProducerReferenceTime | None = None


# What may stand between fragments (ISO/IEC 23000-19 7.3.2).
_BESIDE = frozenset({"styp", "prft", "emsg", "sidx", "free", "skip"})


def read_fragments(body: bytes, init: InitSegment | None = None) -> tuple[Fragment, ...]:
    """Read a part or a segment: one or more moof and mdat pairs.

    `init` supplies the defaults of trex. Raises Mp4Error if boxes are missing, cut short, of
    another kind, or if a trun points outside the body.
    """
    view = memoryview(body)
    fragments: list[Fragment] = []
    brands: tuple[str, ...] = ()
    reference_time: ProducerReferenceTime | None = None
    moof: Box | None = None
    for box in read_boxes(view):
        if moof is not None and box.type != "mdat":
            raise Mp4Error(box.start, f"expected mdat after moof, got {box.type!r}")
        match box.type:
            case "moof":
                moof = box
            case "mdat":
                if moof is None:
                    raise Mp4Error(box.start, "expected moof before mdat, got none")
                fragments.append(_read_fragment(moof, box, init, brands, reference_time))
                moof, brands, reference_time = None, (), None
            case "styp":
                brands = read_brands(box)
            case "prft":
                reference_time = _read_reference_time(box)
            case other if other not in _BESIDE:
                raise Mp4Error(
                    box.start, f"expected moof, mdat or what goes with it, got {other!r}"
                )
    if moof is not None:
        raise Mp4Error(len(body), "expected mdat after moof, got the end")
    if not fragments:
        raise Mp4Error(0, f"expected a moof and an mdat box, got {len(body)} bytes without")
    return tuple(fragments)


def _read_fragment(
    moof: Box,
    mdat: Box,
    init: InitSegment | None,
    brands: tuple[str, ...],
    reference_time: ProducerReferenceTime | None,
) -> Fragment:
    (sequence_number,) = moof.child("mfhd").fields("I", 4)
    tracks = tuple(
        _read_track_fragment(moof, traf, init) for traf in moof.children() if traf.type == "traf"
    )
    if not tracks:
        raise Mp4Error(moof.start, "moof: expected a traf box, got none")
    for track in tracks:
        for sample in track.samples:
            if not mdat.payload_start <= sample.offset <= mdat.end - sample.size:
                raise Mp4Error(
                    moof.start,
                    f"trun: expected samples within the mdat at {mdat.payload_start} to {mdat.end},"
                    f" got one at {sample.offset} to {sample.offset + sample.size}",
                )
    return Fragment(sequence_number, tracks, mdat.payload_start, mdat.end, brands, reference_time)


def _read_track_fragment(moof: Box, traf: Box, init: InitSegment | None) -> TrackFragment:
    tfhd = traf.child("tfhd")
    _, flags = tfhd.version_and_flags()
    (track_id,) = tfhd.fields("I", 4)
    at = 8
    base = moof.start
    if flags & 0x01:
        (base,) = tfhd.fields("Q", at)
        at += 8
    if flags & 0x02:
        at += 4
    track = init.track(track_id) if init is not None else None
    defaults = (track.defaults if track is not None else None) or _NO_DEFAULTS
    duration, size, sample_flags = (
        defaults.sample_duration,
        defaults.sample_size,
        defaults.sample_flags,
    )
    if flags & 0x08:
        (duration,) = tfhd.fields("I", at)
        at += 4
    if flags & 0x10:
        (size,) = tfhd.fields("I", at)
        at += 4
    if flags & 0x20:
        (sample_flags,) = tfhd.fields("I", at)
    own = TrackDefaults(duration, size, sample_flags)
    decode_time, version = None, 0
    tfdt = traf.maybe_child("tfdt")
    if tfdt is not None:
        version, _ = tfdt.version_and_flags()
        (decode_time,) = tfdt.fields("Q" if version == 1 else "I", 4)
    samples: list[FragmentSample] = []
    next_offset = base
    for box in traf.children():
        if box.type == "trun":
            for sample in _read_run(box, own, base, next_offset):
                samples.append(sample)
                next_offset = sample.offset + sample.size
    return TrackFragment(track_id, flags, decode_time, version, tuple(samples))


def _read_run(
    trun: Box, defaults: TrackDefaults, base: int, next_offset: int
) -> Iterator[FragmentSample]:
    version, flags = trun.version_and_flags()
    (count,) = trun.fields("I", 4)
    at = 8
    offset = next_offset
    if flags & 0x001:
        offset = base + trun.fields("i", at)[0]
        at += 4
    first_flags: int | None = None
    if flags & 0x004:
        (first_flags,) = trun.fields("I", at)
        at += 4
    if count > MAX_SAMPLES:
        raise Mp4Error(trun.start, f"trun: expected at most {MAX_SAMPLES} samples, got {count}")
    for number in range(count):
        duration, size, sample_flags = (
            defaults.sample_duration,
            defaults.sample_size,
            defaults.sample_flags,
        )
        composition_offset = 0
        if flags & 0x100:
            (duration,) = trun.fields("I", at)
            at += 4
        if flags & 0x200:
            (size,) = trun.fields("I", at)
            at += 4
        if flags & 0x400:
            (sample_flags,) = trun.fields("I", at)
            at += 4
        elif number == 0 and first_flags is not None:
            sample_flags = first_flags
        if flags & 0x800:
            (composition_offset,) = trun.fields("i" if version else "I", at)
            at += 4
        yield FragmentSample(
            duration, size, composition_offset, not sample_flags & _NON_SYNC, offset
        )
        offset += size


def _read_reference_time(box: Box) -> ProducerReferenceTime:
    version, flags = box.version_and_flags()
    track_id, ntp_time, media_time = box.fields("IQQ" if version else "IQI", 4)
    return ProducerReferenceTime(track_id, ntp_time, media_time, flags)

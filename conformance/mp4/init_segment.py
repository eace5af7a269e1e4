"""InitSegment: what ftyp and moov say of the tracks (ISO/IEC 14496-12, ISO/IEC 23000-19)."""

from dataclasses import dataclass

from conformance.errors import Mp4Error
from conformance.mp4.box import Box, read_boxes
from conformance.mp4.sample_entry import SampleEntry, read_sample_entry


@dataclass(frozen=True, slots=True)
class TrackDefaults:
    """A trex box: what fragments may leave unsaid."""

    sample_duration: int
    sample_size: int
    sample_flags: int


@dataclass(frozen=True, slots=True)
class InitTrack:
    """One trak. Sizes in pixels; durations in ticks of mvhd's and mdhd's timescales."""

    track_id: int
    kind: str
    timescale: int
    language: str
    display_width_px: int
    display_height_px: int
    tkhd_duration: int
    mdhd_duration: int
    table_entries: int
    has_edit_list: bool
    entry: SampleEntry
    defaults: TrackDefaults | None


@dataclass(frozen=True, slots=True)
class InitSegment:
    """The initialisation segment of one rendition."""

    major_brand: str
    brands: tuple[str, ...]
    box_types: tuple[str, ...]
    movie_duration: int
    has_movie_extends: bool
    tracks: tuple[InitTrack, ...]

    def track(self, track_id: int) -> InitTrack | None:
        """Find a track by its id."""
        return next((track for track in self.tracks if track.track_id == track_id), None)


def read_init_segment(body: bytes) -> InitSegment:
    """Read ftyp and moov; raise Mp4Error if the bytes hold no readable init segment."""
    boxes = list(read_boxes(memoryview(body)))
    types = tuple(box.type for box in boxes)
    ftyp = next((box for box in boxes if box.type == "ftyp"), None)
    moov = next((box for box in boxes if box.type == "moov"), None)
    if ftyp is None or moov is None:
        raise Mp4Error(0, f"expected ftyp and moov, got {' '.join(types) or 'nothing'}")
    brands = read_brands(ftyp)
    mvhd = moov.child("mvhd")
    extends = moov.maybe_child("mvex")
    defaults = _track_defaults(extends) if extends is not None else {}
    version, _ = mvhd.version_and_flags()
    (duration,) = mvhd.fields("Q", 24) if version == 1 else mvhd.fields("I", 16)
    tracks = tuple(_read_track(box, defaults) for box in moov.children() if box.type == "trak")
    if not tracks:
        raise Mp4Error(moov.start, "moov: expected a trak box, got none")
    return InitSegment(brands[0], brands[1:], types, duration, extends is not None, tracks)


def read_brands(box: Box) -> tuple[str, ...]:
    """Read the brands of ftyp or styp: the major one, then the compatible ones."""
    box.fields("II")
    payload = bytes(box.payload)
    words = [payload[at : at + 4] for at in (0, *range(8, len(payload) - 3, 4))]
    return tuple(word.decode("latin-1") for word in words)


def _track_defaults(extends: Box) -> dict[int, TrackDefaults]:
    defaults = {}
    for box in extends.children():
        if box.type == "trex":
            track_id, _, duration, size, flags = box.fields("IIIII", 4)
            defaults[track_id] = TrackDefaults(duration, size, flags)
    return defaults


def _read_track(trak: Box, defaults: dict[int, TrackDefaults]) -> InitTrack:
    tkhd = trak.child("tkhd")
    version, _ = tkhd.version_and_flags()
    if version == 1:
        track_id, _, tkhd_duration = tkhd.fields("IIQ", 20)
        width, height = tkhd.fields("II", 88)
    else:
        track_id, _, tkhd_duration = tkhd.fields("III", 12)
        width, height = tkhd.fields("II", 76)
    media = trak.child("mdia")
    mdhd = media.child("mdhd")
    version, _ = mdhd.version_and_flags()
    if version == 1:
        timescale, mdhd_duration, language = mdhd.fields("IQH", 20)
    else:
        timescale, mdhd_duration, language = mdhd.fields("IIH", 12)
    if timescale == 0:
        raise Mp4Error(mdhd.start, "mdhd: expected a timescale of 1 or more, got 0")
    handler = bytes(media.child("hdlr").payload[8:12]).decode("latin-1")
    table = media.child("minf").child("stbl")
    edits = trak.maybe_child("edts")
    return InitTrack(
        track_id=track_id,
        kind={"vide": "video", "soun": "audio"}.get(handler, handler),
        timescale=timescale,
        language="".join(chr(0x60 + (language >> shift & 0x1F)) for shift in (10, 5, 0)),
        display_width_px=width >> 16,
        display_height_px=height >> 16,
        tkhd_duration=tkhd_duration,
        mdhd_duration=mdhd_duration,
        table_entries=sum(_entry_count(box) for box in table.children()),
        has_edit_list=edits is not None and edits.maybe_child("elst") is not None,
        entry=read_sample_entry(table.child("stsd")),
        defaults=defaults.get(track_id),
    )


def _entry_count(box: Box) -> int:
    """Count the samples or chunks that a table of stbl describes: none in an init segment."""
    if box.type in {"stts", "stsc", "stco", "co64", "ctts", "stss"}:
        return box.fields("I", 4)[0]
    if box.type in {"stsz", "stz2"}:
        return box.fields("I", 8)[0]
    return 0

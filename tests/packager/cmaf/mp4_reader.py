"""A small reader of fragmented MP4 that shares nothing with the writer it checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_CONTAINERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf"}
)


class Box(NamedTuple):
    """A box: where it starts in what was read, and its contents without the header."""

    kind: bytes
    start: int
    body: bytes


@dataclass(frozen=True)
class ReadSample:
    """A sample as a `trun` describes it and the `mdat` holds it."""

    duration: int
    composition_offset: int
    flags: int
    payload: bytes

    @property
    def is_sync(self) -> bool:
        """Whether sample_is_non_sync_sample is 0."""
        return not self.flags & 0x00010000


@dataclass(frozen=True)
class ReadFragment:
    """A `moof` with its `mdat`, and the boxes before them."""

    leading: list[Box]
    sequence_number: int
    track_id: int
    decode_time: int
    trun_version: int
    samples: list[ReadSample]


def boxes(content: bytes) -> Iterator[Box]:
    """Walk the boxes of one level; they must fill the content exactly."""
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        assert 8 <= size <= len(content) - at, f"box at {at} claims {size} bytes"
        yield Box(content[at + 4 : at + 8], at, content[at + 8 : at + size])
        at += size


def find(content: bytes, *path: bytes) -> bytes:
    """Give the contents of the only box at this path."""
    for kind in path:
        (content,) = (box.body for box in boxes(content) if box.kind == kind)
    return content


def tree(content: bytes) -> list[str]:
    """List all boxes' types with their paths, in file order."""
    paths = []
    for box in boxes(content):
        paths.append(box.kind.decode())
        if box.kind in _CONTAINERS:
            paths += [f"{box.kind.decode()}/{path}" for path in tree(box.body)]
    return paths


def read_fragment(content: bytes) -> ReadFragment:
    """Read exactly one fragment by the rules of ISO/IEC 14496-12, 8.8.7 and 8.8.8."""
    *leading, moof, mdat = boxes(content)
    assert (moof.kind, mdat.kind) == (b"moof", b"mdat")
    mfhd, tfhd = find(moof.body, b"mfhd"), find(moof.body, b"traf", b"tfhd")
    tfdt, trun = find(moof.body, b"traf", b"tfdt"), find(moof.body, b"traf", b"trun")

    tfhd_flags, tfhd_fields = int.from_bytes(tfhd[1:4], "big"), _uint32s(tfhd[4:])
    assert tfhd_flags & 0x020000, "default-base-is-moof"
    assert not tfhd_flags & 0x000003, "no base data offset, no sample description index"
    track_id = next(tfhd_fields)
    duration = next(tfhd_fields) if tfhd_flags & 0x08 else None
    size = next(tfhd_fields) if tfhd_flags & 0x10 else None
    flags = next(tfhd_fields) if tfhd_flags & 0x20 else None
    assert next(tfhd_fields, None) is None

    trun_version, trun_flags = trun[0], int.from_bytes(trun[1:4], "big")
    trun_fields = _uint32s(trun[4:])
    count, at = next(trun_fields), moof.start + next(trun_fields)
    assert at == mdat.start + 8
    first_flags = next(trun_fields) if trun_flags & 0x04 else None
    assert not (trun_flags & 0x04 and trun_flags & 0x400)
    samples = []
    for index in range(count):
        sample_duration = next(trun_fields) if trun_flags & 0x100 else duration
        sample_size = next(trun_fields) if trun_flags & 0x200 else size
        sample_flags = next(trun_fields) if trun_flags & 0x400 else flags
        if index == 0 and first_flags is not None:
            sample_flags = first_flags
        offset = next(trun_fields) if trun_flags & 0x800 else 0
        if trun_version == 1 and offset >= 2**31:
            offset -= 2**32
        assert sample_duration is not None
        assert sample_size is not None
        assert sample_flags is not None
        payload = content[at : at + sample_size]
        samples.append(ReadSample(sample_duration, offset, sample_flags, payload))
        at += sample_size
    assert next(trun_fields, None) is None
    assert at == len(content)
    assert tfdt[0] == 1
    return ReadFragment(
        leading=leading,
        sequence_number=int.from_bytes(mfhd[4:], "big"),
        track_id=track_id,
        decode_time=int.from_bytes(tfdt[4:], "big"),
        trun_version=trun_version,
        samples=samples,
    )


def _uint32s(content: bytes) -> Iterator[int]:
    assert len(content) % 4 == 0
    return (int.from_bytes(content[at : at + 4], "big") for at in range(0, len(content), 4))

"""Boxes: the nested type-length-value layout of ISO/IEC 14496-12 4.2, bounds checked."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.errors import Mp4Error

MAX_BOXES = 100_000  # of one body; a two-second segment of single-sample fragments has about 2,000


@dataclass(frozen=True, slots=True)
class Box:
    """One box. `start` and `end` count from the start of the whole body, which `body` is."""

    type: str
    body: memoryview
    start: int
    payload_start: int
    end: int

    @property
    def payload(self) -> memoryview:
        """The bytes after the header."""
        return self.body[self.payload_start : self.end]

    def children(self, skip_bytes: int = 0) -> Iterator["Box"]:
        """Read the boxes inside, after `skip_bytes` of own fields."""
        return read_boxes(self.body, self.payload_start + skip_bytes, self.end)

    def maybe_child(self, box_type: str) -> "Box | None":
        """Find the first box of a type inside, or None."""
        return next((box for box in self.children() if box.type == box_type), None)

    def child(self, box_type: str) -> "Box":
        """Find the first box of a type inside; raise Mp4Error if there is none."""
        box = self.maybe_child(box_type)
        if box is None:
            raise Mp4Error(self.start, f"{self.type}: expected a {box_type} box, got none")
        return box

    def fields(self, layout: str, at: int = 0) -> tuple[int, ...]:
        """Unpack big-endian integers at an offset of the payload; raise Mp4Error if too short."""
        size = struct.calcsize(">" + layout)
        if self.payload_start + at + size > self.end:
            raise Mp4Error(
                self.start,
                f"{self.type}: expected {at + size} bytes or more of payload, "
                f"got {self.end - self.payload_start}",
            )
        return struct.unpack_from(">" + layout, self.body, self.payload_start + at)

    def version_and_flags(self) -> tuple[int, int]:
        """Read a FullBox's version and 24 flag bits."""
        (word,) = self.fields("I")
        return word >> 24, word & 0xFFFFFF


def read_boxes(body: memoryview, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Read the boxes that fill `body[start:end]`; raise Mp4Error if they do not fill it exactly."""
    limit = len(body) if end is None else end
    position = start
    for _ in range(MAX_BOXES):
        if position == limit:
            return
        if position + 8 > limit:
            raise Mp4Error(position, f"expected a box header of 8 bytes, got {limit - position}")
        size, raw_type = struct.unpack_from(">I4s", body, position)
        header_bytes = 8
        if size == 1:
            if position + 16 > limit:
                raise Mp4Error(position, "expected a 64-bit box size, got the end")
            (size,) = struct.unpack_from(">Q", body, position + 8)
            header_bytes = 16
        elif size == 0:
            size = limit - position  # to the end of the file
        if size < header_bytes or position + size > limit:
            raise Mp4Error(
                position,
                f"box {raw_type!r}: expected a size of {header_bytes} to {limit - position}, "
                f"got {size}",
            )
        yield Box(
            raw_type.decode("latin-1"), body, position, position + header_bytes, position + size
        )
        position += size
    raise Mp4Error(position, f"expected at most {MAX_BOXES} boxes")

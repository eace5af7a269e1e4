"""Volume: a file with the bytes of many parts, each followed by a seal that says it is all there.

A show has a few volumes of some megabytes and begins a new one when the newest is full. The file
of one that holds nothing needed any more becomes a later one: overwriting a file costs a third of
what a new one does. So old bytes may lie where newer ones were to be written, and the seal, which
names volume and place, tells them apart: volume numbers are never used again.
"""

import struct
from collections import deque
from collections.abc import Callable

from packager.journal.entry import Place

VOLUME_BYTES = 4 * 2**20

_SEAL = struct.Struct(">II")


def volume_name(volume: int) -> str:
    """Name the file of a volume."""
    return f"media-{volume}"


def seal(place: Place) -> bytes:
    """Give the bytes to be written behind the part at this place."""
    return _SEAL.pack(place.volume, place.offset)


def read_part(volume: bytes, place: Place) -> bytes | None:
    """Cut a part out of its volume, or None if it never came there in full."""
    end = place.offset + place.size_bytes
    if volume[end : end + _SEAL.size] != seal(place):
        return None
    return volume[place.offset : end]


class VolumeBook:
    """Says where the next part's bytes go, and which volumes hold nothing needed any more.

    `current` is the volume that grows, 0 before the first.
    """

    def __init__(self, last_volume: int = 0) -> None:
        self.current = last_volume
        self._is_new_due = True
        self._end = 0
        # The number of each rendition's newest part in each volume, oldest volume first.
        self._newest: deque[tuple[int, dict[str, int]]] = deque()

    def assign(self, rendition: str, part_number: int, size_bytes: int) -> Place:
        """Find the place of the next part."""
        if self._is_new_due or self._end + size_bytes > VOLUME_BYTES:
            self._is_new_due = False
            self.current += 1
            self._end = 0
        place = Place(self.current, self._end, size_bytes)
        self._end += size_bytes + _SEAL.size
        self.note(place, rendition, part_number)
        return place

    def note(self, place: Place, rendition: str, part_number: int) -> None:
        """Take note of a part in a volume: the newest one, or one newer than that."""
        if not self._newest or self._newest[-1][0] != place.volume:
            self._newest.append((place.volume, {}))
        self._newest[-1][1][rendition] = part_number
        self.current = max(self.current, place.volume)

    def free(self, oldest_part_number: Callable[[str], int]) -> list[int]:
        """Let go of the volumes before the current one that hold older parts alone."""
        freed = []
        while self._newest and self._newest[0][0] != self.current:
            volume, newest = self._newest[0]
            if any(number >= oldest_part_number(name) for name, number in newest.items()):
                break
            self._newest.popleft()
            freed.append(volume)
        return freed

    @property
    def volumes(self) -> list[int]:
        """The volumes that hold something needed."""
        return [volume for volume, _ in self._newest]

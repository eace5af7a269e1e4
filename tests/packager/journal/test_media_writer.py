"""Who writes the bytes of parts: the caller while the disk is quick, a thread while it is not."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from packager.journal.entry import Place
from packager.journal.media_writer import CAUTIOUS_S, SLOW_WRITE_S, MediaFolder, MediaWriter
from packager.journal.volume import VOLUME_BYTES, VolumeBook, read_part, volume_name

LIMIT_S = 60.0
QUICK_S, SLOW_S = SLOW_WRITE_S / 100, SLOW_WRITE_S * 2


class Clock:
    """Every look at it takes as long as a write of this disk."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.write_s = QUICK_S

    def __call__(self) -> float:
        self.now += self.write_s
        return self.now


class Disk:
    """A writer, its clock, and a show of parts of a kilobyte."""

    def __init__(self, path: Path, capacity_bytes: int = 10_000) -> None:
        self.clock = Clock()
        self.writer = MediaWriter(capacity_bytes, self.clock)
        self.path = path
        self.folder = MediaFolder("clock", path)
        self.book = VolumeBook()
        self.places: list[Place] = []
        self.writer.start()

    def write(self) -> bool:
        """Write the next part; says whether it was there at once."""
        number = len(self.places)
        place = self.book.assign("video", number, 1000)
        self.places.append(place)
        self.writer.write(self.folder, place, bytes([number]) * 1000)
        return self.read(number) is not None

    def write_volume_of_one(self) -> None:
        """Write a part that has a volume to itself."""
        number = len(self.places)
        place = self.book.assign("video", number, VOLUME_BYTES)
        self.places.append(place)
        self.writer.write(self.folder, place, bytes(VOLUME_BYTES))

    def read(self, number: int) -> bytes | None:
        volume = self.path / volume_name(self.places[number].volume)
        return read_part(volume.read_bytes(), self.places[number]) if volume.is_file() else None

    def settle(self) -> None:
        deadline = time.monotonic() + LIMIT_S
        while self.writer.queued_bytes:
            assert time.monotonic() < deadline
            time.sleep(0.001)


@contextmanager
def blocked(disk: Disk) -> Iterator[MediaFolder]:
    """Hang the disk of another show: a pipe without a reader, which the thread waits to open."""
    folder = MediaFolder("stuck", disk.path / "stuck")
    folder.path.mkdir()
    pipe = folder.path / volume_name(1)
    os.mkfifo(pipe)
    disk.writer.write(folder, Place(1, 0, 1000), bytes(1000))
    yield folder
    os.close(os.open(pipe, os.O_RDONLY))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    assert made.writer.stop(LIMIT_S)


def test_a_part_is_on_a_quick_disk_when_it_was_handed_over(disk: Disk) -> None:
    assert [disk.write() for _ in range(20)] == [True] * 20
    assert disk.writer.queued_bytes == 0


def test_after_a_slow_write_a_thread_writes_until_the_disk_has_been_quick_for_a_while(
    disk: Disk,
) -> None:
    disk.clock.write_s = SLOW_S
    disk.write()
    disk.clock.write_s = QUICK_S
    with blocked(disk):
        disk.write()
        assert disk.writer.queued_bytes == 2000
    disk.settle()
    assert disk.read(1) == b"\1" * 1000
    disk.clock.now += CAUTIOUS_S
    assert disk.write()


def test_slow_writes_of_the_thread_count_too(disk: Disk) -> None:
    disk.clock.write_s = SLOW_S
    disk.write()
    disk.clock.now += CAUTIOUS_S - SLOW_WRITE_S * 10
    disk.write()  # the thread's, and slow again
    disk.settle()
    disk.clock.write_s = QUICK_S
    disk.clock.now += CAUTIOUS_S - SLOW_WRITE_S * 10
    with blocked(disk):
        disk.write()
        assert disk.writer.queued_bytes == 2000
    disk.settle()


def test_what_a_disk_that_hangs_cannot_take_is_dropped_and_counted(disk: Disk) -> None:
    disk.clock.write_s = SLOW_S
    disk.write()
    with blocked(disk) as stuck:
        taken = 0
        while disk.writer.has_room(1000):
            disk.write()
            taken += 1
        assert taken == 9
        assert not disk.writer.has_room(1000)
        assert disk.writer.dropped_count == 2
    disk.settle()
    assert all(disk.read(number) for number in range(10))
    assert stuck.has_failed
    assert not disk.folder.has_failed
    assert disk.writer.failed_count == 1


def test_the_file_of_a_volume_that_is_free_becomes_a_later_one(disk: Disk) -> None:
    disk.write()
    disk.write_volume_of_one()
    file = (disk.path / volume_name(1)).stat().st_ino
    disk.writer.free(disk.folder, 1)
    disk.write_volume_of_one()
    assert {entry.name for entry in disk.path.iterdir()} == {volume_name(2), volume_name(3)}
    assert (disk.path / volume_name(3)).stat().st_ino == file
    disk.writer.free(disk.folder, 2)
    disk.writer.free(disk.folder, 0)  # one spare file is enough
    disk.write_volume_of_one()
    disk.settle()
    assert {entry.name for entry in disk.path.iterdir()} == {volume_name(3), volume_name(4)}

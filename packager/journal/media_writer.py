"""MediaWriter: writes the bytes of parts; at once while the disk is quick, else in a thread.

A write into the system's memory takes as long as copying does, some 20 us for a part, and a thread
that is woken for it costs more than that: it takes the interpreter from the event loop, and the
bytes into another cache. But a disk that has more to do than it can makes a write wait, and live
must not wait with it. So what takes long is left to a thread, until nothing has for a while.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import structlog

from packager.journal.entry import Place
from packager.journal.volume import seal, volume_name

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager.journal")

# A second of 128 shows at 4 Mbit/s: what a disk that is slow for a moment may owe.
QUEUE_BYTES = 64 * 2**20

# A write that takes longer has waited for the disk, or else for the processor, which does no harm.
SLOW_WRITE_S = 0.05
# For so long after a slow write the thread writes, whose own slow writes count, too: so a disk that
# stays slow is waited for once.
CAUTIOUS_S = 10.0


class MediaFolder:
    """Where the volumes of one show lie.

    Belongs to its writer, which sees to it that one thread at a time works with it. `has_failed`
    says that the disk refused something and that nothing more is written; `is_on_trial` that it is
    written to again, after that, and nothing has succeeded yet.
    """

    def __init__(self, channel: str, path: Path) -> None:
        self.channel = channel
        self.path = path
        self.has_failed = False
        self.is_on_trial = False
        self._volume = 0
        self._file: int | None = None
        self._spare: Path | None = None

    def write(self, place: Place, body: bytes) -> None:
        """Write a part and its seal. Raises OSError."""
        file = self._file
        if file is None or place.volume != self._volume:
            file = self._open(place.volume)
        pieces: list[bytes | memoryview] = [body, seal(place)]
        at = place.offset
        left = sum(map(len, pieces))
        while True:
            written = os.pwritev(file, pieces, at)
            at += written
            left -= written
            if not left:
                return
            joined = memoryview(b"".join(pieces))  # a disk that is nearly full, or a signal
            pieces = [joined[written:]]

    def try_again(self) -> None:
        """Write again what comes from now on. For the event loop's thread."""
        self.is_on_trial = True
        self.has_failed = False

    @property
    def has_no_spare(self) -> bool:
        """Whether the file of the next volume that is freed will be kept."""
        return self._spare is None

    def free(self, volume: int) -> None:
        """Keep the file of a volume for a later one, or delete it. Raises OSError."""
        path = self.path / volume_name(volume)
        if self._spare is None:
            self._spare = path
        else:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """Delete the folder with all that is in it. Raises OSError."""
        self.close()
        shutil.rmtree(self.path)

    def _open(self, volume: int) -> int:
        self.close()
        path = self.path / volume_name(volume)
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.rename(path)
        self._file = file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._volume = volume
        return file


class _Write(NamedTuple):
    folder: MediaFolder
    place: Place
    body: bytes


class _Free(NamedTuple):
    folder: MediaFolder
    volume: int


class _Close(NamedTuple):
    folder: MediaFolder


class _Remove(NamedTuple):
    folder: MediaFolder


_Order = _Write | _Free | _Close | _Remove


class _Stop:
    """The thread's last order."""


class MediaWriter:
    """Takes orders from the event loop's thread, and carries them out there or in its own.

    The thread's queue holds `capacity_bytes` of media; what comes beyond is dropped and counted,
    and after a disk's error nothing more is written of that show until its folder is tried again.
    Orders are carried out in their order:
    the event loop's thread does so itself only while the other has nothing to do. `now` is
    monotonic seconds.
    """

    def __init__(
        self, capacity_bytes: int = QUEUE_BYTES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.dropped_count = 0
        self.failed_count = 0
        self.capacity_bytes = capacity_bytes
        self._now = now
        self._cautious_until = -CAUTIOUS_S
        # Written by the event loop's thread, and by the other one.
        self._taken_bytes = self._done_bytes = 0
        self._ordered_count = self._carried_count = 0
        self._orders: SimpleQueue[_Order | _Stop] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal-media", daemon=True)

    def start(self) -> None:
        """Begin to carry out orders, once."""
        self._thread.start()

    @property
    def queued_bytes(self) -> int:
        """How many bytes of media wait to be written."""
        return self._taken_bytes - self._done_bytes

    def has_room(self, size_bytes: int) -> bool:
        """Whether that much more may wait; counts a part that may not."""
        if self.queued_bytes + size_bytes <= self.capacity_bytes:
            return True
        self.dropped_count += 1
        return False

    def write(self, folder: MediaFolder, place: Place, body: bytes) -> None:
        """Write a part, or have it written, there being room."""
        if self._is_idle and self._now() >= self._cautious_until:
            self._write(folder, place, body)
        else:
            self._taken_bytes += len(body)
            self._order(_Write(folder, place, body))

    def free(self, folder: MediaFolder, volume: int) -> None:
        """Have the file of a volume put to another use, or deleted."""
        if self._is_idle and folder.has_no_spare:
            folder.free(volume)
        else:
            self._order(_Free(folder, volume))

    def close_folder(self, folder: MediaFolder) -> None:
        """Write no more to a folder."""
        self._order(_Close(folder))

    def remove(self, folder: MediaFolder) -> None:
        """Have the folder deleted."""
        self._order(_Remove(folder))

    def delete(self, path: Path) -> None:
        """Have a folder deleted that is no show's any more."""
        self.remove(MediaFolder(path.name, path))

    def stop(self, timeout_s: float) -> bool:
        """Finish what was ordered; says False when the time is up before. Blocks."""
        self._order(_Stop())
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def _is_idle(self) -> bool:
        """Whether the thread has carried out all that it was ordered to."""
        return self._ordered_count == self._carried_count

    def _order(self, order: _Order | _Stop) -> None:
        self._ordered_count += 1
        self._orders.put(order)

    def _run(self) -> None:
        while True:
            order = self._orders.get()
            if isinstance(order, _Stop):
                return
            self._carry_out(order)
            self._carried_count += 1

    def _carry_out(self, order: _Order) -> None:
        folder = order.folder
        try:
            match order:
                case _Write():
                    self._write(folder, order.place, order.body)
                    self._done_bytes += len(order.body)
                case _Free():
                    folder.free(order.volume)
                case _Close():
                    folder.close()
                case _Remove():
                    folder.remove()
        except OSError as error:
            self._note_failure(folder, error)

    def _write(self, folder: MediaFolder, place: Place, body: bytes) -> None:
        if folder.has_failed:
            return
        began_s = self._now()
        try:
            folder.write(place, body)
        except OSError as error:
            self._note_failure(folder, error)
        else:
            if folder.is_on_trial:
                folder.is_on_trial = False
                _log.info("journal writes media again", channel=folder.channel)
        ended_s = self._now()
        if ended_s - began_s > SLOW_WRITE_S:
            self._cautious_until = ended_s + CAUTIOUS_S

    def _note_failure(self, folder: MediaFolder, error: OSError) -> None:
        if folder.has_failed:
            return
        folder.has_failed = True
        if folder.is_on_trial:
            return
        self.failed_count += 1
        _log.error(
            "journal cannot write media",
            channel=folder.channel,
            reason=error.strerror or str(error),
        )

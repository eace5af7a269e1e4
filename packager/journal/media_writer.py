"""MediaWriter: the one thread that writes the bytes of parts, so that live waits for no disk."""

import os
import shutil
import threading
import time
from collections import deque
from pathlib import Path
from typing import NamedTuple

import structlog

from packager.journal.entry import Place
from packager.journal.volume import seal, volume_name

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager.journal")

# A second of 128 shows at 4 Mbit/s: what a disk that is slow for a moment may owe.
QUEUE_BYTES = 64 * 2**20

# After it was woken the writer takes whatever comes for so long before it looks again: waking it
# for every part takes the event loop's thread more time than all the rest of the journal does.
# A process that is killed loses what came meanwhile.
_PAUSE_S = 0.004


class MediaFolder:
    """Where the volumes of one show lie.

    Belongs to the writer's thread from its first write on; others read `has_failed`, which says
    that the disk refused something and that nothing more is written.
    """

    def __init__(self, channel: str, path: Path) -> None:
        self.channel = channel
        self.path = path
        self.has_failed = False
        self._volume = 0
        self._file: int | None = None
        self._spare: Path | None = None

    def write(self, place: Place, body: bytes) -> None:
        """Write a part and its seal. Raises OSError."""
        if self._file is None or place.volume != self._volume:
            self._open(place.volume)
        pieces: list[bytes | memoryview] = [body, seal(place)]
        at = place.offset
        left = sum(map(len, pieces))
        while True:
            written = os.pwritev(self._file, pieces, at) if self._file is not None else left
            at += written
            left -= written
            if not left:
                return
            joined = memoryview(b"".join(pieces))  # a disk that is nearly full, or a signal
            pieces = [joined[written:]]

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

    def _open(self, volume: int) -> None:
        self.close()
        path = self.path / volume_name(volume)
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.rename(path)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._volume = volume


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
    """Takes orders from the event loop's thread and carries them out in theirs.

    The queue holds `capacity_bytes` of media; what comes beyond is dropped and counted, and a
    disk's error ends the writing of that show alone. `dropped_count` belongs to the event loop's
    thread, `failed_count` to the writer's.
    """

    def __init__(self, capacity_bytes: int = QUEUE_BYTES) -> None:
        self.dropped_count = 0
        self.failed_count = 0
        self._capacity_bytes = capacity_bytes
        self._taken_bytes = 0  # by the event loop's thread
        self._done_bytes = 0  # by the writer's
        self._orders: deque[_Order | _Stop] = deque()
        self._has_orders = threading.Event()
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
        if self.queued_bytes + size_bytes <= self._capacity_bytes:
            return True
        self.dropped_count += 1
        return False

    def write(self, folder: MediaFolder, place: Place, body: bytes) -> None:
        """Have a part written, there being room."""
        self._taken_bytes += len(body)
        self._order(_Write(folder, place, body))

    def free(self, folder: MediaFolder, volume: int) -> None:
        """Have the file of a volume put to another use, or deleted."""
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

    def _order(self, order: _Order | _Stop) -> None:
        self._orders.append(order)
        if not self._has_orders.is_set():
            self._has_orders.set()

    def _run(self) -> None:
        orders = self._orders
        while True:
            while orders:
                order = orders.popleft()
                if isinstance(order, _Stop):
                    return
                self._try(order)
            time.sleep(_PAUSE_S)
            if not orders:
                self._has_orders.clear()
                if not orders:  # nothing came in between, unheard
                    self._has_orders.wait()

    def _try(self, order: _Order) -> None:
        folder = order.folder
        try:
            self._carry_out(order)
        except OSError as error:
            if not folder.has_failed:
                folder.has_failed = True
                self.failed_count += 1
                _log.error(
                    "journal cannot write media",
                    channel=folder.channel,
                    reason=error.strerror or str(error),
                )
        finally:
            if isinstance(order, _Write):
                self._done_bytes += len(order.body)

    def _carry_out(self, order: _Order) -> None:
        folder = order.folder
        match order:
            case _Write():
                if not folder.has_failed:
                    folder.write(order.place, order.body)
            case _Free():
                folder.free(order.volume)
            case _Close():
                folder.close()
            case _Remove():
                folder.remove()

"""LiveFolder: the folder with the shows of one server, and what an earlier process left in it."""

import fcntl
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

import structlog

from packager.journal.boot import read_boot_id
from packager.journal.entry import Begun, Ended, Entry, Interrupted, Place, read_entries
from packager.journal.errors import FolderTakenError, UnreadableError
from packager.journal.frame import damaged_at, read_frames
from packager.journal.index_file import INDEX
from packager.journal.media_writer import MediaWriter
from packager.journal.replay import left_as, replay
from packager.journal.show_journal import ShowJournal
from packager.journal.volume import read_part, volume_name
from packager.live import Publication, ShowClock, WindowSettings
from packager.live.show_clock import steady_ms_now
from packager.segmenter import ResumePoint

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager.journal")

_LOCK = "lock"  # holds the id of the boot in which the folder was last open
_LONGEST_BOOT_ID_BYTES = 64
# A channel's name, a dot, a Publication's epoch; case matters in names, and not to every disk.
_SHOW_FOLDER = re.compile(r"[A-Za-z0-9_-]{1,64}\.([0-9a-f]{1,16})-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class RecoveredShow:
    """A show of an earlier process, as it was left at `left_unix_ms` by its own clock.

    `has_ended` says that its playlists are complete; else its publisher is gone, with a goodbye if
    `is_stopped`. `point` is where its cutting stands.
    """

    publication: Publication
    journal: ShowJournal
    point: ResumePoint
    left_unix_ms: int
    is_stopped: bool
    has_ended: bool


class LiveFolder:
    """Keeps shows on disk and finds them again. Belongs to the event loop's thread.

    At most one process has the folder open. `unix_ms` is the wall clock, `steady_ms` the one that
    nobody sets.
    """

    def __init__(
        self,
        path: Path,
        unix_ms: Callable[[], int],
        steady_ms: Callable[[], int] = steady_ms_now,
    ) -> None:
        self._path = path
        self._unix_ms = unix_ms
        self._steady_ms = steady_ms
        self._journals: WeakSet[ShowJournal] = WeakSet()
        self._index_failure_count = 0
        self._lock: int | None = None
        self._is_of_other_boot = False
        self._writer = MediaWriter()

    def open(self) -> None:
        """Take the folder, once, before all else. Raises FolderTakenError, OSError."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise FolderTakenError(f"another server uses {self._path}") from None
        self._lock = lock
        self._note_boot(lock)
        self._writer.start()

    @property
    def queued_bytes(self) -> int:
        """How many bytes of media wait to be written."""
        return self._writer.queued_bytes

    @property
    def queue_bytes(self) -> int:
        """How many bytes may wait."""
        return self._writer.capacity_bytes

    @property
    def dropped_count(self) -> int:
        """How many parts were not kept because the disk is too slow."""
        return self._writer.dropped_count

    @property
    def failure_count(self) -> int:
        """How often the disk began to refuse what there was to keep of a show."""
        return self._writer.failed_count + self._index_failure_count

    @property
    def refused_count(self) -> int:
        """How many shows are not kept, or not their media, because the disk refuses to."""
        return sum(journal.is_refused for journal in self._journals)

    def begin(self, publication: Publication) -> ShowJournal:
        """Keep a new show from its first change on."""
        path = self._path / f"{publication.channel}.{publication.epoch}"
        return self._journal(publication, path)

    def recover(
        self, window: WindowSettings, *, grace_ms: int, ended_ms: int
    ) -> list[RecoveredShow]:
        """Find the shows that go on, or that can still be watched; delete all others.

        One show a channel, the newest. What cannot be read is said in the log. Nothing goes on from
        before the machine was started: the end of an index may never have come to the disk, and
        its numbers would be used again.
        """
        if self._is_of_other_boot:
            self._delete_all()
            return []
        recovered: dict[str, RecoveredShow] = {}
        for path in self._show_folders():
            show = self._recover_or_delete(path, window, grace_ms, ended_ms)
            if show is None:
                continue
            earlier = recovered.get(show.publication.channel)
            if earlier is not None:
                earlier.journal.remove()
            recovered[show.publication.channel] = show
        return list(recovered.values())

    def close(self, timeout_s: float) -> None:
        """Write what is left to be written, and give the folder back. Blocks."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        if not self._writer.stop(timeout_s):
            _log.warning("journal cut short", queued_bytes=self._writer.queued_bytes)
        os.close(lock)

    def _note_boot(self, lock: int) -> None:
        """Find out whether the machine was started since the folder was last open."""
        boot_id = read_boot_id()
        last_id = os.pread(lock, _LONGEST_BOOT_ID_BYTES, 0)
        self._is_of_other_boot = bool(last_id) and last_id != boot_id
        if last_id != boot_id:
            os.ftruncate(lock, 0)
            with suppress(OSError):  # a full disk: then the next process cannot tell
                os.pwrite(lock, boot_id, 0)

    def _delete_all(self) -> None:
        paths = self._show_folders()
        for path in paths:
            self._writer.delete(path)
        if paths:
            _log.warning("shows begin anew: the machine was restarted", show_count=len(paths))

    def _journal(self, publication: Publication, path: Path) -> ShowJournal:
        journal = ShowJournal(publication, path, self._writer, self._note_failure)
        self._journals.add(journal)
        return journal

    def _note_failure(self) -> None:
        self._index_failure_count += 1

    def _show_folders(self) -> list[Path]:
        """List the folders of shows, the oldest show first."""
        shows = []
        for entry in os.scandir(self._path):
            match = _SHOW_FOLDER.fullmatch(entry.name)
            if match is not None and entry.is_dir(follow_symlinks=False):
                shows.append((int(match[1], 16), Path(entry.path)))
            elif entry.name != _LOCK:
                _log.warning("journal leaves alone what is none of its own", name=entry.name)
        return [path for _, path in sorted(shows)]

    def _recover_or_delete(
        self, path: Path, window: WindowSettings, grace_ms: int, ended_ms: int
    ) -> RecoveredShow | None:
        try:
            show = self._recover(path, window, grace_ms, ended_ms)
        except UnreadableError as error:
            _log.warning("journal drops a show that cannot be read", name=path.name, why=str(error))
            show = None
        except Exception:  # noqa: BLE001 - whatever lies on a disk, the server starts
            _log.exception("journal drops a show that cannot be read", name=path.name)
            show = None
        if show is None:
            self._writer.delete(path)
        return show

    def _recover(
        self, path: Path, window: WindowSettings, grace_ms: int, ended_ms: int
    ) -> RecoveredShow | None:
        """Read a show, unless it is over and too old to be watched, or never could be."""
        index = (path / INDEX).read_bytes() if (path / INDEX).exists() else b""
        damage = damaged_at(index)
        if damage is not None:
            raise UnreadableError(f"expected a whole index, got one with damage at byte {damage}")
        entries = list(read_entries(read_frames(index)))
        left = left_as(entries)
        clock = self._clock_of(entries, left)
        over_unix_ms = left.unix_ms + (0 if isinstance(left.content, Ended) else grace_ms)
        if over_unix_ms < clock.unix_ms() - ended_ms:
            return None
        replayed = replay(entries, window, _VolumeReader(path).load, clock)
        publication = replayed.publication
        if path.name != f"{publication.channel}.{publication.epoch}":
            raise UnreadableError(f"expected the show of {path.name}, got {publication.epoch}")
        if not publication.revision:
            return None
        publication.date_after(max(left.unix_ms, clock.unix_ms()))
        _delete_volumes_but(path, replayed.book.volumes)
        journal = self._journal(publication, path)
        journal.recover(index, replayed.book, left)
        if replayed.gap_count:
            _log.warning(
                "journal lost media", channel=publication.channel, part_count=replayed.gap_count
            )
        return RecoveredShow(
            publication=publication,
            journal=journal,
            point=replayed.point,
            left_unix_ms=left.unix_ms,
            is_stopped=isinstance(left.content, Interrupted) and left.content.stopped,
            has_ended=isinstance(left.content, Ended),
        )

    def _clock_of(self, entries: Sequence[Entry], left: Entry) -> ShowClock:
        """Go on with the show's own clock, or set one where nothing is known of it any more.

        Where the system does not name its boots, the steady clock may have begun anew: then it
        shows a time before the show's last entry.
        """
        begun = entries[0].content if entries else None
        if isinstance(begun, Begun) and begun.clock_offset_ms is not None:
            clock = ShowClock(begun.clock_offset_ms, self._steady_ms)
            if clock.unix_ms() >= left.unix_ms:
                return clock
        return ShowClock.set_to(self._unix_ms(), self._steady_ms)


class _VolumeReader:
    """Reads parts out of a show's volumes, which come one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._volumes: dict[int, bytes] = {}

    def load(self, place: Place) -> bytes | None:
        """Read one part, or None if it is not there."""
        volume = self._volumes.get(place.volume)
        if volume is None:
            try:
                volume = (self._path / volume_name(place.volume)).read_bytes()
            except FileNotFoundError:
                return None
            self._volumes = {place.volume: volume}
        return read_part(volume, place)


def _delete_volumes_but(path: Path, needed: list[int]) -> None:
    names = {INDEX, *map(volume_name, needed)}
    for file in path.iterdir():
        if file.name not in names:
            file.unlink()

"""ShowJournal: one show's index and media on disk, written as the show goes on."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from packager.journal.compaction import compact
from packager.journal.entry import (
    Begun,
    Content,
    Ended,
    Entry,
    EntryWriter,
    Interrupted,
    Place,
    Resumed,
    StoredInit,
    StoredPart,
    WindowEnded,
)
from packager.journal.media_writer import MediaFolder, MediaWriter
from packager.journal.volume import VolumeBook
from packager.live import Publication
from packager.segmenter.change import Change, InitChanged, PartCut, SegmentClosed, WarningRaised

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager.journal")

INDEX = "index"
_NEW_INDEX = "index.new"
# How much an index grows at least before it is written anew: some two minutes of changes, which
# take a millisecond to go through. It grows by its own size where that is more, so that a long
# window costs no more for each change than a short one.
_GROWTH_BYTES = 64 * 2**10


class ShowJournal:
    """Keeps one Publication on disk, so that another process can go on with it.

    The index is written at once, before anybody can see what it says: one small write into the
    system's memory, which survives the process, though not the machine. So are media bytes, unless
    the disk is slow: then they follow within moments. Belongs to the event loop's thread. A disk
    that fails ends the journal of this show, never the show. Times are the show's.
    """

    def __init__(
        self,
        publication: Publication,
        path: Path,
        writer: MediaWriter,
        on_failure: Callable[[], None],
    ) -> None:
        self._publication = publication
        self._path = path
        self._writer = writer
        self._unix_ms = publication.clock.unix_ms
        self._on_failure = on_failure
        self._media = MediaFolder(publication.channel, path)
        self._book = VolumeBook()
        self._entries = EntryWriter()
        self._unwritten: list[bytes] = []
        self._has_closed = False  # a segment, since the last commit
        self._state: Entry | None = None
        self._index: int | None = None
        self._size_bytes = 0
        self._compact_at_bytes = _GROWTH_BYTES
        self._is_on_disk = False
        self._is_closed = False
        self._has_dropped = False

    def recover(self, index: bytes, book: VolumeBook, state: Entry) -> None:
        """Go on with the show of an earlier process, whose index and volumes these are."""
        self._book = book
        self._state = state
        self._try(lambda: self._rewrite(index))

    def note(self, change: Change, body: bytes) -> None:
        """Take a change that the publication has taken; `commit` makes it last."""
        if not self._is_on_disk:
            self._try(self._open)
        if self._is_closed:
            return
        content: Content
        if isinstance(change, PartCut):
            content = StoredPart(change, None if change.is_gap else self._store(change, body))
        elif isinstance(change, InitChanged):
            content = StoredInit(change, body)
        elif isinstance(change, WarningRaised):
            return
        else:
            content = change
            self._has_closed |= type(change) is SegmentClosed
        self._unwritten.append(self._entries.write(content, self._unix_ms()))

    def commit(self) -> None:
        """Write down all that was noted."""
        if self._unwritten:
            self._try(self._append)

    def interrupt(self, *, stopped: bool) -> None:
        """Note that the publisher is gone."""
        self._note_state(Interrupted(stopped))

    def resume(self) -> None:
        """Note that a publisher is back."""
        self._note_state(Resumed())

    def end(self) -> None:
        """Note that the show has ended. Its media stays until `remove`."""
        self._note_state(Ended())

    def close(self) -> None:
        """Leave the show to a later process."""
        if self._index is not None:
            os.close(self._index)
            self._index = None
        self._is_closed = True
        self._unwritten.clear()
        self._writer.close_folder(self._media)

    def remove(self) -> None:
        """Delete all of it."""
        self.close()
        if self._is_on_disk:
            self._writer.remove(self._media)

    def _note_state(self, content: Content) -> None:
        if self._index is None:
            return  # nothing of the show was noted
        state = Entry(self._unix_ms(), content)
        self._state = None if isinstance(content, Resumed) else state
        self._unwritten.append(self._entries.write(content, state.unix_ms))
        self.commit()

    def _store(self, cut: PartCut, body: bytes) -> Place | None:
        """Have the part's bytes written, if there is room for them."""
        if self._media.has_failed:
            return None
        if not self._writer.has_room(len(body)):
            if not self._has_dropped:
                self._has_dropped = True
                _log.warning("journal drops media", channel=self._publication.channel)
            return None
        place = self._book.assign(cut.rendition, cut.number, len(body))
        self._writer.write(self._media, place, body)
        return place

    def _append(self) -> None:
        written = b"".join(self._unwritten)
        self._unwritten.clear()
        self._write(written)
        if self._has_closed:
            self._has_closed = False
            self._forget_old()

    def _open(self) -> None:
        publication = self._publication
        self._path.mkdir(mode=0o700)
        self._is_on_disk = True
        self._index = _open_index(self._path / INDEX)
        begun = Begun(
            publication.channel,
            publication.epoch,
            publication.started_unix_ms,
            publication.clock.offset_ms,
        )
        self._write(EntryWriter().write(begun, self._unix_ms()))

    def _write(self, written: bytes) -> None:
        if self._index is None:
            return
        if os.write(self._index, written) != len(written):
            raise OSError(None, "the disk took a part of a record only")
        self._size_bytes += len(written)

    def _forget_old(self) -> None:
        """Let go of what has left the window, on disk too."""
        renditions = self._publication.renditions
        for volume in self._book.free(lambda name: renditions[name].timeline.oldest_part_number):
            self._writer.free(self._media, volume)
        if self._size_bytes >= self._compact_at_bytes:
            self._rewrite((self._path / INDEX).read_bytes())

    def _rewrite(self, index: bytes) -> None:
        publication = self._publication
        self._is_on_disk = True
        compacted = compact(
            index,
            [rendition.timeline for rendition in publication.renditions.values()],
            publication.discontinuity_count,
            WindowEnded(
                publication.revision,
                publication.part_count,
                publication.remember_presentation(),
            ),
            self._state,
        )
        for rendition in publication.renditions:
            self._entries.know(rendition)
        (self._path / _NEW_INDEX).unlink(missing_ok=True)
        file = _open_index(self._path / _NEW_INDEX)
        if self._index is not None:
            os.close(self._index)
        self._index = file
        self._size_bytes = 0
        self._write(compacted)
        (self._path / _NEW_INDEX).replace(self._path / INDEX)
        self._compact_at_bytes = self._size_bytes + max(self._size_bytes, _GROWTH_BYTES)

    def _try(self, work: Callable[[], None]) -> None:
        """Do something with files; if that fails the journal ends, and with it its index.

        An index that says too little is worse than none: a later process would use numbers again
        that viewers know with other media.
        """
        try:
            work()
        except OSError as error:
            _log.error(
                "journal cannot go on",
                channel=self._publication.channel,
                reason=error.strerror or str(error),
            )
            self._on_failure()
            self.close()
            with suppress(OSError):
                (self._path / INDEX).unlink(missing_ok=True)


def _open_index(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

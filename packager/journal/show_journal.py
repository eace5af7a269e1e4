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
from packager.journal.index_file import IndexFile
from packager.journal.media_writer import MediaFolder, MediaWriter
from packager.journal.patience import Patience
from packager.journal.volume import VOLUME_BYTES, VolumeBook
from packager.live import Publication
from packager.segmenter.change import Change, InitChanged, PartCut, SegmentClosed, WarningRaised

_log: structlog.stdlib.BoundLogger = structlog.get_logger("packager.journal")

# How much an index grows at least before it is written anew: some two minutes of changes, which
# take a millisecond to go through. It grows by its own size where that is more, so that a long
# window costs no more for each change than a short one.
_GROWTH_BYTES = 64 * 2**10
# A disk that was full is used again when it has room for so much: with less it would be full again
# within seconds.
_ROOM_BYTES = 2 * VOLUME_BYTES


class ShowJournal:
    """Keeps one Publication on disk, so that another process can go on with it.

    The index is written at once, before anybody can see what it says: one small write into the
    system's memory, which survives the process, though not the machine. So are media bytes, unless
    the disk is slow: then they follow within moments. Belongs to the event loop's thread. Times
    are the show's. A disk that refuses something never touches the show: it is asked again when a
    segment is complete, and until then the index grows in memory.
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
        self._has_begun = False
        self._has_closed = False  # a segment, since the last commit
        self._state: Entry | None = None
        self._index = IndexFile(path)
        self._refused: bytearray | None = None  # the index, while the disk does not take it
        self._patience = Patience()
        self._compact_at_bytes = _GROWTH_BYTES
        self._is_on_disk = False
        self._is_closed = False
        self._has_dropped = False

    @property
    def is_refused(self) -> bool:
        """Whether the disk takes no index, or no media, of a show that goes on."""
        return not self._is_closed and (self._refused is not None or self._media.has_failed)

    def recover(self, index: bytes, book: VolumeBook, state: Entry) -> None:
        """Go on with the show of an earlier process, whose index and volumes these are."""
        self._book = book
        self._state = state
        self._has_begun = self._is_on_disk = True
        try:
            self._replace(self._compacted(index))
        except OSError as error:
            self._note_refusal(error)
            self._index.delete()
            self._refused = bytearray(index)

    def note(self, change: Change, body: bytes) -> None:
        """Take a change that the publication has taken; `commit` makes it last."""
        if self._is_closed:
            return
        if not self._has_begun:
            self._begin()
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
        if not self._unwritten:
            return
        records = b"".join(self._unwritten)
        self._unwritten.clear()
        if self._refused is None:
            self._append(records)
        else:
            self._refused += records
        if self._has_closed:
            self._has_closed = False
            self._end_segment()

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
        self._index.close()
        self._is_closed = True
        self._unwritten.clear()
        self._refused = None
        self._writer.close_folder(self._media)

    def remove(self) -> None:
        """Delete all of it."""
        self.close()
        if self._is_on_disk:
            self._writer.remove(self._media)

    def _begin(self) -> None:
        publication = self._publication
        self._has_begun = True
        try:
            self._make_folder()
        except OSError as error:
            self._note_refusal(error)
            self._refused = bytearray()
        begun = Begun(
            publication.channel,
            publication.epoch,
            publication.started_unix_ms,
            publication.clock.offset_ms,
        )
        self._unwritten.append(EntryWriter().write(begun, self._unix_ms()))

    def _note_state(self, content: Content) -> None:
        if not self._has_begun or self._is_closed:
            return  # nothing of the show was noted
        state = Entry(self._unix_ms(), content)
        self._state = None if isinstance(content, Resumed) else state
        self._unwritten.append(self._entries.write(content, state.unix_ms))
        self.commit()

    def _store(self, cut: PartCut, body: bytes) -> Place | None:
        """Have the part's bytes written, if there is room for them."""
        if self._refused is not None or self._media.has_failed:
            return None
        if not self._writer.has_room(len(body)):
            if not self._has_dropped:
                self._has_dropped = True
                _log.warning("journal drops media", channel=self._publication.channel)
            return None
        place = self._book.assign(cut.rendition, cut.number, len(body))
        self._writer.write(self._media, place, body)
        return place

    def _append(self, records: bytes) -> None:
        try:
            self._index.append(records)
        except OSError as error:
            self._note_refusal(error)
            self._withdraw(records)

    def _withdraw(self, records: bytes) -> None:
        """Take the index back into memory: on disk it says too little, which is worse than nothing.

        A later process would use numbers again that viewers know with other media.
        """
        try:
            kept = self._index.read() if self._index.size_bytes else b""
        except OSError:  # nobody can tell any more what it said
            self._index.delete()
            self.close()
            return
        self._index.delete()
        self._refused = bytearray(kept + records)

    def _end_segment(self) -> None:
        """Let go of what has left the window, and see whether the disk is itself again."""
        renditions = self._publication.renditions
        for volume in self._book.free(lambda name: renditions[name].timeline.oldest_part_number):
            self._writer.free(self._media, volume)
        if self.is_refused:
            self._ask_again()
            return
        self._patience.note_success()
        if self._index.size_bytes >= self._compact_at_bytes:
            with suppress(OSError):  # it stays as it is
                self._replace(self._compacted(self._index.read()))
            self._plan_compaction()

    def _ask_again(self) -> None:
        """Go on where the disk refused to, if it may have room again."""
        refused = self._refused
        if refused is not None and len(refused) >= self._compact_at_bytes:
            self._refused = refused = bytearray(self._compacted(bytes(refused)))
            self._plan_compaction()
        if not self._has_room() or not self._patience.is_over():
            return
        if refused is not None:
            try:
                self._make_folder()
                self._replace(self._compacted(bytes(refused)))
            except OSError:
                self._patience.note_refusal()
                return
            self._refused = None
            _log.info("journal goes on", channel=self._publication.channel)
        if self._media.has_failed:
            self._patience.note_refusal()  # in case that it comes to nothing
            self._media.try_again()

    def _has_room(self) -> bool:
        try:
            status = os.statvfs(self._path.parent)
        except OSError:
            return False
        return status.f_bavail * status.f_frsize >= _ROOM_BYTES

    def _make_folder(self) -> None:
        """Make the show's folder, once. Raises OSError."""
        if not self._is_on_disk:
            self._path.mkdir(mode=0o700)
            self._is_on_disk = True

    def _replace(self, records: bytes) -> None:
        for rendition in self._publication.renditions:
            self._entries.know(rendition)
        self._index.replace(records)
        self._plan_compaction()

    def _plan_compaction(self) -> None:
        size_bytes = self._index.size_bytes if self._refused is None else len(self._refused)
        self._compact_at_bytes = size_bytes + max(size_bytes, _GROWTH_BYTES)

    def _compacted(self, index: bytes) -> bytes:
        publication = self._publication
        return compact(
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

    def _note_refusal(self, error: OSError) -> None:
        _log.error(
            "journal cannot go on",
            channel=self._publication.channel,
            reason=error.strerror or str(error),
        )
        self._patience.note_refusal()
        self._on_failure()

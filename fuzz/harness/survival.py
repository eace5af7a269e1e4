"""A show whose process is killed, over and over, and goes on in the next one.

An entry is lives, each a script of the pipeline's with its number of moves first. Viewers look
after every move but a life's last: of that one the index on disk has a beginning of any length.
Volumes may have lost their ends. Over all lives the show keeps PublishedRules.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fuzz.entry_reader import EntryReader
from fuzz.harness.pipeline import EPOCH, STARTS, Newsroom
from fuzz.harness.published_rules import PublishedRules
from packager.journal import LiveFolder
from packager.live import Publication, WindowSettings
from packager.live_channel import LiveChannel

_GRACE_MS = 60_000
_STOP_S = 10.0
_MAX_LIVES = 4
_MAX_MOVES = 10
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, if there is one


def check(entry: bytes) -> None:
    """Play the lives."""
    reader = EntryReader(entry)
    folder = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=folder) as path:
        for _ in play_lives(reader, Path(path)):
            pass


def play_lives(reader: EntryReader, path: Path) -> Iterator[bytes]:
    """Play the lives in this folder; gives the index that each one left."""
    newsroom = _MortalNewsroom(reader, path)
    rules = PublishedRules(newsroom.publication)
    for _ in range(_MAX_LIVES):
        for _ in range(reader.byte() % _MAX_MOVES):
            newsroom.move(reader)
            rules.check()
        if reader.is_at_end:
            break
        is_watched = newsroom.publication.revision > 0
        index = newsroom.die(reader)
        yield index
        if not newsroom.recover():
            assert not is_watched, "who watches a show goes on watching it"
            newsroom.put_away()
            return
        rules.follow(newsroom.publication)
        rules.check()
        newsroom.come_back(reader)
        rules.check()
    newsroom.close()
    rules.check()
    newsroom.put_away()


class _MortalNewsroom(Newsroom):
    """A newsroom that keeps its show in a folder."""

    def __init__(self, reader: EntryReader, path: Path) -> None:
        self._path = path
        super().__init__(*self.beginning(reader))

    def die(self, reader: EntryReader) -> bytes:
        """Make one more move and be killed in the midst of it; gives what the index is then."""
        index = self._path / f"clock.{EPOCH}" / "index"
        seen_bytes = _size(index)
        file = index.stat().st_ino if seen_bytes else 0
        self.move(reader)
        self.put_away()
        torn, lost, away = reader.byte(), reader.byte(), reader.byte()
        if seen_bytes and index.stat().st_ino == file:  # else it was written anew
            written_bytes = _size(index) - seen_bytes
            os.truncate(index, seen_bytes + written_bytes * torn // 255)
        if lost & 1:
            for volume in index.parent.glob("media-*"):
                os.truncate(volume, _size(volume) * lost // 255)
        self._now_ms += away * 100
        return index.read_bytes() if index.exists() else b""

    def recover(self) -> bool:
        """Begin the next process; says False if it finds no show."""
        self._open()
        shows = self._folder.recover(WindowSettings(), grace_ms=_GRACE_MS, ended_ms=_GRACE_MS)
        for show in shows:
            self.publication = show.publication
            self._live = LiveChannel.recover(
                show, self._segmenter(), self._emit, self._now_ms / 1000, self._unix_ms
            )
        return bool(shows)

    def come_back(self, reader: EntryReader) -> None:
        """Publish again."""
        self._enter(reader.pick(STARTS))

    def put_away(self) -> None:
        """Close all files."""
        self._live.put_away()
        self._folder.close(_STOP_S)

    def _begin(self) -> tuple[Publication, LiveChannel]:
        self._open()
        publication = self._publication()
        journal = self._folder.begin(publication)
        return publication, LiveChannel(publication, self._segmenter(), self._emit, journal)

    def _open(self) -> None:
        self._folder = LiveFolder(self._path, lambda: self._unix_ms, lambda: self._now_ms)
        self._folder.open()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0

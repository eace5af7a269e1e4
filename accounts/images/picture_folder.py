"""PictureFolder: pictures as files named by their content."""

import asyncio
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Final

from accounts.bounded_threads import BoundedThreads, NoRoomError
from accounts.images.picture import PictureShape, make_pictures

PICTURE_NAME_CHARACTERS: Final = 32
_WAITING_MAX: Final = 4  # a picture takes a second or two, and who waits holds up to 5 MiB
_FILE_NAME: Final = re.compile(r"([0-9a-f]{32})-([0-9]{2,4})\.webp", re.ASCII)


class PicturesBusyError(Exception):
    """Too many pictures wait to be drawn anew: ask again in a moment."""


def picture_file(name: str, width: int) -> str:
    """Return the name of the file that shows a picture in one width."""
    return f"{name}-{width}.webp"


class PictureFolder:
    """Keeps pictures below one folder; the same picture sent twice is kept once.

    A name says everything about its content, so that what is served can be cached for ever.
    Names come from `keep` alone and are matched against a pattern: no path comes from outside.
    Decoding is memory and processor time that live streams would miss: one at a time, on a thread
    of its own, so that nobody waits behind it who only looks at pictures. Close it in the end.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = BoundedThreads("pictures", threads=1, waiting=_WAITING_MAX)

    async def keep(self, content: bytes, shape: PictureShape) -> str:
        """Check a picture, write it in all widths of its shape, and return its name.

        Raises PictureError, PicturesBusyError, and OSError if it cannot be written.
        """
        try:
            return await self._thread.run(partial(self._keep, content, shape))
        except NoRoomError:
            raise PicturesBusyError("too many pictures wait") from None

    def close(self) -> None:
        """End the thread once it is idle."""
        self._thread.close()

    async def read(self, file_name: str) -> bytes | None:
        """Return a file's content, or None if there is none of this name."""
        if _FILE_NAME.fullmatch(file_name) is None:
            return None
        return await asyncio.to_thread(self._read, file_name)

    async def sweep(self, names_in_use: Collection[str], older_than_s: float) -> int:
        """Remove pictures that nobody uses, and return how many files that were.

        What is younger than `older_than_s` stays: whoever sent it may not have named it yet.
        """
        return await asyncio.to_thread(self._sweep, frozenset(names_in_use), older_than_s)

    def _keep(self, content: bytes, shape: PictureShape) -> str:
        made = make_pictures(content, shape)
        name = hashlib.sha256(b"".join(made.values())).hexdigest()[:PICTURE_NAME_CHARACTERS]
        for width, encoded in made.items():
            self._write(self._path(picture_file(name, width)), encoded)
        return name

    def _write(self, path: Path, encoded: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=".picture-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(encoded)
            # Over an older one, too: its age begins anew, and `sweep` leaves it.
            Path(written).replace(path)
        finally:
            Path(written).unlink(missing_ok=True)

    def _read(self, file_name: str) -> bytes | None:
        try:
            return self._path(file_name).read_bytes()
        except FileNotFoundError:
            return None

    def _sweep(self, names_in_use: frozenset[str], older_than_s: float) -> int:
        before_s = time.time() - older_than_s
        removed = 0
        for path in self._folder.glob("??/*.webp"):
            match = _FILE_NAME.fullmatch(path.name)
            if match is None or match[1] in names_in_use:
                continue
            try:
                if path.stat().st_mtime < before_s:
                    path.unlink()
                    removed += 1
            except FileNotFoundError:
                continue  # another process sweeps, too
        return removed

    def _path(self, file_name: str) -> Path:
        return self._folder / file_name[:2] / file_name

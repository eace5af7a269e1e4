"""Server: what a benchmark needs to know of whatever it measures."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.cores import Cores
from bench.process_tree import ProcessTree

_DEFAULT_RTMP_PORT = 1935


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    `hls_url` has `{}` where the channel's name stands. `tree` None: it runs where its processor
    time cannot be read. `media_folder` is where it keeps media outside of its memory, if it does.
    """

    name: str
    rtmp_url: str
    hls_url: str
    tree: ProcessTree | None
    media_folder: Path | None = None

    @property
    def rtmp_port(self) -> int:
        """Return the port that publishers connect to."""
        return urlsplit(self.rtmp_url).port or _DEFAULT_RTMP_PORT

    def media_file_bytes(self) -> int:
        """Return the size of the media kept outside of its memory."""
        if self.media_folder is None:
            return 0
        total = 0
        for path in self.media_folder.rglob("*"):
            try:
                total += path.stat().st_size if path.is_file() else 0
            except FileNotFoundError:
                continue  # it keeps deleting what is old
        return total


StartServer = Callable[[Cores], AbstractContextManager[Server]]

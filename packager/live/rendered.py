"""RenderedPlaylist: the bytes of one version of a playlist, shared by all who ask for it.

Versions that follow one another share their beginning, and what was made of it.
"""

import zlib

# Level 1 saves no time worth naming, and costs every viewer a tenth more bytes; level 9 saves
# nothing more.
_GZIP_LEVEL = 6
# Lines of a playlist repeat within a few hundred bytes, so zlib's smaller tables find as much. Its
# usual 256 kB are given back to the kernel every time, and clearing fresh pages took three
# quarters of the time: 75 us for a playlist, 19 us with these.
_GZIP_WINDOW_BITS = 16 + 12  # a gzip header (16) and a window of 4 kB
_GZIP_MEMORY_LEVEL = 5


class Stem:
    """What successive versions of a playlist begin with, encoded once and deflated once."""

    __slots__ = ("_deflated", "_deflating", "identity", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.identity = text.encode()
        self._deflating: zlib._Compress | None = None
        self._deflated = b""

    def gzip(self, edge: bytes) -> bytes:
        """Gzip the stem with this behind it; it costs as much as the edge is long."""
        if self._deflating is None:
            self._deflating = zlib.compressobj(
                _GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW_BITS, _GZIP_MEMORY_LEVEL
            )
            self._deflated = self._deflating.compress(self.identity)
        compressor = self._deflating.copy()
        return b"".join((self._deflated, compressor.compress(edge), compressor.flush()))


class RenderedPlaylist:
    """A playlist ready to be sent, as it is or gzipped.

    `stem` may be shared with the versions before and after; `edge` is the rest. Gzip is made when
    it is first asked for, once for all viewers (rfc8216bis appendix B.1 asks for it).
    """

    __slots__ = ("_edge", "_gzipped", "_stem", "identity")

    def __init__(self, edge: str, stem: Stem | None = None) -> None:
        self._stem = stem or _EMPTY
        self._edge = edge.encode()
        self.identity = self._stem.identity + self._edge
        self._gzipped: bytes | None = None

    @property
    def gzip(self) -> bytes:
        """The gzipped bytes, the same for the same text."""
        if self._gzipped is None:
            self._gzipped = self._stem.gzip(self._edge)
        return self._gzipped


_EMPTY = Stem("")

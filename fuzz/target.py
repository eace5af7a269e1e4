"""The targets of `make fuzz`: a harness each, and where its entries lie."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fuzz.harness import (
    amf,
    codec_records,
    flv_bodies,
    http_requests,
    journal_index,
    mp4_reader,
    mpd_reader,
    pipeline,
    player_words,
    playlist_reader,
    publisher_media,
    request_heads,
    rtmp_connection,
    survival,
)

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes bytes from strangers. Longer entries than `max_bytes` only cost time."""

    name: str
    check: Callable[[bytes], None]
    max_bytes: int

    @property
    def corpus(self) -> Path:
        """Committed entries that together take every way that is known."""
        return _HERE / "corpus" / self.name

    @property
    def findings(self) -> Path:
        """Committed entries that once failed."""
        return _HERE / "findings" / self.name

    @property
    def dictionary(self) -> Path:
        """Words of the format, which chance would take long to find."""
        return _HERE / "dictionaries" / f"{self.name}.dict"

    def entries(self) -> Iterator[Path]:
        """Give all committed entries, in the same order everywhere."""
        for folder in (self.corpus, self.findings):
            if folder.is_dir():
                yield from sorted(folder.iterdir())


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target("rtmp", rtmp_connection.check, 4096),
        Target("amf", amf.check, 2048),
        Target("flv", flv_bodies.check, 1024),
        Target("media", publisher_media.check, 4096),
        Target("codec", codec_records.check, 2048),
        Target("mp4", mp4_reader.check, 4096),
        Target("playlist", playlist_reader.check, 6144),
        Target("mpd", mpd_reader.check, 6144),
        Target("http", http_requests.check, 512),
        Target("head", request_heads.check, 1024),
        Target("players", player_words.check, 2300),
        Target("pipeline", pipeline.check, 96),
        Target("index", journal_index.check, 4000),
        Target("survival", survival.check, 128),
    )
}

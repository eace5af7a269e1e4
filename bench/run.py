"""BenchRun: what all measurements of one run share."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.cores import Cores
from bench.extent import Extent
from bench.peers.rillcast import rillcast
from bench.peers.server import Server, StartServer


@dataclass(frozen=True, slots=True)
class BenchRun:
    """How much, on which cores, against whom. `checkout` is the Rillcast that is measured."""

    extent: Extent
    cores: Cores
    peers: Mapping[str, StartServer]
    checkout: Path

    @contextmanager
    def rillcast(self, *settings: str) -> Iterator[Server]:
        """Start the measured Rillcast with NAME=VALUE settings."""
        with rillcast(self.cores, *settings, checkout=self.checkout) as server:
            yield server

"""ChannelsOnAir: a server with accounts, and publishers with keys of its channels."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.furnished_accounts import furnish
from bench.load.coded_show import Quality
from bench.load.publishing import Publishing, publishing
from bench.peers.memory_folder import memory_folder
from bench.peers.rillcast import rillcast
from bench.peers.server import Server
from bench.run import BenchRun

_CHANNELS_OF_A_PERSON = 5


@contextmanager
def channels_on_air(
    run: BenchRun, quality: Quality, channels: int, *settings: str, log: Path | None = None
) -> Iterator[tuple[Server, Publishing]]:
    """Run a server with NAME=VALUE settings; when this begins all channels are live.

    They are `bench0`, `bench1` and so on, as without accounts. `log` gets the times of all
    messages, and is whole when this has ended.
    """
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        data = Path(folder) / "data"
        people = -(-channels // _CHANNELS_OF_A_PERSON)
        keys, _ = furnish(data, "", people, channels).write_to(Path(folder))
        options = ("--key-file", str(keys))
        limit = f"rtmp.address_connection_limit={channels + 1}"
        with (
            rillcast(run.cores, *settings, limit, checkout=run.checkout, data=data) as server,
            publishing(server.rtmp_url, quality, run.cores, log=log, options=options) as load,
        ):
            load.set_publishers(channels)
            yield server, load

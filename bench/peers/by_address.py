"""Peers that the user runs: measured at an address."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.cores import Cores
from bench.peers.server import Server, StartServer
from bench.process_tree import ProcessTree

FORM = "NAME=rtmp://HOST:PORT/APP,hls=http://HOST:PORT/.../{}.m3u8,pid=PID"


def peer_by_address(text: str) -> tuple[str, StartServer]:
    """Read FORM; `hls` and `pid` may be left out. Without a pid no processor time is measured."""
    name, is_there, places = text.partition("=")
    if not name or not is_there:
        raise ValueError(f"expected {FORM}, got {text!r}")
    rtmp_url, *more = places.split(",")
    options = dict(option.split("=", 1) for option in more if "=" in option)
    unknown = options.keys() - {"hls", "pid"}
    if not rtmp_url.startswith("rtmp://") or unknown or len(options) != len(more):
        raise ValueError(f"expected {FORM}, got {text!r}")
    tree = ProcessTree(int(options["pid"])) if "pid" in options else None

    @contextmanager
    def start(_cores: Cores) -> Iterator[Server]:
        yield Server(name, rtmp_url, options.get("hls", ""), tree)

    return name, start

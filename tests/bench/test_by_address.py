import os

import pytest

from bench.cores import Cores
from bench.peers.by_address import peer_by_address

CORES = Cores(0, (0,))


def test_a_peer_is_named_with_its_addresses_and_process() -> None:
    name, start = peer_by_address(
        f"SRS=rtmp://127.0.0.1:1936/live,hls=http://127.0.0.1:8081/live/{{}}.m3u8,pid={os.getpid()}"
    )
    with start(CORES) as server:
        assert (name, server.name) == ("SRS", "SRS")
        assert server.rtmp_port == 1936
        assert server.hls_url.format("bench0") == "http://127.0.0.1:8081/live/bench0.m3u8"
        assert server.tree is not None
        assert server.tree.resident_bytes() > 0


def test_a_peer_without_a_pid_has_no_processor_time() -> None:
    _, start = peer_by_address("SRS=rtmp://host/live")
    with start(CORES) as server:
        assert server.tree is None
        assert server.rtmp_port == 1935


@pytest.mark.parametrize("text", ["SRS", "=rtmp://host/live", "SRS=http://host", "a=rtmp://h,x=1"])
def test_anything_else_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="expected NAME=rtmp://"):
        peer_by_address(text)

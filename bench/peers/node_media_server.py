"""node-media-server with HLS, which it has an ffmpeg make for each stream."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cores import Cores, on_cores
from bench.peers.memory_folder import memory_folder
from bench.peers.running import running, wait_for_port
from bench.peers.server import Server
from bench.process_tree import ProcessTree
from tests.support.port import free_port

FOLDER = Path(__file__).parent / "node"
_WITH_NODE = Path(__file__).parents[2] / "web" / "with-node"


@contextmanager
def node_media_server(cores: Cores) -> Iterator[Server]:
    """Run it with its transcoders on the server's core."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as name:
        rtmp_port, http_port = free_port(), free_port()
        command = [*on_cores(cores.server), str(_WITH_NODE), "node", "serve.js"]
        command += [str(rtmp_port), str(http_port), name, shutil.which("ffmpeg") or "ffmpeg"]
        process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.DEVNULL)
        with running(process):
            wait_for_port(process, rtmp_port)
            yield Server(
                "node-media-server",
                f"rtmp://127.0.0.1:{rtmp_port}/live",
                f"http://127.0.0.1:{http_port}/live/{{}}/index.m3u8",
                ProcessTree(process.pid),
                Path(name),
            )

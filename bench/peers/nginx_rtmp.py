"""nginx with its RTMP module: RTMP in, plain HLS of 2 s fragments out."""

import os
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

MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
# What the module's documentation shows; its playlist covers what ours does.
_CONFIGURATION = """
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
load_module {module};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
{user}
events {{ worker_connections 16384; }}
rtmp {{
    access_log off;
    server {{
        listen 127.0.0.1:{rtmp_port};
        chunk_size 4096;
        application live {{
            live on;
            hls on;
            hls_path {folder}/hls;
            hls_fragment 2s;
            hls_playlist_length 14s;
        }}
    }}
}}
http {{
    access_log off;
    keepalive_requests 1000000;
    types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; }}
    server {{
        listen 127.0.0.1:{http_port};
        location /hls {{ root {folder}; }}
    }}
}}
"""


@contextmanager
def nginx_rtmp(cores: Cores) -> Iterator[Server]:
    """Run one worker. The media is in files in memory."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "hls").mkdir()
        rtmp_port, http_port = free_port(), free_port()
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                module=MODULE,
                folder=folder,
                rtmp_port=rtmp_port,
                http_port=http_port,
                user="user root;" if os.geteuid() == 0 else "",
            )
        )
        command = [*on_cores(cores.server), "nginx", "-p", name, "-c", str(configuration)]
        command += ["-e", f"{name}/error.log"]
        process = subprocess.Popen(command)
        with running(process):
            wait_for_port(process, rtmp_port)
            yield Server(
                "nginx-rtmp",
                f"rtmp://127.0.0.1:{rtmp_port}/live",
                f"http://127.0.0.1:{http_port}/hls/{{}}.m3u8",
                ProcessTree(process.pid),
                folder / "hls",
            )

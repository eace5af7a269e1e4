"""nginx serving a folder of files: what HTTP from a file costs."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cores import Cores, on_cores
from bench.peers.running import running, wait_for_port
from bench.peers.server import Server
from bench.process_tree import ProcessTree
from tests.support.port import free_port

_CONFIGURATION = """
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
{user}
events {{ worker_connections 16384; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    open_file_cache max=10000;
    keepalive_requests 100000000;
    types {{ application/vnd.apple.mpegurl m3u8; video/mp4 m4s mp4; }}
    server {{
        listen 127.0.0.1:{port};
        root {files};
        add_header Cache-Control "public, max-age=3600";
        add_header Access-Control-Allow-Origin "*";
    }}
}}
"""


@contextmanager
def nginx_files(cores: Cores, files: Path) -> Iterator[Server]:
    """Run one worker, tuned for static files."""
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        configuration = Path(name) / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=name,
                files=files,
                port=port,
                user="user root;" if os.geteuid() == 0 else "",
            )
        )
        command = [*on_cores(cores.server), "nginx", "-p", name, "-c", str(configuration)]
        command += ["-e", f"{name}/error.log"]
        process = subprocess.Popen(command)
        with running(process):
            wait_for_port(process, port)
            home = f"http://127.0.0.1:{port}"
            yield Server("nginx, files", "", home + "/live/{}/index.m3u8", ProcessTree(process.pid))

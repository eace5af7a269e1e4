"""Responses a core-second of the HTTP side, measured with wrk on one connection table.

    python bench/http_responses.py [seconds per case]

Counts what the server process used of its core, because wrk and other programs share the machine:
`per core-second` is responses divided by that. `seen` is what wrk got in wall time.
"""

import asyncio
import re
import resource
import sys
from pathlib import Path

import uvloop

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from distribution.application import Application  # noqa: E402 - runs from anywhere
from distribution.server import HttpServer  # noqa: E402
from distribution.settings import HttpSettings  # noqa: E402
from packager.live import Publications  # noqa: E402
from tests.distribution.show import Show  # noqa: E402

FOLDER = "/live/ada/e1/video"
CASES = (
    ("multivariant playlist", "/live/ada/index.m3u8", ()),
    ("playlist", f"{FOLDER}/index.m3u8", ()),
    ("playlist, blocking, there", f"{FOLDER}/index.m3u8?_HLS_msn=9&_HLS_part=1", ()),
    ("playlist, gzip", f"{FOLDER}/index.m3u8", ("-H", "Accept-Encoding: gzip, deflate, br")),
    ("part", f"{FOLDER}/part-30.m4s", ()),
    ("segment of 4 parts", f"{FOLDER}/segment-8.m4s", ()),
    ("unknown channel", "/live/nobody/index.m3u8", ()),
    ("status API", "/api/v1/live/ada", ()),
    ("health", "/health", ()),
)


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(port: int, path: str, options: tuple[str, ...], seconds: int) -> tuple[int, int]:
    before_s = cpu_s()
    wrk = await asyncio.create_subprocess_exec(
        *("wrk", "-t1", "-c64", f"-d{seconds}", *options, f"http://127.0.0.1:{port}{path}"),
        stdout=asyncio.subprocess.PIPE,
    )
    output = (await wrk.communicate())[0].decode()
    used_s = cpu_s() - before_s
    count = int(re.search(r"(\d+) requests in", output)[1])  # type: ignore[index] # wrk says so
    seen = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]
    return round(count / used_s), round(seen)


async def main(seconds: int) -> None:
    print(f"{'':28} {'part bytes':>10} {'per core-second':>16} {'seen':>8}")
    for part_bytes in (4_000, 100_000):
        publications = Publications(4)
        show = Show(part_bytes=part_bytes)
        show.add_segments(8)
        show.add_part()
        show.add_part()
        publications.open(show.publication)
        server = HttpServer(Application(publications, HttpSettings(host="127.0.0.1", port=0)))
        await server.start()
        for name, path, options in CASES:
            if part_bytes == 4_000 or name.startswith(("part", "segment")):
                per_core_s, seen = await measure(server.port, path, options, seconds)
                print(f"{name:28} {part_bytes:10} {per_core_s:16} {seen:8}", flush=True)
        await server.stop()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))

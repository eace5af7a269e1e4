"""Responses a core-second of the HTTP side, asked for by wrk over 64 connections.

    .venv/bin/python -m bench.http_responses [rounds of one second per case]

Divides responses by what the server process used of its core, because wrk and other programs
share the machine. Cases take turns, so that a busy moment hurts all of them: the best round is
what a quiet core does, the median what this machine did.
"""

import asyncio
import re
import resource
import sys
from statistics import median

import uvloop

from distribution.application import Application
from distribution.server import HttpServer
from distribution.settings import HttpSettings
from packager.live import Publications
from tests.distribution.show import Show

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


async def measure(port: int, path: str, options: tuple[str, ...]) -> int:
    before_s = cpu_s()
    wrk = await asyncio.create_subprocess_exec(
        *("wrk", "-t1", "-c64", "-d1", *options, f"http://127.0.0.1:{port}{path}"),
        stdout=asyncio.subprocess.PIPE,
    )
    output = (await wrk.communicate())[0].decode()
    used_s = cpu_s() - before_s
    count = int(re.search(r"(\d+) requests in", output)[1])  # type: ignore[index] # wrk says so
    return round(count / used_s)


async def serve(part_bytes: int) -> HttpServer:
    publications = Publications(4)
    show = Show(part_bytes=part_bytes)
    show.add_segments(8)
    show.add_part()
    show.add_part()
    publications.open(show.publication)
    server = HttpServer(Application(publications, HttpSettings(host="127.0.0.1", port=0)))
    await server.start()
    return server


async def main(rounds: int) -> None:
    small, large = await serve(4_000), await serve(100_000)
    cases = [(name, small, path, options) for name, path, options in CASES]
    cases += [
        (f"{name}, 100 kB parts", large, path, options)
        for name, path, options in CASES
        if name.startswith(("part", "segment"))
    ]
    rates: dict[str, list[int]] = {name: [] for name, *_ in cases}
    for _ in range(rounds):
        for name, server, path, options in cases:
            rates[name].append(await measure(server.port, path, options))
    print(f"{'responses a core-second':36} {'median':>8} {'best':>8}")
    for name, measured in rates.items():
        print(f"{name:36} {median(measured):8.0f} {max(measured):8}")
    await small.stop()
    await large.stop()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))

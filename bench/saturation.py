"""Saturation: the most responses of one process, beside nginx with the same bytes in files."""

import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bench.cores import Cores
from bench.load.coded_show import QUALITIES
from bench.load.hls_viewers import Line, RunningViewers, ViewersResult
from bench.load.media_playlists import fetch_when_there, media_playlist_paths, viewer_lines
from bench.load.publishing import publishing
from bench.peers.memory_folder import memory_folder
from bench.peers.nginx_files import nginx_files
from bench.peers.server import Server
from bench.report import Goal, Section, Table
from bench.run import BenchRun

QUALITY = QUALITIES["720p30"]
PROFILE = "packager.profile=low"
GOAL_OF_NGINX = 0.5
_VIEWERS = 32
_CONNECTIONS = 64
_GZIPPED = "media playlist, gzip"
_UNKNOWN = "unknown channel"
_WINDOW_FILL_S = 12

TEXT = f"""\
The requests of {_VIEWERS} viewers for what is there already, without a pause, at Rillcast and at
nginx, which was given the same playlists and parts as files in memory (nothing to compute,
`sendfile`, open files kept). Each asks for a playlist and for one of the parts of the newest GOP in
turn, over connections that both servers keep for ever, so that both get the same mix. Servers take
turns. Responses a core-second are divided by the processor time that the server used, so that the
load maker's own limit does not matter. Below, one kind of resource at a time over {_CONNECTIONS}
connections: of parts, segments and positions the one that was the newest when its row began, so
that it stays in the window until the row ends. Only right answers count; all others have
*failed*."""


@dataclass(frozen=True, slots=True)
class Saturated:
    """One run. `core_percent` near 100: the server was the limit, not the load maker.

    Rates are of the right answers; `failures` are all others, and connections that broke.
    """

    server: str
    subject: str
    responses_per_s: float
    per_core_s: float
    core_percent: float
    mean_bytes: float
    failures: int


def measure_saturation(run: BenchRun) -> Section:
    """Measure the viewers' mix at both servers, then each kind of resource."""
    with (
        tempfile.TemporaryDirectory(dir=memory_folder()) as folder,
        run.rillcast(PROFILE) as server,
        publishing(server.rtmp_url, QUALITY, run.cores) as load,
    ):
        load.set_publishers(1)
        time.sleep(_WINDOW_FILL_S)
        url = server.hls_url.format("bench0")
        paths = media_playlist_paths(url)
        Path(folder).chmod(0o755)
        _copy(url, [urljoin(url, path) for path in paths], Path(folder))
        mix = viewer_lines("saturate", _VIEWERS, url)
        with nginx_files(run.cores, Path(folder)) as files:
            seconds = run.extent.view_s / 2
            found = []
            for each in (server, files, files, server):
                print(f"saturation: {each.name}", flush=True)
                found.append(_saturate(each, "viewers' mix", mix, seconds, run.cores))
            for subject in _kinds(url, paths[0]):
                print(f"saturation: {subject}", flush=True)
                # Named anew for each row: what is in the window now has left it some rows later.
                line = _kinds(url, paths[0])[subject]
                found.append(_saturate(server, subject, [line], run.extent.resource_s, run.cores))
    return _section(found)


def _kinds(url: str, playlist: str) -> dict[str, Line]:
    """Name the kinds of resources of one channel, and ask for the newest of each."""
    text = fetch_when_there(urljoin(url, playlist)).decode()
    segments = re.findall(r"^[^#\s].*", text, re.MULTILINE)
    part = re.findall(r'#EXT-X-PART:.*URI="([^"]+)"', text)[-1]
    first_msn = int(re.findall(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text)[0])
    newest_msn = first_msn + len(segments) - 1
    paths = {
        "multivariant playlist": urlsplit(url).path,
        "media playlist": playlist,
        _GZIPPED: playlist,
        "blocking, there": f"{playlist}?_HLS_msn={newest_msn}&_HLS_part=0",
        "part": urljoin(playlist, part),
        "segment": urljoin(playlist, segments[-1]),
        "status API": "/api/v1/live/bench0",
        "health": "/health",
        _UNKNOWN: "/live/nobody/index.m3u8",
    }
    return {
        subject: Line("gzip" if subject == _GZIPPED else "fixed", _CONNECTIONS, path)
        for subject, path in paths.items()
    }


def _copy(url: str, playlists: Iterable[str], folder: Path) -> None:
    """Write playlists with all that they name as files of the same paths."""
    for playlist in playlists:
        content = fetch_when_there(playlist)
        text = content.decode()
        names = re.findall(r'^#EXT-X-PART:.*URI="([^"]+)"|^([^#\s].*)', text, re.MULTILINE)
        _write(folder, playlist, content)
        for part, segment in names[-40:]:
            media = urljoin(playlist, part or segment)
            _write(folder, media, fetch_when_there(media))
    _write(folder, url, fetch_when_there(url))


def _write(folder: Path, url: str, content: bytes) -> None:
    path = folder / urlsplit(url).path.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _saturate(
    server: Server, subject: str, lines: list[Line], seconds: float, cores: Cores
) -> Saturated:
    assert server.tree is not None
    before_s = server.tree.cpu_s()
    result: ViewersResult = RunningViewers(server.hls_url, lines, seconds, cores).result()
    used_s = server.tree.cpu_s() - before_s
    wanted_status = 404 if subject == _UNKNOWN else 200
    responses = [each for each in result.responses if each.status == wanted_status]
    wrong = Counter(each.status for each in result.responses)
    del wrong[wanted_status]
    if wrong or result.lost_connections:
        print(
            f"saturation: {server.name}, {subject}: {result.lost_connections} connections lost, "
            f"wrong status: {dict(wrong)}",
            flush=True,
        )
    if not responses:
        raise RuntimeError(f"{server.name} gave no right answer: {subject}")
    return Saturated(
        server.name,
        subject,
        responses_per_s=len(responses) / result.seconds,
        per_core_s=len(responses) / used_s,
        core_percent=100 * used_s / result.seconds,
        mean_bytes=sum(response.body_bytes for response in responses) / len(responses),
        failures=wrong.total() + result.lost_connections,
    )


def _section(found: list[Saturated]) -> Section:
    columns = ("what", "responses a core-second", "responses/s", "% of a core", "mean kB", "failed")
    rows = [
        (
            f"{each.server}, {each.subject}",
            round(each.per_core_s),
            round(each.responses_per_s),
            round(each.core_percent),
            each.mean_bytes / 1000,
            each.failures,
        )
        for each in found
    ]
    mix = [each for each in found if each.subject.startswith("viewers")]
    ours = max(each.per_core_s for each in mix if each.server == "Rillcast")
    theirs = max(each.per_core_s for each in mix if each.server != "Rillcast")
    failures = sum(each.failures for each in found)
    goals = [
        Goal(
            "responses beside nginx serving files",
            f"at least {GOAL_OF_NGINX} of its rate",
            f"{ours / theirs:.2f} ({ours:,.0f} of {theirs:,.0f} a core-second)",
            ours / theirs >= GOAL_OF_NGINX,
            ours / theirs / GOAL_OF_NGINX,
        ),
        Goal("answers at saturation", "none wrong", f"{failures} failures", failures == 0),
    ]
    return Section("Saturation", TEXT, tables=[Table(columns, rows)], goals=goals)

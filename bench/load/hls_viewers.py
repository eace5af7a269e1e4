"""HlsViewers: the viewers' load maker, compiled when it is first needed, and what it recorded."""

import json
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bench.cores import Cores, on_cores

SOURCES = Path(__file__).with_name("viewers")
PROGRAM = Path(__file__).parents[2] / "build" / "bench" / "viewers"
# `struct record` of the program.
_RECORD = struct.Struct("@dddIIiiIHBB16s")


@dataclass(frozen=True, slots=True)
class Response:
    """One response. Times are CLOCK_MONOTONIC; `msn` and `part` are what was asked for, or -1."""

    asked_s: float
    first_byte_s: float
    last_byte_s: float
    rendition: int
    viewer: int
    msn: int
    part: int
    body_bytes: int
    status: int
    is_media: bool
    was_known: bool
    tail: bytes


@dataclass(frozen=True, slots=True)
class ViewersResult:
    """What a run of the load maker found."""

    began_s: float
    seconds: float
    responses: Sequence[Response]
    errors: int
    lost_connections: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """So many viewers of one media playlist, or of one file: `mode` is the program's.

    `start` is the multivariant playlist that each begins with, to go on with the session that it
    gets there. Lines in turn with the same `start` are one player each, and as many.
    """

    mode: str
    viewers: int
    path: str
    start: str = ""


class RunningViewers:
    """The load maker, started; `result` waits for its end. `cmcd`: where every request has it."""

    def __init__(
        self,
        url: str,
        lines: Iterable[Line],
        seconds: float,
        cores: Cores,
        *,
        cmcd: Literal["", "query", "fields"] = "",
    ) -> None:
        self._records = tempfile.NamedTemporaryFile(suffix=".records")  # noqa: SIM115 # see result
        place = urlsplit(url)
        command = [*on_cores(*cores.load), str(program()), place.hostname or "127.0.0.1"]
        command += [str(place.port or 80), str(seconds), self._records.name]
        command += [cmcd] if cmcd else []
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        self._process.stdin.writelines(
            f"{each.mode} {each.viewers} {each.path} {each.start}\n" for each in lines
        )
        self._process.stdin.close()

    def result(self) -> ViewersResult:
        """Wait and read."""
        assert self._process.stdout is not None
        with self._records, self._process.stdout:
            output = self._process.stdout.read()
            if self._process.wait() != 0:
                raise RuntimeError("the viewers' load maker failed")
            summary = json.loads(output)
            content = Path(self._records.name).read_bytes()
        return ViewersResult(
            began_s=summary["began_s"],
            seconds=summary["seconds"],
            responses=read_records(content),
            errors=summary["errors"],
            lost_connections=summary["lost_connections"],
            cpu_s=summary["cpu_s"],
        )


def read_records(content: bytes) -> list[Response]:
    """Read the program's records."""
    return [
        Response(
            asked_s=asked_s,
            first_byte_s=first_byte_s,
            last_byte_s=last_byte_s,
            rendition=rendition,
            viewer=viewer,
            msn=msn,
            part=part,
            body_bytes=body_bytes,
            status=status,
            is_media=bool(kind),
            was_known=bool(was_known),
            tail=tail,
        )
        for (
            asked_s,
            first_byte_s,
            last_byte_s,
            rendition,
            viewer,
            msn,
            part,
            body_bytes,
            status,
            kind,
            was_known,
            tail,
        ) in _RECORD.iter_unpack(content)
    ]


def program() -> Path:
    """Return the compiled program. Compiles it if a source is newer."""
    changed_s = max(source.stat().st_mtime for source in SOURCES.iterdir())
    if not PROGRAM.exists() or PROGRAM.stat().st_mtime < changed_s:
        PROGRAM.parent.mkdir(parents=True, exist_ok=True)
        sources = sorted(SOURCES.glob("*.c"))
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", PROGRAM, *sources], check=True)
    return PROGRAM

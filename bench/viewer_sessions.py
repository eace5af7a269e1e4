"""What sessions of viewers cost: memory of a hundred thousand, and time of each request."""

import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from analytics.viewers.guest import GuestBook
from analytics.viewers.ledger import Ledger
from analytics.viewers.seat import Audience, Seat
from analytics.viewers.session_id import SessionIds
from analytics.viewers.settings import ViewersSettings
from analytics.viewers.spell_book import SpellBook
from bench.report import Goal, Section, Table
from bench.run import BenchRun

SESSIONS: Final = 100_000
GOAL_BYTES: Final = 1_024
GOAL_US: Final = 1.0
_CHANNELS: Final = 20
_ROUNDS: Final = 5
_BATCH_ROWS: Final = 1_000
_PAGE_BYTES: Final = 4096

TEXT = """\
A hundred thousand players with a session, an address and a program of their own on 20 channels ask
for playlists of picture and sound. Memory is what the process grows by, with all that finds
sessions again. A request is noted on the connection of its player (`seat`), or found by its session
alone, as behind a proxy that mixes players on its connections. A beat is what the ledger does four
times a second, the longest of 60 s in which everybody asks at the same moment of each second. Times
are processor time."""


class Fields:
    """What a player's request says of it."""

    def __init__(self, number: int) -> None:
        self.user_agent = f"Mozilla/5.0 (X11; Linux x86_64) Chrome/{number % 50}.0"
        self.forwarded_for = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Shows:
    """Twenty channels with picture and sound."""

    def target_duration_s(self, channel: str) -> int:
        """Return how long segments may be."""
        del channel
        return 2

    def is_video(self, channel: str, rendition: str) -> bool:
        """Whether it is the picture."""
        del channel
        return rendition == "video"

    def live_channels(self) -> list[str]:
        """Name them."""
        return [f"bench{number}" for number in range(_CHANNELS)]


def measure_viewer_sessions(run: BenchRun) -> Section:
    """Measure in a process of its own, whose memory is nobody else's."""
    print("viewer sessions", flush=True)
    command = [sys.executable, "-m", "bench.viewer_sessions"]
    folder = Path(__file__).parents[1]
    made = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found = json.loads(made.stdout)
    del run
    section = Section("Viewer sessions", TEXT)
    rows = [(name, value) for name, value in found.items()]
    section.tables.append(Table(("what", "measured"), rows))
    session_bytes, noted_us = found["bytes a session"], found["noted by its seat, us"]
    section.goals += [
        Goal(
            f"memory of {SESSIONS:,} viewer sessions",
            f"less than {GOAL_BYTES} bytes each",
            f"{session_bytes} bytes each",
            session_bytes < GOAL_BYTES,
            session_bytes / GOAL_BYTES,
        ),
        Goal(
            "a request noted as a viewer's",
            f"less than {GOAL_US} us",
            f"{noted_us} us",
            noted_us < GOAL_US,
            noted_us / GOAL_US,
        ),
    ]
    return section


def measure() -> dict[str, float]:
    """Return what was measured, by name."""
    now = 1_000_000
    ids = SessionIds((b"key",), lambda count: int.to_bytes(next(_numbers), count))
    book = SpellBook(0)
    ledger = Ledger(
        ViewersSettings(),
        ids,
        Shows(),
        book,
        tell=lambda _channel, _viewers: None,
        hash_viewer=lambda guest: f"{guest.visitor:016x}",
        now=now,
    )
    audience = Audience(ledger, ids, GuestBook(b"secret"), frozenset({"127.0.0.1"}))
    names = [ids.make(f"bench{number % _CHANNELS}") for number in range(SESSIONS)]
    channels = [f"bench{number % _CHANNELS}" for number in range(SESSIONS)]
    proxied = audience.seat("127.0.0.1")
    gc.collect()
    before = _resident_bytes()
    for moment in (now, now + 1_000):
        ledger.beat(moment)
        for number, name in enumerate(names):
            proxied.sid = name
            fields = Fields(number)
            proxied.see_playlist(channels[number], "video", fields)
            proxied.see_playlist(channels[number], "audio", fields)
    assert ledger.viewer_count == SESSIONS, ledger.viewer_count
    began_s = time.process_time()
    book.take(ledger.now, _BATCH_ROWS)
    flush_s = time.process_time() - began_s
    book.take(ledger.now, SESSIONS)
    gc.collect()
    session_bytes = (_resident_bytes() - before) / SESSIONS
    seats = []
    for number, name in enumerate(names[:10_000]):
        seat = audience.seat(f"10.0.{number >> 8 & 255}.{number & 255}")
        seats.append(_seated(seat, name, channels[number], number))
    noted_s = min(_note(seats, names, channels) for _ in range(_ROUNDS))
    mixed_s = min(_mix(proxied, names, channels) for _ in range(_ROUNDS))
    longest_s = 0.0
    for second in range(60):
        for session in ledger.sessions():
            session.seen = session.main_seen = ledger.now
        for beat in range(4):
            began_s = time.process_time()
            ledger.beat(now + 2_000 + second * 1_000 + beat * 250)
            longest_s = max(longest_s, time.process_time() - began_s)
    assert ledger.viewer_count == SESSIONS
    return {
        "sessions": SESSIONS,
        "bytes a session": round(session_bytes),
        "noted by its seat, us": round(noted_s * 1e6, 3),
        "noted on a proxy's connection, us": round(mixed_s * 1e6, 3),
        "longest beat, ms": round(longest_s * 1000, 1),
        "handing over 1,000 rows, ms": round(flush_s * 1000, 1),
    }


def _seated(seat: Seat, name: bytes, channel: str, number: int) -> tuple[Seat, Fields]:
    fields = Fields(number)
    fields.forwarded_for = ""
    seat.sid = name
    seat.see_playlist(channel, "video", fields)
    return seat, fields


def _note(seats: list[tuple[Seat, Fields]], names: list[bytes], channels: list[str]) -> float:
    began_s = time.process_time()
    for number, (seat, fields) in enumerate(seats):
        seat.sid = names[number]
        seat.see_playlist(channels[number], "video", fields)
    return (time.process_time() - began_s) / len(seats)


def _mix(proxied: Seat, names: list[bytes], channels: list[str]) -> float:
    asked = [(number, Fields(number)) for number in range(0, SESSIONS, 10)]
    began_s = time.process_time()
    for number, fields in asked:
        proxied.sid = names[number]
        proxied.see_playlist(channels[number], "video", fields)
    return (time.process_time() - began_s) / len(asked)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE_BYTES


_numbers = iter(range(1, 10_000_000))

if __name__ == "__main__":
    print(json.dumps(measure()))

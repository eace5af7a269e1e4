"""Many RTMP publishers in one process: a coded show over and over, in real time.

    .venv/bin/python -m bench.load.rtmp_publishers rtmp://127.0.0.1:1935/live --publishers 20 \\
        --quality 720p30 --seconds 30

Publisher N publishes as `benchN`, on `rillcast serve --open` the channel of that name. The bytes
are chunked once for all, so that a message costs one `send`; keyframes of different publishers
are spread over time. A line of JSON on stdout says each second how it goes; with `--steered` the
number of publishers is read from stdin, a line each time that it changes, until `0`.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from heapq import heapify, heappop, heapreplace
from pathlib import Path

from bench.load.coded_show import GOP_S, QUALITIES, CodedShow, coded_show
from bench.load.rtmp_session import PublishFailedError, RtmpSession
from bench.load.sent_log import SentLog
from bench.load.wire_loop import WireLoop, wire_loop

# Spreads the publishers' keyframes evenly, however many there are.
_GOLDEN_RATIO = 0.618_033_988_75
_RETRY_S = 0.004
_SHORTEST_SLEEP_S = 0.000_2
_LONGEST_SLEEP_S = 0.02
_PAUSE_BETWEEN_CONNECTS_S = 0.01
# A message that waits for so long in front of a full socket says that the server fell behind.
LATE_S = 0.25


@dataclass(slots=True, eq=False)
class _Publisher:
    """One connection and where it is in the loop."""

    number: int
    session: RtmpSession
    wire: WireLoop
    turn_s: float
    ends_s: float
    index: int = 0
    unsent: deque[bytes | memoryview] = field(default_factory=deque)

    def __lt__(self, other: "_Publisher") -> bool:
        return self.number < other.number


@dataclass(slots=True)
class Tally:
    """What happened since the last line of JSON."""

    messages: int = 0
    sent_bytes: int = 0
    late_messages: int = 0
    most_late_s: float = 0
    own_lags_s: list[float] = field(default_factory=list)


class RtmpPublishers:
    """Keeps `wanted` publishers publishing. One thread connects, the main thread sends."""

    def __init__(self, url: str, show: CodedShow, options: argparse.Namespace) -> None:
        self.wanted = 0
        self.lost = 0
        self.refused = 0
        self.finished = 0
        self.tally = Tally()
        self._url, self._show, self._options = url, show, options
        self._wires: dict[int, WireLoop] = {}
        self._due: list[tuple[float, _Publisher]] = []
        self._connected: deque[_Publisher] = deque()
        self._opened = 0
        self._is_over = threading.Event()
        self._keys = options.key_file.read_text().split() if options.key_file else []
        self._log = SentLog(options.log) if options.log else None
        self._connector = threading.Thread(target=self._connect, daemon=True)

    @property
    def publishing(self) -> int:
        """Count those on air."""
        return len(self._due)

    def run(self, report_every_s: float = 1.0) -> None:
        """Send until `stop`."""
        self._connector.start()
        next_report_s = time.monotonic() + report_every_s
        while not self._is_over.is_set():
            now = time.monotonic()
            while self._connected:
                publisher = self._connected.popleft()
                self._due.append((publisher.turn_s, publisher))
                heapify(self._due)
            self._send_due(now)
            if now >= next_report_s:
                next_report_s += report_every_s
                self._answer_servers()
                self._report()
            wait_s = self._due[0][0] - time.monotonic() if self._due else _LONGEST_SLEEP_S
            if wait_s > 0:
                time.sleep(min(max(wait_s, _SHORTEST_SLEEP_S), _LONGEST_SLEEP_S))
        self._leave()

    def stop(self) -> None:
        """Let `run` say goodbye and return."""
        self._is_over.set()

    def _connect(self) -> None:
        """Open connections one after the other; a connection can wait for its server alone."""
        options = self._options
        while not self._is_over.is_set():
            on_air = len(self._due) + len(self._connected)
            if on_air >= self.wanted or (options.sessions and self._opened >= options.sessions):
                time.sleep(_PAUSE_BETWEEN_CONNECTS_S)
                continue
            number = self._opened
            turn = number % options.keys if options.keys else number
            key = self._keys[turn] if self._keys else options.key.format(turn)
            try:
                session = RtmpSession(self._url, key, options.chunk_bytes)
                wire = self._wire(session.message_stream_id)
                session.socket.setblocking(True)
                session.socket.sendall(wire.head)
                session.socket.setblocking(False)
            except (PublishFailedError, OSError) as error:
                self.refused += 1
                print(error, file=sys.stderr)
                time.sleep(0.5)
                continue
            self._opened += 1
            now = time.monotonic()
            phase_s = number * _GOLDEN_RATIO % 1 * GOP_S
            starts_s = now + (phase_s - now) % GOP_S
            ends_s = starts_s + options.session_s if options.session_s else float("inf")
            self._connected.append(_Publisher(number, session, wire, starts_s, ends_s))
            time.sleep(_PAUSE_BETWEEN_CONNECTS_S)

    def _wire(self, message_stream_id: int) -> WireLoop:
        if message_stream_id not in self._wires:
            self._wires[message_stream_id] = wire_loop(
                self._show,
                message_stream_id=message_stream_id,
                chunk_bytes=self._options.chunk_bytes,
                is_chunk_a_write=self._options.writes == "chunk",
            )
        return self._wires[message_stream_id]

    def _send_due(self, now: float) -> None:
        due = self._due
        while due and due[0][0] <= now:
            due_s, publisher = due[0]
            wire = publisher.wire
            if not publisher.unsent:
                self.tally.own_lags_s.append(now - due_s)
                publisher.unsent.extend(wire.writes[publisher.index])
            try:
                is_sent = self._send(publisher)
            except OSError:
                self.lost += 1
                publisher.session.cut()
                heappop(due)
                continue
            if not is_sent:
                heapreplace(due, (time.monotonic() + _RETRY_S, publisher))
                continue
            now = time.monotonic()
            late_s = now - publisher.turn_s - wire.due_s[publisher.index]
            self.tally.messages += 1
            self.tally.most_late_s = max(self.tally.most_late_s, late_s)
            if late_s > LATE_S:
                self.tally.late_messages += 1
            if self._log is not None and publisher.number < self._options.log_publishers:
                self._log.add(publisher.number, publisher.index, now)
            publisher.index += 1
            if publisher.index == len(wire.writes):
                publisher.index = 0
                publisher.turn_s += wire.period_s
            next_s = publisher.turn_s + wire.due_s[publisher.index]
            if next_s >= publisher.ends_s or len(due) > self.wanted:
                publisher.session.say_goodbye()
                self.finished += 1
                heappop(due)
            else:
                heapreplace(due, (next_s, publisher))

    def _send(self, publisher: _Publisher) -> bool:
        """Send what is left of a message. False: the socket is full. Raises OSError."""
        unsent, send = publisher.unsent, publisher.session.socket.send
        while unsent:
            piece = unsent[0]
            try:
                count = send(piece)
            except BlockingIOError:
                return False
            self.tally.sent_bytes += count
            if count == len(piece):
                unsent.popleft()
            else:
                unsent[0] = memoryview(piece)[count:]
        return True

    def _answer_servers(self) -> None:
        for entry in list(self._due):
            try:
                entry[1].session.answer_server()
            except (OSError, EOFError):
                self.lost += 1
                entry[1].session.cut()
                self._due.remove(entry)
        heapify(self._due)

    def _report(self) -> None:
        tally, self.tally = self.tally, Tally()
        lags_s = sorted(tally.own_lags_s)
        used = os.times()
        line = {
            "at_s": round(time.monotonic(), 3),
            "publishing": self.publishing,
            "messages": tally.messages,
            "sent_bytes": tally.sent_bytes,
            "late_messages": tally.late_messages,
            "most_late_ms": round(tally.most_late_s * 1000, 1),
            "own_lag_p99_ms": round(lags_s[len(lags_s) * 99 // 100] * 1000, 2) if lags_s else 0,
            "lost": self.lost,
            "refused": self.refused,
            "finished": self.finished,
            "cpu_s": round(used.user + used.system, 2),
        }
        print(json.dumps(line), flush=True)

    def _leave(self) -> None:
        for _, publisher in self._due:
            publisher.session.say_goodbye()
        if self._log is not None:
            self._log.close()


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="rtmp://HOST:PORT/APP")
    parser.add_argument("--publishers", type=int, default=20)
    parser.add_argument("--quality", choices=QUALITIES, default="720p30")
    parser.add_argument("--seconds", type=float, help="stop by itself")
    parser.add_argument("--key", default="bench{}", help="{} becomes the publisher's number")
    parser.add_argument("--key-file", type=Path, help="a key on each line, for each publisher")
    parser.add_argument("--keys", type=int, help="so many keys in turn, else each has its own")
    parser.add_argument("--chunk-bytes", type=int, default=4096, help="OBS: 4096, ffmpeg: 60000")
    parser.add_argument("--writes", choices=["message", "chunk"], default="message")
    parser.add_argument("--session-s", type=float, help="each leaves then, and another comes")
    parser.add_argument("--sessions", type=int, help="so many sessions in all")
    parser.add_argument("--log", type=Path, help="file for the times at which messages were sent")
    parser.add_argument("--log-publishers", type=int, default=1, help="how many are logged")
    parser.add_argument("--steered", action="store_true", help="read numbers from stdin")
    return parser.parse_args()


def main() -> None:
    """Publish until told otherwise."""
    options = parse_options()
    publishers = RtmpPublishers(options.url, coded_show(QUALITIES[options.quality]), options)
    publishers.wanted = options.publishers
    # The connecting thread must not hold up the one that sends.
    sys.setswitchinterval(0.000_5)

    def steer() -> None:
        for line in sys.stdin:
            publishers.wanted = int(line)
            if publishers.wanted == 0:
                break
        publishers.stop()

    if options.steered:
        threading.Thread(target=steer, daemon=True).start()
    if options.seconds:
        timer = threading.Timer(options.seconds, publishers.stop)
        timer.daemon = True
        timer.start()
    try:
        publishers.run()
    except KeyboardInterrupt:
        publishers.stop()


if __name__ == "__main__":
    main()

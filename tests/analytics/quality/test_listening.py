"""Who is counted, by which labels, and how much of it is read."""

import json
import tracemalloc
from dataclasses import dataclass, field
from typing import Any

import pytest

from analytics.quality.figures import Figures
from analytics.quality.labels import browser_of, country_of, language_of
from analytics.quality.listening import QualityListener
from analytics.quality.settings import QualitySettings
from analytics.quality.tally import QualityTally
from tests.analytics.quality.test_beacons import body

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAID = b"bl%3D2100%2Cmtp%3D25400%2Cot%3Dv"


@dataclass(frozen=True, slots=True)
class Said:
    text: bytes
    block: bytes


def block(*lines: str) -> bytes:
    return "".join(f"\r\n{line}" for line in ("Host: a", *lines)).encode() + b"\r\n\r\n"


USUAL = block(f"User-Agent: {FIREFOX}", "Accept-Language: de-AT,en;q=0.5", "CF-IPCountry: AT")


@dataclass
class Server:
    """A listener with a clock that tests set, on which "ada" is on air."""

    settings: QualitySettings = field(
        default_factory=lambda: QualitySettings(
            country_header="CF-IPCountry", beacons_per_minute=60
        )
    )
    now_s: float = 1_000.0

    def __post_init__(self) -> None:
        self.tally = QualityTally(self.settings.label_values, 10)
        self.listener = QualityListener(
            self.tally,
            self.settings,
            lambda: 0,
            lambda: self.now_s,
            channel_id={"ada": "chn_ada"}.get,
            trusted_proxies=frozenset({"10.0.0.1"}),
        )

    def hear(self, said: bytes = SAID, fields: bytes = USUAL, peer: str = "192.0.2.1") -> None:
        self.listener.note_cmcd("ada", Said(said, fields), peer)

    def beacon(self, fields: bytes = USUAL, peer: str = "192.0.2.1", **changed: Any) -> int:
        return self.listener.take_beacon(body(**changed), fields, peer)

    def figures(self) -> dict[tuple[str, str], Figures]:
        return {
            (row.dimension, row.value): row.figures
            for name, _ in self.tally.changed()
            for row in self.tally.rows(name)
        }


def test_both_count_for_the_same_labels() -> None:
    server = Server()
    server.hear()
    assert server.beacon() == 204
    figures = server.figures()
    assert set(figures) == {
        ("", ""),
        ("browser", "firefox"),
        ("player", "hls.js"),
        ("country", "unknown"),
        ("language", "de"),
    }
    whole = figures["", ""]
    assert (whole.requests, whole.reports, whole.sessions) == (1, 1, 1)
    assert whole.buffer_ms.percentile(0.5) == pytest.approx(2100, rel=0.05)
    assert server.listener.beacon_counts == {"counted": 1}


def test_a_country_is_believed_from_a_trusted_proxy_alone() -> None:
    server = Server()
    server.hear(peer="192.0.2.1")
    server.hear(peer="10.0.0.1")
    assert ("country", "at") in server.figures()
    assert server.figures()["country", "at"].requests == 1


@pytest.mark.parametrize(
    "line",
    ["Sec-GPC: 1", "DNT: 1", "dnt:1", "Sec-Fetch-Site: cross-site"],
)
def test_who_opts_out_is_not_counted(line: str) -> None:
    server = Server()
    fields = block(f"User-Agent: {FIREFOX}", line)
    assert server.beacon(fields) == 204
    if "Fetch" not in line:
        server.hear(fields=fields)
    assert server.figures() == {}
    assert server.listener.beacon_counts == {"left out": 1}


def test_robots_and_unknown_channels_are_not_counted() -> None:
    server = Server()
    server.hear(fields=block("User-Agent: Examplebot/1.0"))
    server.listener.note_cmcd("nobody", Said(SAID, USUAL), "192.0.2.1")
    assert server.beacon(channel="nobody") == 204
    assert server.figures() == {}


def test_one_network_may_send_so_many() -> None:
    server = Server()
    statuses = [server.beacon(seq=number) for number in range(61)]
    assert statuses == [204] * 60 + [429]
    assert server.beacon(peer="192.0.2.2") == 204
    forwarded = block("X-Forwarded-For: 192.0.2.1")
    assert server.beacon(forwarded, peer="10.0.0.1") == 429
    assert server.beacon(block("X-Forwarded-For: 192.0.2.9"), peer="10.0.0.1") == 204
    assert server.beacon(block(), peer="10.0.0.1") == 204
    server.now_s += 1.001
    assert server.beacon(seq=100) == 204


def test_what_is_no_beacon_is_refused() -> None:
    server = Server()
    assert server.listener.take_beacon(b"{}", USUAL, "192.0.2.1") == 400
    assert server.listener.beacon_counts == {"malformed": 1}


def test_many_requests_are_read_in_part_and_stand_for_all() -> None:
    server = Server()
    for number in range(60_000):
        server.now_s = 1_000 + number / 20_000
        server.hear()
    whole = server.figures()["", ""]
    assert whole.requests == pytest.approx(60_000, rel=0.01)
    assert whole.buffer_ms.count < 4 * 1_600
    before = whole.requests, whole.starved_requests
    for _ in range(3):
        server.hear(b"bs%2C" + SAID)
    after = server.figures()["", ""]
    assert after.starved_requests == before[1] + 3
    assert after.requests - before[0] <= 3 + 20


def test_nobody_makes_the_server_read_more() -> None:
    server = Server()
    for _ in range(50_000):
        server.hear(b"bs")
    assert server.figures()["", ""].starved_requests <= 6_000


def test_any_bytes_are_heard_without_an_error() -> None:
    server = Server()
    for fields in (
        b"",
        b"\xff" * 20,
        b"\r\n\r\n",
        block("User-Agent: \xff", "Accept-Language: \0"),
    ):
        for text in (b"", b"\xff", b"bl=" * 3000):
            server.hear(text, fields)
            server.listener.take_beacon(text, fields, "no address")
    assert "failed" not in server.listener.beacon_counts
    assert json.dumps(server.listener.request_counts)


@pytest.mark.parametrize(
    ("agent", "browser"),
    [
        (FIREFOX, "firefox"),
        ("Mozilla/5.0 (...) Chrome/130.0 Safari/537.36", "chrome"),
        ("Mozilla/5.0 (...) Chrome/130.0 Safari/537.36 Edg/130.0", "edge"),
        ("Mozilla/5.0 (...) Chrome/130.0 Safari/537.36 OPR/115", "opera"),
        ("Mozilla/5.0 (iPhone...) Version/18.0 Mobile Safari/604.1", "safari"),
        ("Mozilla/5.0 (iPhone...) CriOS/130 Mobile Safari/604.1", "chrome"),
        ("curl/8.0", "other"),
        ("", "other"),
    ],
)
def test_browsers(agent: str, browser: str) -> None:
    assert browser_of(agent) == browser


def test_languages_and_countries_are_few_letters() -> None:
    assert [
        language_of(text) for text in ("de-AT", "EN", "gsw", "x", "", "*", "deutsch", "d1")
    ] == [
        "de",
        "en",
        "gsw",
        *["unknown"] * 5,
    ]
    assert [language_of(text) for text in ("iw-IL", "fil-PH", "xx", "qqq-DE", "und", "mul,de")] == [
        "he",
        "fil",
        *["other"] * 4,
    ]
    assert [country_of(text) for text in ("AT", "at", "XX", "T1", "AUT", "")] == [
        "at",
        "at",
        *["unknown"] * 4,
    ]


def test_long_header_fields_are_read_but_not_remembered() -> None:
    """Whoever makes up fields without end fills no memory with them."""
    server = Server()
    long = [block(f"User-Agent: {FIREFOX}", f"X-{i}: {'p' * 100_000}") for i in range(100)]
    server.beacon(fields=long[0], session="warm0001")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number, fields in enumerate(long):
            server.beacon(fields=bytes(bytearray(fields)), session=f"session{number}", told=None)
            server.hear(fields=bytes(bytearray(fields)))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 1_000_000
    (figures,) = (
        row.figures
        for name, _ in server.tally.changed()
        for row in server.tally.rows(name)
        if (row.dimension, row.value) == ("browser", "firefox")
    )
    assert figures.requests == 100

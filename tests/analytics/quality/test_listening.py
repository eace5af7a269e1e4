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
from analytics.viewers.witness import Witness
from tests.analytics.quality.test_beacons import SUMS, body
from tests.analytics.viewers.crowd import Crowd, Player

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
    """A listener with a clock that tests set, on which "ada" and "bob" are on air.

    `viewer` watches "ada", and has done so for a minute.
    """

    settings: QualitySettings = field(
        default_factory=lambda: QualitySettings(
            country_header="CF-IPCountry", beacons_per_minute=60
        )
    )
    now_s: float = 1_000.0
    crowd: Crowd = field(default_factory=lambda: Crowd(sessions_per_address=8))
    viewer: Player = field(init=False)

    def __post_init__(self) -> None:
        self.viewer = self.watch(60)
        self.tally = QualityTally(self.settings.label_values, 10)
        self.listener = QualityListener(
            self.tally,
            self.settings,
            lambda: 0,
            lambda: self.now_s,
            channel_id={"ada": "chn_ada", "bob": "chn_bob"}.get,
            trusted_proxies=frozenset({"10.0.0.1"}),
            witness=Witness(self.crowd.ledger, self.crowd.ids),
        )

    def watch(self, seconds: int, viewer: Player | None = None, *, address: str = "") -> Player:
        """Have somebody watch."""
        viewer = viewer or Player(self.crowd, address or "198.51.100.1").start()
        for _ in range(seconds):
            viewer.ask()
            self.crowd.wait(1_000)
            self.now_s += 1
        return viewer

    def hear(self, said: bytes = SAID, fields: bytes = USUAL, peer: str = "192.0.2.1") -> None:
        self.listener.note_cmcd("ada", Said(said, fields), peer)

    def beacon(
        self,
        fields: bytes = USUAL,
        peer: str = "192.0.2.1",
        *,
        of: Player | None = None,
        **changed: Any,
    ) -> int:
        said = {"session": name_of(of or self.viewer)} | changed
        return self.listener.take_beacon(body(**said), fields, peer)

    def figures(self) -> dict[tuple[str, str], Figures]:
        return {
            (row.dimension, row.value): row.figures
            for name, _ in self.tally.changed()
            for row in self.tally.rows(name)
        }


def name_of(player: Player) -> str:
    assert player.sid is not None
    return player.sid.decode()


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
    assert server.listener.beacon_counts["counted"] == 60
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
    assert whole.buffer_ms.count < 4 * 600
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
    assert server.figures()["", ""].starved_requests <= 2_000


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
    viewers = [server.watch(2, address=f"198.51.100.{number}") for number in range(100)]
    server.beacon(fields=long[0])
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number, fields in enumerate(long):
            server.beacon(fields=bytes(bytearray(fields)), of=viewers[number], told=None)
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


HOUR = SUMS | {"watchedMs": 3_600_000, "decodedFrames": 3_600_000 * 60 // 1000}


def whole(server: Server) -> Figures:
    return server.figures().get(("", ""), Figures())


def test_what_nobody_gave_out_is_left_out_as_an_unknown_channel_is() -> None:
    """Also what the page of an older release sends, which had names of its own."""
    server = Server()
    names = ["AAAAAAAAAAAA", "0123456789abcdef01234567", name_of(server.viewer)[::-1]]
    statuses = [server.beacon(session=name) for name in names]
    statuses.append(server.beacon(channel="bob"))
    assert statuses == [server.beacon(channel="nobody")] * 4 == [204] * 4
    assert server.figures() == {}
    assert server.listener.beacon_counts == {"foreign session": 4, "unknown channel": 1}
    assert server.listener.playbacks is not None
    assert len(server.listener.playbacks) == 0


def test_nobody_has_watched_longer_than_he_was_there() -> None:
    server = Server()
    server.beacon(total=HOUR)
    assert whole(server).watched_ms + whole(server).stalled_ms <= 75_000
    server.watch(30, server.viewer)
    server.beacon(seq=2, total=HOUR)
    assert 100_000 < whole(server).watched_ms <= 90_000 * 1.25
    assert whole(server).decoded_frames <= 90 * 1.25 * 60
    assert (whole(server).sessions, whole(server).startup_ms.count) == (1, 1)
    assert server.listener.beacon_counts == {"counted in part": 2}


def test_whoever_takes_a_viewer_s_name_has_no_more_than_that_viewer() -> None:
    server = Server()
    for number in range(20):
        server.beacon(peer=f"203.0.113.{number}", seq=number, total=HOUR)
    server.beacon(seq=30, total=HOUR)
    assert whole(server).watched_ms <= 75_000
    assert whole(server).sessions == 1


def test_what_is_sent_again_counts_once() -> None:
    server = Server()
    statuses = {server.beacon() for _ in range(50)}
    assert statuses == {204}
    assert (whole(server).watched_ms, whole(server).sessions) == (20_000, 1)
    assert server.listener.beacon_counts == {"counted": 1, "nothing new": 49}


def test_a_thousand_names_of_one_address_are_as_many_viewers_as_it_may_have() -> None:
    server = Server(QualitySettings(beacons_per_minute=100_000))
    names = [Player(server.crowd, address="192.0.2.1").start() for _ in range(1_000)]
    for _ in range(20):
        for player in names:
            player.ask()
        server.crowd.wait(1_000)
    for player in names:
        server.beacon(of=player, total=HOUR)
    assert whole(server).watched_ms <= 8 * 20_000 * 1.25
    counts = server.listener.beacon_counts
    assert counts["counted in part"] == 8 + 60  # the latter have failed, and have seen nothing
    assert sum(whole(server).errors.values()) == 8 + 60
    assert counts["nobody watching"] == 1_000 - 8 - 60


def test_who_fails_at_once_may_say_so() -> None:
    server = Server()
    player = Player(server.crowd).start()
    failed = dict.fromkeys(SUMS, 0) | {"startupMs": None, "errors": {"codec": 1}}
    assert server.beacon(of=player, total=failed) == 204
    assert server.beacon(of=player, total=failed, seq=2) == 202
    assert whole(server).errors == {"codec": 1}
    assert (whole(server).sessions, whole(server).watched_ms) == (1, 0)
    assert server.listener.beacon_counts == {"counted": 1, "nobody watching": 1}


def test_the_last_word_of_a_page_counts() -> None:
    server = Server()
    server.beacon()
    server.watch(20, server.viewer)
    server.viewer.hang_up()
    server.crowd.wait(15_000)
    assert server.crowd.viewers == 0
    assert server.beacon(seq=2, total=SUMS | {"watchedMs": 40_000}, told=SUMS) == 204
    assert whole(server).watched_ms == 40_000


def test_a_show_goes_on_after_a_restart_of_the_server() -> None:
    """Names stay right, what was answered is told, and the rest is made up for within minutes."""
    before = Server()
    before.beacon(total=SUMS | {"watchedMs": 59_000})
    after = Server()
    after.crowd.ids = before.crowd.ids
    told = SUMS | {"watchedMs": 59_000}
    viewer = after.viewer
    for number, watched_s in enumerate(range(90, 300, 30), start=2):
        after.watch(30, viewer)
        total = SUMS | {"watchedMs": watched_s * 1_000}
        after.beacon(seq=number, total=total, told=told)
        told = total
    assert whole(after).watched_ms == 270_000 - 59_000
    assert (whole(after).sessions, whole(after).startup_ms.count) == (0, 0)


def test_without_sessions_pages_are_told_to_send_no_more() -> None:
    server = Server()
    deaf = QualityListener(
        server.tally,
        server.settings,
        lambda: 0,
        lambda: 0.0,
        channel_id=lambda _: "chn_ada",
        trusted_proxies=frozenset(),
        witness=None,
    )
    assert deaf.take_beacon(body(), USUAL, "192.0.2.1") == 404
    deaf.note_cmcd("ada", Said(SAID, USUAL), "192.0.2.1")
    assert whole(server).requests == 1

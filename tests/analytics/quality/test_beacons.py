"""Beacons: read strictly, counted once, whatever is lost, repeated or forgotten on the way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.quality.beacon import MAX_BEACON_BYTES, BeaconError, Errors, Sums, read_beacon
from analytics.quality.figures import Figures
from analytics.quality.playbacks import MAX_ERRORS, Playbacks, Refusal, Told, add_told

SUMS: dict[str, Any] = {
    "startupMs": 700,
    "watchedMs": 20_000,
    "stalls": 1,
    "stalledMs": 400,
    "switchesUp": 2,
    "switchesDown": 1,
    "droppedFrames": 3,
    "decodedFrames": 600,
    "errors": {"network": 1},
}
SAID: dict[str, Any] = {
    "v": 1,
    "session": "k3J0c2Vzc2lv",
    "seq": 1,
    "channel": "ada",
    "player": "hls.js",
    "language": "de-AT",
    "bitrateKbps": 3200,
    "latencyMs": 1810,
    "total": SUMS,
    "told": None,
}


def body(**changed: Any) -> bytes:
    return json.dumps(SAID | changed).encode()


def test_a_beacon_says_all_of_it() -> None:
    beacon = read_beacon(body())
    assert beacon.total == Sums(20_000, 1, 400, 2, 1, 3, 600, 700, Errors(network=1))
    assert beacon.told is None
    assert (beacon.player, beacon.language, beacon.latency_ms) == ("hls.js", "de-AT", 1810)
    assert read_beacon(body(player="native", latencyMs=None, bitrateKbps=None)).player == "safari"


REFUSED: list[Any] = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"a"',
    b"\xff",
    b"[" * 2000,
    b" " * (MAX_BEACON_BYTES + 1),
    body(v=2),
    body(v=True),
    body(v=1.0),
    body(more=1),
    json.dumps({key: SAID[key] for key in SAID if key != "told"}).encode(),
    body(session="short"),
    body(session="a" * 33),
    body(session=5),
    body(seq=-1),
    body(seq=1.5),
    body(seq=True),
    body(seq="1"),
    body(channel="a" * 65),
    body(channel=""),
    body(channel="\ud800").replace(b"\\ud800", b"\xed\xa0\x80"),
    body(channel="\ud800"),
    body(player="quicktime"),
    body(player=["hls.js"]),
    body(language="x" * 36),
    body(bitrateKbps=-1),
    body(latencyMs=10**12),
    body(latencyMs="1"),
    body(total=None),
    body(total=[]),
    body(total=SUMS | {"watchedMs": -1}),
    body(total=SUMS | {"watchedMs": 2**40}),
    body(total=SUMS | {"watchedMs": None}),
    body(total=SUMS | {"errors": {"<script>": 1}}),
    body(total=SUMS | {"errors": []}),
    body(total=SUMS | {"errors": {"network": "x"}}),
    body(total=SUMS | {"startupMs": 600_001}),
    body(total=SUMS | {"<script>": 1}),
    body(player="<script>"),
    body()[:-1],
    body() + b"{}",
    body(told=5),
    body(told={}),
    body(latencyMs=float("nan")),
]


@pytest.mark.parametrize("refused", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_beacon_is_refused_in_words_that_repeat_nothing(refused: bytes) -> None:
    with pytest.raises(BeaconError, match="expected") as error:
        read_beacon(refused)
    assert "script" not in str(error.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(received: bytes) -> None:
    with pytest.raises(BeaconError):
        read_beacon(received)


@given(st.dictionaries(st.sampled_from(sorted(SAID)), JSON))
def test_any_values_are_read_or_refused(changed: dict[str, Any]) -> None:
    try:
        beacon = read_beacon(body(**changed))
    except BeaconError:
        return
    assert 0 <= beacon.sequence <= 10_000_000
    told = Playbacks(10, Company()).tell(beacon)
    assert isinstance(told, Told) or told is Refusal.IMPOSSIBLE


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (body(v=2), "$.v: expected one of the known values"),
        (body(seq=-1), "$.seq: expected `int` >= 0"),
        (body(total=SUMS | {"watchedMs": "1"}), "$.total.watchedMs: expected `int`, got `str`"),
        (body(told={}), "$.told: expected `watchedMs`"),
        (body(secret="x"), "$: expected no other field"),
        (b"[]", "$: expected `object`, got `array`"),
        (b"{", "expected JSON"),
    ],
    ids=["version", "negative", "text", "missing", "more", "list", "no JSON"],
)
def test_a_refusal_says_where_what_was_expected(refused: bytes, reason: str) -> None:
    with pytest.raises(BeaconError) as error:
        read_beacon(refused)
    assert str(error.value) == reason


class Company:
    """A witness who has seen everybody for so long, and nobody a second time for the same."""

    def __init__(self, seen_ms: int | None = 10**9) -> None:
        self.left_ms = seen_ms

    def is_ours(self, session: str, channel: str) -> bool:
        return session != "made-up-name" and channel == "ada"

    def vouch(self, session: str, channel: str, ms: int) -> int | None:
        assert self.is_ours(session, channel)
        if self.left_ms is None:
            return None
        granted = min(ms, self.left_ms)
        self.left_ms -= granted
        return granted


def tell(playbacks: Playbacks, figures: Figures, **changed: Any) -> bool:
    beacon = read_beacon(body(**changed))
    told = playbacks.tell(beacon)
    if isinstance(told, Refusal):
        return False
    add_told(figures, beacon, told)
    return True


def playing(limit: int = 10, seen_ms: int | None = 10**9) -> tuple[Playbacks, Figures]:
    return Playbacks(limit, Company(seen_ms)), Figures()


def grown(watched_ms: int) -> dict[str, Any]:
    return SUMS | {"watchedMs": watched_ms}


def test_a_retry_counts_once() -> None:
    playbacks, figures = playing()
    assert tell(playbacks, figures)
    assert not tell(playbacks, figures)
    assert not tell(playbacks, figures, seq=0)
    assert (figures.sessions, figures.watched_ms, figures.stalls) == (1, 20_000, 1)
    assert figures.errors == {"network": 1}
    assert figures.startup_ms.count == 1


def test_one_that_is_lost_loses_nothing() -> None:
    playbacks, figures = playing()
    tell(playbacks, figures)
    tell(playbacks, figures, seq=3, total=grown(70_000), told=grown(20_000))
    tell(playbacks, figures, seq=2, total=grown(50_000))
    assert figures.watched_ms == 70_000
    assert figures.startup_ms.count == 1
    assert figures.rated_kbit == 3200 * 70


def test_a_server_that_has_forgotten_goes_on_where_it_answered() -> None:
    first, before = playing()
    second, after = playing()
    tell(first, before)
    tell(second, after, seq=2, total=grown(50_000), told=SUMS)
    assert before.watched_ms + after.watched_ms == 50_000
    assert before.sessions + after.sessions == 1
    assert before.startup_ms.count + after.startup_ms.count == 1
    assert before.stalls + after.stalls == 1


def test_a_player_that_begins_anew_goes_on_by_another_name() -> None:
    playbacks, figures = playing()
    tell(playbacks, figures)
    tell(playbacks, figures, session="another-name", total=grown(45_000), told=SUMS)
    tell(playbacks, figures, session="another-name", seq=2, total=grown(60_000), told=SUMS)
    assert (figures.watched_ms, figures.sessions, figures.stalls) == (60_000, 1, 1)
    assert figures.startup_ms.count == 1


def test_names_that_are_not_ours_bring_nothing() -> None:
    playbacks, figures = playing()
    for foreign in ({"session": "made-up-name"}, {"channel": "bob"}):
        assert playbacks.tell(read_beacon(body(**foreign))) is Refusal.FOREIGN
    assert figures == Figures()
    assert len(playbacks) == 0


@pytest.mark.parametrize(
    ("total", "needed_ms"),
    [
        (grown(3_600_000), 3_600_400),
        (SUMS | {"stalledMs": 3_600_000}, 3_620_000),
        (SUMS | {"stalls": 10_000}, 1_500_000),
        (SUMS | {"decodedFrames": 240_000}, 1_000_000),
        (SUMS | {"switchesUp": 9_999}, 1_000_000),
    ],
    ids=["watched", "stalled", "stalls", "frames", "switches"],
)
def test_as_much_of_everything_is_taken_as_somebody_was_there(
    total: dict[str, Any], needed_ms: int
) -> None:
    playbacks, figures = playing(seen_ms=25_000)
    assert tell(playbacks, figures, total=total)
    for name, said in (
        ("watched_ms", "watchedMs"),
        ("stalls", "stalls"),
        ("stalled_ms", "stalledMs"),
        ("switches_up", "switchesUp"),
        ("dropped_frames", "droppedFrames"),
        ("decoded_frames", "decodedFrames"),
    ):
        assert getattr(figures, name) == total[said] * 25_000 // needed_ms
    assert figures.watched_ms + figures.stalled_ms <= 25_000
    assert (figures.sessions, figures.startup_ms.count) == (1, 1)


def test_what_was_left_is_taken_when_somebody_was_there_for_it() -> None:
    company = Company(10_000)
    playbacks, figures = Playbacks(10, company), Figures()
    tell(playbacks, figures)
    assert 9_900 <= figures.watched_ms + figures.stalled_ms <= 10_000
    company.left_ms = 100_000
    tell(playbacks, figures, seq=2, total=grown(50_000), told=SUMS)
    assert (figures.watched_ms, figures.stalled_ms, figures.stalls) == (50_000, 400, 1)
    assert (figures.decoded_frames, figures.sessions, figures.startup_ms.count) == (600, 1, 1)
    assert figures.errors == {"network": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"watchedMs": 10_000},
        {"stalls": 0},
        {"stalledMs": 1},
        {"switchesUp": 1},
        {"switchesDown": 0},
        {"decodedFrames": 599},
        {"droppedFrames": 2},
        {"droppedFrames": 700, "decodedFrames": 650},
    ],
    ids=["watched", "stalls", "stalled", "up", "down", "frames", "dropped", "more dropped"],
)
def test_sums_that_shrink_count_nothing(changed: dict[str, Any]) -> None:
    playbacks, figures = playing()
    tell(playbacks, figures)
    refused = playbacks.tell(read_beacon(body(seq=2, total=SUMS | changed)))
    assert refused is Refusal.IMPOSSIBLE
    assert tell(playbacks, figures, seq=2, total=grown(30_000))
    assert figures.watched_ms == 30_000


def test_who_never_watched_tells_of_failures_alone_and_of_few() -> None:
    playbacks, figures = playing(seen_ms=None)
    nothing = SUMS | {"errors": {}}
    assert playbacks.tell(read_beacon(body(total=nothing))) is Refusal.UNSEEN
    assert len(playbacks) == 0
    for number in range(1, 100):
        failed = SUMS | {"errors": {"codec": number}}
        tell(playbacks, figures, seq=number, total=failed)
    expected = Figures(sessions=1, reports=MAX_ERRORS, errors={"codec": MAX_ERRORS})
    assert figures == expected


def test_a_session_starts_once_whatever_it_says() -> None:
    playbacks, figures = playing()
    for number in range(1, 20):
        startup_ms = None if number % 2 else 700
        tell(playbacks, figures, seq=number, total=SUMS | {"startupMs": startup_ms})
    assert figures.startup_ms.count == 1
    assert figures.sessions == 1


def test_memory_is_bounded() -> None:
    playbacks, figures = playing(100, 10**12)
    for number in range(1_000):
        tell(playbacks, figures, session=f"session-{number:04}")
    assert len(playbacks) <= 100
    assert figures.sessions == 1_000


def test_who_is_heard_of_is_not_forgotten() -> None:
    playbacks, figures = playing(100, 10**12)
    for number in range(1_000):
        tell(playbacks, figures, session=f"session-{number:04}")
        tell(playbacks, figures, session="for-ever", seq=number)
    assert figures.sessions == 1_001


@given(
    st.lists(st.integers(0, 60_000), min_size=1, max_size=12),
    st.lists(st.sampled_from(["kept", "lost", "twice", "unanswered"]), min_size=12, max_size=12),
)
def test_sums_arrive_exactly_up_to_the_last_beacon(steps: list[int], fates: list[str]) -> None:
    playbacks, figures = playing()
    watched_ms, arrived_ms, told = 0, 0, None
    for number, (step_ms, fate) in enumerate(zip(steps, fates, strict=False), start=1):
        watched_ms += step_ms
        total = SUMS | {"watchedMs": watched_ms}
        if fate == "lost":
            continue
        for _ in range(2 if fate == "twice" else 1):
            tell(playbacks, figures, seq=number, total=total, told=told)
        arrived_ms = watched_ms
        if fate != "unanswered":
            told = total
    assert figures.watched_ms == arrived_ms


SUM = st.integers(0, 2**40 - 1)


@given(st.lists(st.tuples(SUM, SUM, SUM, SUM, st.integers(0, 60_000)), max_size=8))
def test_nobody_tells_of_more_than_was_seen(
    said: list[tuple[int, int, int, int, int]],
) -> None:
    company = Company(0)
    playbacks, figures = Playbacks(10, company), Figures()
    seen_ms = 0
    for number, (watched, stalls, stalled, frames, more_ms) in enumerate(said, start=1):
        seen_ms += more_ms
        assert company.left_ms is not None
        company.left_ms += more_ms
        total = SUMS | {
            "watchedMs": watched,
            "stalls": stalls,
            "stalledMs": stalled,
            "droppedFrames": 0,
            "decodedFrames": frames,
        }
        tell(playbacks, figures, seq=number, total=total)
    assert figures.watched_ms + figures.stalled_ms <= seen_ms
    assert figures.stalls * 150 <= seen_ms
    assert figures.decoded_frames * 1000 <= (seen_ms + len(said)) * 240

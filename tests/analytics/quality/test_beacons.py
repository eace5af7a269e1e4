"""Beacons: read strictly, counted once, whatever is lost, repeated or forgotten on the way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.quality.beacon import MAX_BEACON_BYTES, BeaconError, Sums, read_beacon
from analytics.quality.figures import Figures
from analytics.quality.playbacks import MAX_PLAYED_MS, Playbacks, add_told, difference

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
    "session": "0123456789abcdef01234567",
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
    assert beacon.total == Sums(20_000, 1, 400, 2, 1, 3, 600, 700, (1, 0, 0, 0, 0, 0, 0))
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
    body(session="has a blank in"),
    body(session=5),
    body(seq=-1),
    body(seq=1.5),
    body(seq=True),
    body(seq="1"),
    body(channel="../etc"),
    body(channel=""),
    body(player="quicktime"),
    body(player=["hls.js"]),
    body(language="de\nat"),
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
    difference(beacon.total, Sums())


def tell(playbacks: Playbacks, figures: Figures, **changed: Any) -> bool:
    beacon = read_beacon(body(**changed))
    told = playbacks.tell(beacon)
    if told is not None:
        add_told(figures, beacon, told)
    return told is not None


def grown(watched_ms: int) -> dict[str, Any]:
    return SUMS | {"watchedMs": watched_ms}


def test_a_retry_counts_once() -> None:
    playbacks, figures = Playbacks(10), Figures()
    assert tell(playbacks, figures)
    assert not tell(playbacks, figures)
    assert not tell(playbacks, figures, seq=0)
    assert (figures.sessions, figures.watched_ms, figures.stalls) == (1, 20_000, 1)
    assert figures.errors == {"network": 1}
    assert figures.startup_ms.count == 1


def test_one_that_is_lost_loses_nothing() -> None:
    playbacks, figures = Playbacks(10), Figures()
    tell(playbacks, figures)
    tell(playbacks, figures, seq=3, total=grown(70_000), told=grown(20_000))
    tell(playbacks, figures, seq=2, total=grown(50_000))
    assert figures.watched_ms == 70_000
    assert figures.startup_ms.count == 1
    assert figures.rated_kbit == 3200 * 70


def test_a_server_that_has_forgotten_goes_on_where_it_answered() -> None:
    before, after = Figures(), Figures()
    tell(Playbacks(10), before)
    tell(Playbacks(10), after, seq=2, total=grown(50_000), told=SUMS)
    assert before.watched_ms + after.watched_ms == 50_000
    assert before.sessions + after.sessions == 1
    assert before.startup_ms.count + after.startup_ms.count == 1
    assert before.stalls + after.stalls == 1


@pytest.mark.parametrize(
    "total",
    [
        SUMS | {"watchedMs": MAX_PLAYED_MS + 1},
        SUMS | {"stalls": 10_001},
        SUMS | {"droppedFrames": 601},
        SUMS | {"decodedFrames": 10**7},
        SUMS | {"errors": {"media": 10**6}},
    ],
    ids=["watched", "stalls", "dropped", "frames", "errors"],
)
def test_what_cannot_be_true_counts_nothing(total: dict[str, Any]) -> None:
    playbacks, figures = Playbacks(10), Figures()
    assert not tell(playbacks, figures, total=total)
    assert figures == Figures()


def test_sums_that_shrink_count_nothing() -> None:
    playbacks, figures = Playbacks(10), Figures()
    tell(playbacks, figures)
    assert not tell(playbacks, figures, seq=2, total=grown(10_000))
    assert figures.watched_ms == 20_000


def test_memory_is_bounded() -> None:
    playbacks, figures = Playbacks(100), Figures()
    for number in range(1_000):
        tell(playbacks, figures, session=f"session-{number:04}")
    assert len(playbacks) <= 100
    assert figures.sessions == 1_000


def test_who_is_heard_of_is_not_forgotten() -> None:
    playbacks, figures = Playbacks(100), Figures()
    for number in range(1_000):
        tell(playbacks, figures, session=f"session-{number:04}")
        tell(playbacks, figures, session="for-ever", seq=number)
    assert figures.sessions == 1_001


@given(
    st.lists(st.integers(0, 60_000), min_size=1, max_size=12),
    st.lists(st.sampled_from(["kept", "lost", "twice", "unanswered"]), min_size=12, max_size=12),
)
def test_sums_arrive_exactly_up_to_the_last_beacon(steps: list[int], fates: list[str]) -> None:
    playbacks, figures = Playbacks(10), Figures()
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

"""Whatever players do and when, spells and counts are those of a plain recomputation."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.viewers.crowd import AHEAD_MS, BEAT_MS, Crowd, Player

SILENCE_MS = 12_000
PLAYERS = 6
# How many beats after the one before somebody asks, and who: short and long silences, and those
# that are just short enough.
STEPS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 8), st.integers(44, 56), st.integers(0, 120)),
        st.integers(0, PLAYERS - 1),
    ),
    max_size=120,
)


def is_over(seen_ms: int, now_ms: int) -> bool:
    """Whether who was seen last at a moment has been silent for too long, as is looked once a
    second."""
    return ((seen_ms + SILENCE_MS) // 1_000 + 1) * 1_000 <= now_ms


def spells_of(asked_ms: list[int]) -> list[tuple[int, int]]:
    """Cut one player's requests into spells: two requests not at once, and no long silence."""
    spells: list[list[int]] = []
    for at_ms in asked_ms:
        if spells and not is_over(spells[-1][-1], at_ms):
            spells[-1].append(at_ms)
        else:
            spells.append([at_ms])
    return [(spell[0], spell[-1]) for spell in spells if spell[-1] - spell[0] >= 500]


@settings(deadline=None, max_examples=150)
@given(STEPS, st.integers(0, 40))
def test_spells_and_counts(steps: list[tuple[int, int]], flush_every: int) -> None:
    crowd = Crowd()
    players = [Player(crowd, f"198.51.100.{number}").start() for number in range(PLAYERS)]
    asked_ms: list[list[int]] = [[] for _ in players]
    for index, (beats, who) in enumerate(steps):
        crowd.wait(beats * BEAT_MS)
        players[who].ask()
        asked_ms[who].append(crowd.now)
        if flush_every and index % flush_every == 0:
            crowd.written()
        watching = sum(
            1
            for times in asked_ms
            for begin_ms, end_ms in spells_of(times)
            if not is_over(end_ms, crowd.now)
        )
        assert crowd.viewers == watching
    names = {
        (player.sid or b"").decode(): times for player, times in zip(players, asked_ms, strict=True)
    }
    crowd.wait(SILENCE_MS + 1_000)
    assert crowd.viewers == 0
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
    for spell in crowd.written().values():
        assert not spell.is_open
        found[spell.session].append((spell.started_ms - AHEAD_MS, spell.ended_ms - AHEAD_MS))
    assert found == {name: spells_of(times) for name, times in names.items()}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.booleans()), max_size=80),
    st.integers(-(10**9), 10**9),
)
def test_spells_of_a_session_never_overlap(
    steps: list[tuple[int, int, bool]], step_ms: int
) -> None:
    """Renditions come and go, and clocks are set: no length is more than what has passed."""
    crowd = Crowd()
    player = Player(crowd).start()
    began_ms = crowd.now
    for beats, rendition, is_flushed in steps:
        crowd.wait(beats * BEAT_MS)
        player.ask(("video", "video-480p", "audio", "audio-2")[rendition])
        if is_flushed:
            crowd.written()
    before = list(crowd.written().values())
    for one, other in pairwise(before):
        assert one.ended_ms <= other.started_ms
    crowd.ledger.set_clock(AHEAD_MS + step_ms)
    for _ in range(4):
        player.ask()
        crowd.wait(1_000)
    crowd.wait(SILENCE_MS + 1_000)
    spells = crowd.written().values()
    assert all(spell.ended_ms >= spell.started_ms for spell in spells)
    assert sum(spell.ended_ms - spell.started_ms for spell in spells) <= crowd.now - began_ms

"""Spells as Hypothesis makes them: sessions that come and go, none of them twice at once."""

from hypothesis import strategies as st

from analytics.history.rollup import Spell
from analytics.history.step import HOUR_MS, MINUTE_MS

# Bounds of minutes and hours are where mistakes are.
_LENGTHS_MS = st.one_of(
    st.sampled_from((0, 1, MINUTE_MS - 1, MINUTE_MS, MINUTE_MS + 1, 10 * MINUTE_MS, HOUR_MS)),
    st.integers(0, 2 * HOUR_MS),
)


@st.composite
def sessions(draw: st.DrawFn, number: int, begin_ms: int, end_ms: int) -> list[Spell]:
    """Spells of one session, in their order, begun between two moments."""
    found: list[Spell] = []
    at_ms = draw(
        st.one_of(
            st.integers(begin_ms, end_ms),
            st.integers(begin_ms // MINUTE_MS, end_ms // MINUTE_MS).map(lambda at: at * MINUTE_MS),
        )
    )
    for _ in range(draw(st.integers(1, 4))):
        if at_ms >= end_ms:
            break
        ended_ms = at_ms + draw(_LENGTHS_MS)
        found.append(
            Spell(
                session=f"session{number}",
                viewer=f"viewer{draw(st.integers(0, 4))}" if not found else found[0].viewer,
                rendition=draw(st.sampled_from(("video", "audio", "all"))),
                started_ms=at_ms,
                ended_ms=ended_ms,
            )
        )
        at_ms = ended_ms + draw(_LENGTHS_MS)
    return found


@st.composite
def channels(draw: st.DrawFn, begin_ms: int, end_ms: int, *, most: int = 8) -> list[Spell]:
    """Spells of a channel; of one session in their order, sessions mixed."""
    count = draw(st.integers(0, most))
    every = [spell for number in range(count) for spell in draw(sessions(number, begin_ms, end_ms))]
    order = draw(st.sampled_from(("by end", "by start", "by session")))
    if order == "by session":
        return every
    places = {id(spell): place for place, spell in enumerate(every)}
    key = {
        "by end": lambda each: (each.ended_ms, each.started_ms, places[id(each)]),
        "by start": lambda each: (each.started_ms, each.ended_ms, places[id(each)]),
    }[order]
    return sorted(every, key=key)

"""The order of recommendations, and the reasons that are given for it."""

import math

from hypothesis import given
from hypothesis import strategies as st

from analytics.recommendations.ranking import Candidate, Reason, judge, rank
from analytics.recommendations.taste import (
    HALF_LIFE_DAYS,
    Taste,
    Traits,
    Watched,
    taste_of,
)

TODAY = 20_000
HOUR_MS = 3_600_000

words = st.sampled_from(["games", "music", "talk", "art"])
traits = st.builds(
    Traits,
    category=st.none() | words,
    tags=st.lists(words, max_size=3).map(tuple),
    language=st.none() | st.sampled_from(["en", "pt-BR", "pt", "de"]),
    is_mature=st.booleans(),
)
candidates = st.lists(
    st.builds(
        Candidate,
        channel_id=st.integers(0, 20).map("ch{}".format),
        traits=traits,
        viewers=st.integers(0, 10**6),
        is_followed=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda each: each.channel_id,
)
histories = st.lists(
    st.builds(
        Watched,
        channel_id=st.integers(0, 20).map("ch{}".format),
        day=st.integers(TODAY - 400, TODAY + 3),
        watched_ms=st.integers(-5, 10**8),
    ),
    max_size=12,
)
known = st.dictionaries(st.integers(0, 20).map("ch{}".format), traits, max_size=15)


def live(
    channel_id: str, traits: Traits, *, viewers: int = 10, is_followed: bool = False
) -> Candidate:
    return Candidate(channel_id, traits, viewers, is_followed)


def test_what_was_watched_long_ago_counts_less() -> None:
    kinds = {"new": Traits(category="games"), "old": Traits(category="music")}
    taste = taste_of(
        [
            Watched("new", TODAY, HOUR_MS),
            Watched("old", TODAY - 2 * HALF_LIFE_DAYS, HOUR_MS),
        ],
        (),
        kinds,
        TODAY,
    )
    assert taste.watched_ms == {"new": HOUR_MS, "old": HOUR_MS / 4}
    assert taste.categories == {"games": 0.8, "music": 0.2}


def test_a_follow_counts_as_half_an_hour() -> None:
    kinds = {"seen": Traits(tags=("chess",)), "followed": Traits(tags=("go",))}
    taste = taste_of([Watched("seen", TODAY, HOUR_MS)], ["followed"], kinds, TODAY)
    assert math.isclose(taste.tags["chess"], 2 / 3)
    assert math.isclose(taste.tags["go"], 1 / 3)
    assert taste.watched_ms == {"seen": HOUR_MS}


def test_who_is_unknown_gets_what_many_watch() -> None:
    taste = taste_of((), (), {}, TODAY)
    assert taste.is_unknown
    ranked = rank(
        [live("few", Traits(), viewers=3), live("many", Traits(), viewers=900)], taste, 10
    )
    assert [each.candidate.channel_id for each in ranked] == ["many", "few"]
    assert {each.reason for each in ranked} == {Reason.POPULAR}


def test_what_was_watched_much_and_what_is_followed_come_before_their_like() -> None:
    kinds = {
        "followed": Traits(category="talk"),
        "watched": Traits(category="games", tags=("speedrun",), language="en"),
    }
    taste = taste_of([Watched("watched", TODAY, 5 * HOUR_MS)], ["followed"], kinds, TODAY)
    ranked = rank(
        [
            live("strange", Traits(category="art"), viewers=5_000),
            live("alike", Traits(category="games", tags=("puzzles",))),
            live("tagged", Traits(tags=("speedrun",))),
            live("watched", kinds["watched"]),
            live("followed", kinds["followed"], is_followed=True),
        ],
        taste,
        4,
    )
    assert [(each.candidate.channel_id, each.reason, each.subject) for each in ranked] == [
        ("watched", Reason.WATCHED, None),
        ("followed", Reason.FOLLOWED, None),
        ("alike", Reason.CATEGORY, "games"),
        ("tagged", Reason.TAG, "speedrun"),
    ]


def test_regions_of_a_language_are_one() -> None:
    taste = taste_of([], ["one"], {"one": Traits(language="pt-BR")}, TODAY)
    judged = judge(live("two", Traits(language="pt"), viewers=0), taste)
    assert (judged.reason, judged.subject) == (Reason.LANGUAGE, "pt")


def test_what_is_not_for_everybody_is_for_who_watches_such() -> None:
    grown_up = Traits(is_mature=True)
    assert rank([live("one", grown_up)], Taste(), 10) == []
    assert len(rank([live("one", grown_up, is_followed=True)], Taste(), 10)) == 1
    taste = taste_of([Watched("two", TODAY, 1)], (), {"two": grown_up}, TODAY)
    assert len(rank([live("one", grown_up)], taste, 10)) == 1


@given(candidates, histories, st.lists(st.integers(0, 20).map("ch{}".format)), known)
def test_any_taste_gives_an_order(
    found: list[Candidate], history: list[Watched], followed: list[str], kinds: dict[str, Traits]
) -> None:
    taste = taste_of(history, followed, kinds, TODAY)
    for shares in (taste.categories, taste.languages):
        assert sum(shares.values()) <= 1 + 1e-9
    ranked = rank(found, taste, 5)
    assert ranked == rank(list(reversed(found)), taste, 5)
    assert len(ranked) <= 5
    points = [each.points for each in ranked]
    assert points == sorted(points, reverse=True)
    assert all(math.isfinite(each) and each >= 0 for each in points)
    assert {each.candidate for each in ranked} <= set(found)


@given(candidates, histories, known, st.integers(1, 10**8))
def test_to_watch_a_channel_never_takes_it_down(
    found: list[Candidate], history: list[Watched], kinds: dict[str, Traits], more_ms: int
) -> None:
    if not found or found[0].channel_id not in kinds:
        return
    first = found[0]
    kinds = {**kinds, first.channel_id: first.traits}
    before = judge(first, taste_of(history, (), kinds, TODAY))
    more = [*history, Watched(first.channel_id, TODAY, more_ms)]
    assert judge(first, taste_of(more, (), kinds, TODAY)).points >= before.points - 1e-9

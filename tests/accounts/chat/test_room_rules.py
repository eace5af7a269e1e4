"""Who may write, decided from facts."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from accounts.channels.visibility import Standing
from accounts.chat.refusal import TEXTS, Refusal, RefusalCode
from accounts.chat.room_rules import RoomRules, Silence, Speaker, slow_mode_refusal, why_not

NOW_MS = 1_000_000_000
RULES = st.builds(
    RoomRules,
    is_enabled=st.booleans(),
    slow_mode_s=st.integers(0, 3600),
    followers_only_min=st.none() | st.integers(0, 10_000),
    verified_only=st.booleans(),
    links_allowed=st.booleans(),
)
STANDINGS = st.builds(
    Standing,
    is_owner=st.booleans(),
    is_moderator=st.booleans(),
    is_admin=st.booleans(),
    is_follower=st.booleans(),
    is_blocked=st.booleans(),
    is_banned=st.booleans(),
)
SPEAKERS = st.builds(
    Speaker,
    account_id=st.just("acc_1"),
    display_name=st.just("Fay"),
    avatar=st.none(),
    standing=STANDINGS,
    follows_since_ms=st.none() | st.integers(0, NOW_MS),
    is_proven=st.booleans(),
    may_watch=st.booleans(),
)
MOMENTS = st.integers(NOW_MS - 4_000_000, NOW_MS + 4_000_000)
TIMEOUTS = st.none() | st.builds(Silence, MOMENTS, st.just("spam"))


@given(RULES, SPEAKERS, TIMEOUTS)
def test_who_is_shut_out_or_may_not_watch_never_writes(
    rules: RoomRules, speaker: Speaker, timeout: Silence | None
) -> None:
    refusal = why_not(rules, speaker, timeout, NOW_MS)
    if speaker.standing.is_shut_out or not speaker.may_watch:
        assert refusal is not None
    elif speaker.is_staff:
        assert refusal is None


@given(RULES, SPEAKERS, TIMEOUTS)
def test_who_waits_as_long_as_they_are_told_is_not_refused_for_the_same(
    rules: RoomRules, speaker: Speaker, timeout: Silence | None
) -> None:
    refusal = why_not(rules, speaker, timeout, NOW_MS)
    if refusal is None or refusal.retry_after_s is None:
        return
    assert refusal.retry_after_s > 0
    later_ms = NOW_MS + refusal.retry_after_s * 1000
    later = why_not(rules, speaker, timeout, later_ms)
    assert later is None or later.code is not refusal.code


@given(RULES, SPEAKERS, st.none() | MOMENTS)
def test_slow_mode_lets_people_wait_as_long_as_it_says(
    rules: RoomRules, speaker: Speaker, said_ms: int | None
) -> None:
    refusal = slow_mode_refusal(rules, speaker, said_ms, NOW_MS)
    if refusal is None:
        return
    assert not speaker.is_staff
    assert refusal.retry_after_s is not None
    assert slow_mode_refusal(rules, speaker, said_ms, NOW_MS + refusal.retry_after_s * 1000) is None


def test_who_is_shut_out_is_told_why_and_for_how_long() -> None:
    speaker = Speaker(
        account_id="acc_1",
        display_name="Fay",
        avatar=None,
        standing=Standing(is_banned=True),
        follows_since_ms=None,
        is_proven=True,
        may_watch=False,
    )
    timeout = Silence(NOW_MS + 59_001, "shouting")
    free = replace(speaker, standing=Standing(), may_watch=True)
    refusal = why_not(RoomRules(), free, timeout, NOW_MS)
    assert refusal == Refusal(RefusalCode.TIMED_OUT, 60, reason="shouting")
    assert why_not(RoomRules(), speaker, None, NOW_MS) == Refusal(RefusalCode.BANNED)
    for ends_at_ms, wait_s in ((None, None), (NOW_MS + 1, 1), (NOW_MS - 1, None)):
        banned = replace(speaker, ban=Silence(ends_at_ms, "spam"))
        refusal = why_not(RoomRules(), banned, None, NOW_MS)
        assert refusal == Refusal(RefusalCode.BANNED, wait_s, reason="spam")


def test_every_refusal_has_a_text() -> None:
    assert set(TEXTS) == set(RefusalCode)

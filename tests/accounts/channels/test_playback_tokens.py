"""Playback tokens: nobody makes one, changes one, or uses one elsewhere."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.channels.live_rules import ChannelRule, LiveRules
from accounts.channels.playback_token import (
    MAX_TOKEN_CHARACTERS,
    PlaybackClaim,
    PlaybackKeys,
    read_playback_token,
    write_playback_token,
)
from accounts.channels.view_gate import View, ViewGate
from accounts.channels.visibility import Visibility

KEYS = PlaybackKeys([b"1" * 32])
CLAIM = PlaybackClaim("acc_01KAHRJ2M7V7Q0E1S0T8C3ZB9W", 1_800_000_000_000, 1_800_000_600_000)
CHANNEL = "chn_01KAHRJ2M7V7Q0E1S0T8C3ZB9X"
TOKEN = write_playback_token(KEYS, CHANNEL, CLAIM)
URL_LETTERS = string.ascii_letters + string.digits + "-_"


def rule(
    visibility: Visibility = Visibility.PRIVATE,
    *,
    is_closed: bool = False,
    tokens_void_ms: int = 0,
    shut_out: dict[str, int] | None = None,
    channel_id: str = CHANNEL,
) -> ChannelRule:
    return ChannelRule(
        channel_id=channel_id,
        name="studio",
        visibility=visibility,
        is_closed=is_closed,
        latency_profile="normal",
        grace_s=60,
        tokens_void_ms=tokens_void_ms,
        shut_out=shut_out or {},
    )


def gate(*rules: ChannelRule) -> ViewGate:
    known = LiveRules()
    for each in rules:
        known.put(each)
    return ViewGate(known, KEYS)


@given(
    st.text(min_size=1, max_size=16),
    st.integers(0, 2**53),
    st.integers(0, 2**53),
    st.text(max_size=40),
)
def test_what_is_written_is_read(viewer: str, issued: int, expires: int, channel: str) -> None:
    try:
        claim = PlaybackClaim(viewer, issued, expires)
        token = write_playback_token(KEYS, channel, claim)
    except UnicodeEncodeError:
        return
    assert set(token) <= set(URL_LETTERS)
    assert len(token) <= MAX_TOKEN_CHARACTERS
    assert read_playback_token(KEYS, channel, token) == claim


def test_a_token_fits_into_a_path() -> None:
    assert len(TOKEN) < 90


def test_no_letter_of_a_token_can_be_changed_added_or_left_out() -> None:
    for place, letter in enumerate(TOKEN):
        for other in "Aa0-_/=+. %":
            if other != letter:
                forged = TOKEN[:place] + other + TOKEN[place + 1 :]
                assert read_playback_token(KEYS, CHANNEL, forged) is None, forged
        assert read_playback_token(KEYS, CHANNEL, TOKEN[:place] + TOKEN[place + 1 :]) is None
    for suffix in ("=", "==", "A", "\n", " ", "%3D"):
        assert read_playback_token(KEYS, CHANNEL, TOKEN + suffix) is None


def test_a_token_has_one_spelling() -> None:
    """Its last letter may hold bits that no byte takes; another letter there is another token."""
    for viewer in ("a", "ab", "abc"):
        token = write_playback_token(KEYS, CHANNEL, PlaybackClaim(viewer, 1, 2))
        same = [
            token[:-1] + letter
            for letter in URL_LETTERS
            if read_playback_token(KEYS, CHANNEL, token[:-1] + letter) is not None
        ]
        assert same == [token]


@given(st.text(max_size=300) | st.text(alphabet=URL_LETTERS, max_size=300))
def test_no_text_is_a_token_by_chance_and_none_raises(text: str) -> None:
    assert read_playback_token(KEYS, CHANNEL, text) is None


@given(st.binary(max_size=120))
def test_no_bytes_are(content: bytes) -> None:
    text = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    assert read_playback_token(KEYS, CHANNEL, text) is None


def test_a_token_is_bound_to_its_channel_and_to_the_key() -> None:
    assert read_playback_token(KEYS, CHANNEL, TOKEN) == CLAIM
    assert read_playback_token(KEYS, CHANNEL[:-1] + "Y", TOKEN) is None
    assert read_playback_token(PlaybackKeys([b"2" * 32]), CHANNEL, TOKEN) is None


def test_an_id_and_a_payload_cannot_be_read_as_each_other() -> None:
    token = write_playback_token(KEYS, "chn", PlaybackClaim("viewer", 1, 2))
    assert read_playback_token(KEYS, "chn\x00", token) is None
    assert read_playback_token(KEYS, "", token) is None


def test_older_keys_are_understood_and_the_newest_signs() -> None:
    both = PlaybackKeys([b"2" * 32, b"1" * 32])
    assert read_playback_token(both, CHANNEL, TOKEN) == CLAIM
    new = write_playback_token(both, CHANNEL, CLAIM)
    assert read_playback_token(KEYS, CHANNEL, new) is None


@pytest.mark.parametrize("keys", [[], [b"short"], [b"1" * 32, b""]])
def test_weak_keys_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        PlaybackKeys(keys)


def test_keys_show_in_no_repr() -> None:
    assert "1111" not in repr(KEYS)


def test_open_channels_need_no_token_and_share_their_answers() -> None:
    for visibility in (Visibility.PUBLIC, Visibility.UNLISTED):
        opened = gate(rule(visibility))
        assert opened.authorize_view("studio", None, 0) is View.SHARED
        assert opened.authorize_view("studio", "whatever", 0) is View.PERSONAL


def test_other_channels_are_there_for_genuine_tokens_alone() -> None:
    for visibility in (Visibility.FOLLOWERS, Visibility.PRIVATE):
        closed = gate(rule(visibility))
        now_ms = CLAIM.issued_ms + 1
        assert closed.authorize_view("studio", None, now_ms) is View.UNKNOWN
        assert closed.authorize_view("studio", TOKEN[:-1] + "A", now_ms) is View.UNKNOWN
        for _ in range(2):  # the second time out of memory
            assert closed.authorize_view("studio", TOKEN, now_ms) is View.PERSONAL
        assert closed.authorize_view("studio", TOKEN, CLAIM.expires_ms - 1) is View.PERSONAL
        assert closed.authorize_view("studio", TOKEN, CLAIM.expires_ms) is View.OVER


def test_a_channel_without_a_rule_or_that_is_closed_is_not_there() -> None:
    assert gate().authorize_view("studio", None, 0) is View.UNKNOWN
    for visibility in Visibility:
        closed = gate(rule(visibility, is_closed=True))
        assert closed.authorize_view("studio", None, 0) is View.UNKNOWN
        assert closed.authorize_view("studio", TOKEN, CLAIM.issued_ms) is View.UNKNOWN
        assert not closed.is_listed("studio")


def test_tokens_are_taken_back_by_date_although_they_were_remembered() -> None:
    known = LiveRules()
    known.put(rule())
    gate_ = ViewGate(known, KEYS)
    now_ms = CLAIM.issued_ms + 1
    assert gate_.authorize_view("studio", TOKEN, now_ms) is View.PERSONAL
    known.put(rule(shut_out={CLAIM.viewer: CLAIM.issued_ms}))
    assert gate_.authorize_view("studio", TOKEN, now_ms) is View.OVER
    known.put(rule(shut_out={CLAIM.viewer: CLAIM.issued_ms - 1, "acc_other": now_ms}))
    assert gate_.authorize_view("studio", TOKEN, now_ms) is View.PERSONAL
    known.put(rule(tokens_void_ms=CLAIM.issued_ms))
    assert gate_.authorize_view("studio", TOKEN, now_ms) is View.OVER


def test_a_token_dies_with_its_channel_though_another_takes_the_name() -> None:
    known = LiveRules()
    known.put(rule())
    gate_ = ViewGate(known, KEYS)
    assert gate_.authorize_view("studio", TOKEN, CLAIM.issued_ms) is View.PERSONAL
    known.put(rule(channel_id="chn_another"))
    assert gate_.authorize_view("studio", TOKEN, CLAIM.issued_ms) is View.UNKNOWN


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.channels.view_gate._REMEMBERED_TOKENS", 3)
    crowded = gate(rule())
    for number in range(10):
        token = write_playback_token(KEYS, CHANNEL, PlaybackClaim(f"acc_{number}", 1, 100))
        assert crowded.authorize_view("studio", token, 50) is View.PERSONAL
        assert crowded.authorize_view("studio", f"forged{number}", 50) is View.UNKNOWN
    assert len(crowded._claims) == 3

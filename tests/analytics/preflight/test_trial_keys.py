"""Test keys and stream keys: neither can be taken for the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.channels.stream_key import lookup_of_key, make_stream_key
from analytics.preflight.trial_key import (
    is_meant_as_trial_key,
    is_trial_key_of,
    make_trial_key,
    trial_lookup,
)


def test_a_test_key_is_no_stream_key_and_a_stream_key_no_test_key() -> None:
    test_key, stream_key = make_trial_key().reveal(), make_stream_key().reveal()
    assert is_meant_as_trial_key(test_key)
    assert lookup_of_key(test_key) is None
    assert not is_meant_as_trial_key(stream_key)
    assert trial_lookup(stream_key) is None


def test_a_key_is_known_by_its_digest_alone_and_shown_by_nothing() -> None:
    made, other = make_trial_key(), make_trial_key()
    key = made.reveal()
    assert trial_lookup(key) == made.lookup
    assert is_trial_key_of(key, made.digest)
    assert not is_trial_key_of(key, other.digest)
    assert not is_trial_key_of(key, None)
    assert key not in repr(made)
    assert key.encode() not in made.digest


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key + "a",
        lambda key: f" {key}",
        lambda key: f"{key}\n",
        lambda key: key.upper(),
        lambda key: key.removeprefix("rct_"),
        lambda key: key.replace("rct_", "rc_"),
    ],
    ids=["cut", "longer", "space", "newline", "capitals", "headless", "as stream key"],
)
def test_what_is_nearly_a_test_key_is_none(spoil: object) -> None:
    assert callable(spoil)
    assert trial_lookup(spoil(make_trial_key().reveal())) is None


@given(st.text(max_size=80))
def test_nothing_that_is_sent_as_a_key_breaks_the_reading(text: str) -> None:
    lookup = trial_lookup(text)
    assert lookup is None or len(lookup) == 10
    assert not is_trial_key_of(text, b"\0" * 32)

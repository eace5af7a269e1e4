"""Rules of channels that accounts state for themselves, held against those of the siblings."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from accounts.channels import channel_name as of_accounts
from accounts.channels.channel import GRACE_LIMIT_S, LATENCY_PROFILES, LatencyProfile
from accounts.channels.view_gate import View as AccountsView
from config.account_authorizers import _REFUSALS, _VIEWS
from distribution.channel_name import is_channel_name as can_be_watched
from distribution.ports import View
from ingest import channel_name as of_publishers
from packager import cadence
from packager.settings import GRACE_LIMIT_S as PACKAGER_GRACE_LIMIT_S


def test_the_reserved_words_are_those_of_ingest() -> None:
    assert of_accounts.RESERVED_NAMES == of_publishers.RESERVED_NAMES
    assert not of_accounts.RESERVED_NAMES & of_accounts.KEPT_NAMES


@given(
    st.text(max_size=70)
    | st.from_regex(of_publishers.CHANNEL_NAME_PATTERN, fullmatch=True)
    | st.sampled_from(sorted(of_publishers.RESERVED_NAMES)).map(str.upper)
)
def test_a_channels_name_is_one_that_ingest_takes_in_lower_case(text: str) -> None:
    name = of_accounts.canonical_channel_name(text)
    assert (name is not None) == of_publishers.is_channel_name(text)
    if name is not None:
        assert name == text.lower()
        assert of_publishers.is_channel_name(name)
        assert can_be_watched(name)
        assert of_accounts.canonical_channel_name(name) == name


def test_latency_profiles_and_grace_times_are_the_packagers() -> None:
    assert set(LATENCY_PROFILES) == set(get_args(LatencyProfile))
    assert set(LATENCY_PROFILES) == {each.value for each in cadence.LatencyProfile}
    assert GRACE_LIMIT_S <= PACKAGER_GRACE_LIMIT_S


def test_every_decision_of_accounts_has_its_translation() -> None:
    assert set(_VIEWS) == set(AccountsView)
    assert {mine.value: theirs for mine, theirs in _VIEWS.items()} == {
        each.value: each for each in View
    }
    assert len(_REFUSALS) == 3

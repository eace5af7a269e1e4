"""Cache times of rfc8216bis B.1, and who takes gzip, as pure functions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution import caching
from distribution.content_coding import accepts_gzip
from distribution.live.deciding import blocking_limit_s


@pytest.mark.parametrize(
    ("target_duration_s", "blocking", "current", "malformed"),
    [
        (1, b"public, max-age=6", b"no-cache", b"public, max-age=4"),
        (2, b"public, max-age=12", b"public, max-age=1", b"public, max-age=8"),
        (5, b"public, max-age=30", b"public, max-age=2", b"public, max-age=20"),
    ],
)
def test_cache_times_follow_the_target_duration(
    target_duration_s: int, blocking: bytes, current: bytes, malformed: bytes
) -> None:
    assert caching.blocking_playlist(target_duration_s) == blocking
    assert caching.current_playlist(target_duration_s) == current
    assert caching.malformed_directives(target_duration_s) == malformed


def test_wait_is_three_target_durations_but_shorter_than_players_wait() -> None:
    assert blocking_limit_s(1) == 3.0
    assert blocking_limit_s(2) == 6.0
    assert blocking_limit_s(6) == 9.0


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_accept_encoding_is_understood_one_way_or_the_other(header: str) -> None:
    assert accepts_gzip(header) in (True, False)

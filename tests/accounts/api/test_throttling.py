"""Who asks too often has to wait, and nobody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.api.client_address import client_address, network_of
from accounts.api.throttle import Throttle, TokenBuckets
from tests.accounts.api.conftest import Serve, Served

RARE = Throttle("rare", burst=3, per_minute=60)


async def test_the_third_call_of_a_burst_of_two_must_wait(served: Served) -> None:
    statuses = [(await served.ask("POST", "/api/v1/rare"))[0] for _ in range(3)]
    assert [each.status for each in statuses] == [204, 204, 429]
    assert 55 <= int(statuses[2].headers["Retry-After"]) <= 61


async def test_addresses_behind_a_trusted_proxy_are_counted_apart(served: Served) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        for status in (204, 204, 429):
            headers = {"X-Forwarded-For": address}
            response, _ = await served.ask("POST", "/api/v1/rare", None, headers)
            assert response.status == status


async def test_what_a_client_claims_to_forward_for_changes_nothing(served: Served) -> None:
    for number, status in enumerate((204, 204, 429)):
        headers = {"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.1"}
        response, _ = await served.ask("POST", "/api/v1/rare", None, headers)
        assert response.status == status


async def test_an_account_is_counted_over_all_its_addresses(served: Served) -> None:
    for number, status in enumerate((204, 204, 429)):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        response, _ = await served.ask("POST", "/api/v1/rare", "ann", headers)
        assert response.status == status


async def test_what_only_accounts_are_counted_for_does_not_stop_their_network(
    served: Served,
) -> None:
    for caller, statuses in (
        ("ann", (204, 204, 429)),
        ("bob", (204, 204, 429)),
        (None, (204,) * 4),
    ):
        for status in statuses:
            response, _ = await served.ask("POST", "/api/v1/quota", caller)
            assert response.status == status, caller


async def test_all_operations_together_have_a_limit(serve: Serve) -> None:
    served = await serve(burst=5, per_minute=1)
    statuses = [(await served.ask("GET", "/api/v1/notes"))[0].status for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_bucket_fills_again() -> None:
    buckets = TokenBuckets()
    assert [buckets.take(RARE, "a", 0.0) for _ in range(3)] == [0, 0, 0]
    assert buckets.take(RARE, "a", 0.0) == pytest.approx(1.0)
    assert buckets.take(RARE, "a", 0.9) == pytest.approx(0.1)
    assert buckets.take(RARE, "a", 1.0) == 0
    assert buckets.take(RARE, "b", 1.0) == 0


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=200).map(sorted),
    st.integers(1, 20),
    st.floats(1, 600),
)
def test_no_party_ever_gets_more_than_burst_and_rate(
    times_s: list[float], burst: int, per_minute: float
) -> None:
    buckets, throttle = TokenBuckets(), Throttle("x", burst, per_minute)
    taken_at = [now_s for now_s in times_s if not buckets.take(throttle, "a", now_s)]
    assert taken_at
    for first, begun_s in enumerate(taken_at):
        for last in range(first, len(taken_at)):
            earned = (taken_at[last] - begun_s) * per_minute / 60
            assert last - first + 1 <= burst + earned + 1e-6


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=300))
def test_memory_is_bounded_whoever_comes(parties: list[int]) -> None:
    buckets = TokenBuckets(capacity=10)
    for now_s, party in enumerate(parties):
        buckets.take(RARE, str(party), now_s)
        assert len(buckets) <= 10


@pytest.mark.parametrize(
    ("remote", "forwarded_for", "address"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.5", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
        ("fe80::1%eth0", None, "fe80::1"),
        (None, "203.0.113.5", ""),
    ],
)
def test_the_client_is_who_the_last_trusted_proxy_names(
    remote: str | None, forwarded_for: str | None, address: str
) -> None:
    assert client_address(remote, forwarded_for, {"10.0.0.1", "10.0.0.2"}) == address


def test_addresses_of_one_ipv6_network_count_together() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9")
    assert network_of("2001:db8:1:3::9") != network_of("2001:db8:1:2::9")

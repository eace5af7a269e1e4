"""Admission, channels, log lines and settings, without sockets."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.ports import Grant
from ingest.publisher import RtmpSettings, TlsSettings
from ingest.publisher.admission import Admission, origin_of
from ingest.publisher.log_gate import LogGate
from ingest.publisher.on_air import Claim, OnAir
from ingest.rtmp import RtmpLimits


@pytest.mark.parametrize(
    ("remote_host", "origin"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_origin_is_what_one_customer_has(remote_host: str, origin: str) -> None:
    assert origin_of(remote_host) == origin


def test_connections_are_counted_per_origin_and_in_all() -> None:
    admission = Admission(RtmpSettings(connection_limit=4, address_connection_limit=2))
    assert admission.admit("2001:db8::1")
    assert admission.admit("2001:db8::2")
    assert not admission.admit("2001:db8::3")
    assert admission.admit("192.0.2.1")
    assert admission.admit("192.0.2.2")
    assert not admission.admit("192.0.2.3")
    admission.release("2001:db8::1")
    assert admission.admit("2001:db8::3")


def test_proxies_are_counted_in_all_alone() -> None:
    admission = Admission(
        RtmpSettings(
            connection_limit=3, address_connection_limit=1, proxy_addresses=frozenset({"192.0.2.9"})
        )
    )
    assert [admission.admit("192.0.2.9") for _ in range(4)] == [True, True, True, False]


def test_channel_goes_to_the_newest_with_the_same_principal() -> None:
    on_air = OnAir()
    gave_way: list[int] = []
    grant, other = Grant("studio", "a"), Grant("studio", "b")
    assert on_air.claim(grant, 1, lambda: gave_way.append(1)) is Claim.TAKEN
    assert on_air.claim(other, 2, lambda: gave_way.append(2)) is Claim.BUSY
    assert on_air.claim(grant, 4, lambda: gave_way.append(4)) is Claim.TAKEN
    assert on_air.claim(grant, 3, lambda: gave_way.append(3)) is Claim.OUTDATED
    assert gave_way == [1]
    on_air.release("studio", 1)  # the older one, long after it gave way
    assert on_air.claim(other, 5, lambda: gave_way.append(5)) is Claim.BUSY
    on_air.release("studio", 4)
    assert on_air.claim(other, 6, lambda: gave_way.append(6)) is Claim.TAKEN


def test_log_gate_counts_what_it_holds_back() -> None:
    gate = LogGate()
    assert gate.ask("a", 0.0) == 0
    assert gate.ask("a", 1.0) is None
    assert gate.ask("b", 1.0) == 0
    assert gate.ask("a", 9.9) is None
    assert gate.ask("a", 10.0) == 2
    assert gate.ask("a", 30.0) == 0


@pytest.mark.parametrize(
    "field",
    [
        "connection_limit",
        "address_connection_limit",
        "write_buffer_bytes",
        "idle_timeout_s",
        "authorization_timeout_s",
        "linger_s",
        "stop_timeout_s",
    ],
)
def test_settings_that_stop_everything_are_refused(field: str) -> None:
    nothing: dict[str, Any] = {field: 0}
    with pytest.raises(ValueError, match=f"{field}: expected"):
        replace(RtmpSettings(), **nothing)


def test_ports_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="port: expected 0 to 65535, got 65536"):
        RtmpSettings(port=65536)
    with pytest.raises(ValueError, match=r"tls\.port: expected 0 to 65535, got -1"):
        TlsSettings(certificate=Path("c"), private_key=Path("k"), port=-1)


@pytest.mark.parametrize("field", ["handshake_timeout_s", "max_message_bytes", "max_chunk_streams"])
def test_limits_of_nothing_are_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field}: expected more than 0"):
        replace(RtmpLimits(), **{field: 0})


def test_commands_longer_than_messages_are_refused() -> None:
    with pytest.raises(ValueError, match="max_command_bytes: expected at most"):
        RtmpLimits(max_message_bytes=1000, max_command_bytes=1001)

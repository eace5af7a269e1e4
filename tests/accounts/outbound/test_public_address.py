"""Nothing but the public internet may be reached, however its number is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.outbound.public_address import is_public

V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "2a00::1"],
)
def test_hosts_that_everybody_can_reach_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",  # AWS, Google, Azure
        "100.100.100.200",  # Alibaba
        "192.0.0.192",  # Oracle
        "168.63.129.16",  # Azure's agent
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%eth0",
        "fc00::1",
        "fd00:ec2::254",  # AWS
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "fec0::1",
        "localhost",
        "0177.0.0.1",
        "2130706433",
        "0x7f000001",
        "",
    ],
)
def test_others_are_not(address: str) -> None:
    assert not is_public(address)


@given(V4)
def test_what_python_knows_to_be_special_is_never_public(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not is_public(str(address))


@given(V6)
def test_nor_is_any_such_of_the_newer_kind(address: ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_link_local or address.sixtofour:
        assert not is_public(str(address))


@given(V4)
def test_no_address_hides_in_another(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for network, shift in (
        ("::ffff:0:0", 0),
        ("::", 0),
        ("64:ff9b::", 0),
        ("64:ff9b:1::", 0),
        ("2002::", 80),
        ("2001::", 64),
    ):
        hidden = ipaddress.IPv6Address(int(ipaddress.IPv6Address(network)) | number << shift)
        assert not is_public(str(hidden))

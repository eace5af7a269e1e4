"""Which addresses belong to the public internet. Pure.

Whoever may name an address for a server to ask could otherwise ask what only the server reaches:
its own services, its neighbours, and the keeper of its cloud's secrets. An address that hides
another in it (NAT64, 6to4, Teredo, IPv4-mapped) is refused whatever it hides.
"""

import ipaddress
from typing import Final

# IANA IPv4 and IPv6 Special-Purpose Address Registries. Listed here and not left to `is_global`,
# whose answers differ between versions of Python.
_REFUSED_V4: Final = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by a provider's customers; Alibaba's metadata
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local; most clouds' metadata
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "168.63.129.16/32",  # Azure's agent, public by its number alone
        ),
    )
)
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")  # all that has been given out for unicast
_REFUSED_V6: Final = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, with Teredo and ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(text: str) -> bool:
    """Whether this is the number of a host that everybody may reach. Zones (`%eth0`) are none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _REFUSED_V6)

"""Who is let in, without sockets."""

from distribution.connection_table import ConnectionTable
from distribution.settings import HttpSettings


class Idle:
    """A connection that is never too slow."""

    def is_stalled(self, now: float, settings: HttpSettings) -> bool:  # noqa: ARG002 - the table's
        return False

    def is_silent(self, now: float, settings: HttpSettings) -> bool:  # noqa: ARG002 - the table's
        return False

    def force_close(self) -> None: ...

    def abort(self) -> None: ...


def test_an_ipv6_network_is_one_party_and_leaves_as_one() -> None:
    table = ConnectionTable(HttpSettings(address_connection_limit=2))
    first, second, third = Idle(), Idle(), Idle()
    assert table.admit(first, "2001:db8::1")
    assert table.admit(second, "2001:db8::2")
    assert not table.admit(third, "2001:db8::3")
    assert table.admit(third, "2001:db8:0:1::3")
    table.remove(first, "2001:db8::1")
    assert table.admit(first, "2001:db8::4")
    assert table.refused_count == 1

"""A TCP port that nobody listens on, and that the system gives to nobody else meanwhile."""

import random
import socket
from functools import cache
from itertools import count

# Below what Linux gives to connections and to who asks for any port (ip_local_port_range: 32768 and
# above): a port that was free once stays so until its server binds it, and while that one restarts.
_PORTS = range(20_000, 32_000)
_counted = count()


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago; each time another one."""
    ports = _shuffled()
    while True:
        port = ports[next(_counted) % len(ports)]
        with socket.socket() as probe:
            # As servers do: what is left of connections that were closed does not matter.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@cache
def _shuffled() -> list[int]:
    """Put all ports into an order of this process's own: tests run in several at once."""
    return random.SystemRandom().sample(_PORTS, len(_PORTS))

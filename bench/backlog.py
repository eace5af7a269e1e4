"""Backlog: media that publishers have sent and a server on this machine has not yet read."""

from collections.abc import Iterable
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED = "01"


def unread_bytes(port: int) -> list[int]:
    """Return, for each connection to this port, what lies in both sockets. Source: proc_net_tcp."""
    lines = [line for table in _TABLES if table.exists() for line in _rows(table)]
    return sum_by_connection(lines, port)


def sum_by_connection(rows: Iterable[str], port: int) -> list[int]:
    """Add what the client's socket has not sent to what the server's socket has not handed over."""
    waiting: dict[int, int] = {}
    for row in rows:
        _, local, remote, state, queues, *_ = row.split()
        if state != _ESTABLISHED:
            continue
        local_port, remote_port = (int(end.rpartition(":")[2], 16) for end in (local, remote))
        unsent, unread = (int(queue, 16) for queue in queues.split(":"))
        if local_port == port:
            waiting[remote_port] = waiting.get(remote_port, 0) + unread
        elif remote_port == port:
            waiting[local_port] = waiting.get(local_port, 0) + unsent
    return list(waiting.values())


def _rows(table: Path) -> list[str]:
    return table.read_text().splitlines()[1:]

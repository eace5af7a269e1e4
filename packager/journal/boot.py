"""Boot: which start of the machine this is. Files written before another one may lack their end."""

from pathlib import Path
from typing import Final

_LINUX: Final = Path("/proc/sys/kernel/random/boot_id")


def read_boot_id() -> bytes:
    """Name this start of the machine; empty where the system does not say."""
    try:
        return _LINUX.read_bytes().strip()
    except OSError:
        return b""

"""Where peers that write media to files are given files in memory, so that no disk is measured."""

from pathlib import Path


def memory_folder() -> Path | None:
    """Return a folder in memory, or None (the system's temporary folder) where there is none."""
    shared = Path("/dev/shm")  # noqa: S108 # the only tmpfs that every Linux has
    return shared if shared.is_dir() else None

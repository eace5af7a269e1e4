"""The data folder: whether it can be written, by this user, and how much room there is."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from config.checkup.result import Result, advice, fine, problem
from config.data_folder import LIVE_FOLDER_NAME

_SUBJECT: Final = "data folder"
_LEAST_BYTES: Final = 500_000_000
_SCARCE: Final = 0.1
_LOCK_NAME: Final = "lock"  # of the journal: held by the server that runs


def is_served(data: Path) -> bool:
    """Whether a server runs with this data folder; only one that keeps shows is seen."""
    try:
        lock = os.open(data / LIVE_FOLDER_NAME / _LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(lock)
    return False


def check_data_folder(data: Path) -> list[Result]:
    """Look at the folder, or at the one that it would be made in."""
    folder = data
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            pass
    except OSError as error:
        return [
            problem(
                _SUBJECT,
                f"{folder} cannot be written: {error.strerror or error}",
                "run this as the user of the service, give the folder to that user, or choose "
                "another one with --data DIR",
            )
        ]
    results = [_ownership(data), _room(folder)]
    text = str(data) if folder == data else f"{data}, which the first start makes"
    return [fine(_SUBJECT, f"{text}, can be written"), *filter(None, results)]


def _ownership(data: Path) -> Result | None:
    """Find what another user has left behind: the server could not read it."""
    try:
        others = sorted(
            entry.name for entry in os.scandir(data) if entry.stat().st_uid != os.geteuid()
        )
    except OSError:
        return None
    if not others or os.geteuid() == 0:
        return None
    return problem(
        _SUBJECT,
        f"{', '.join(others[:3])}{' and others' if len(others) > 3 else ''} belong to another user",
        f"chown -R {os.geteuid()} {data}, as root",
    )


def _room(folder: Path) -> Result:
    usage = shutil.disk_usage(folder)
    text = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free"
    if usage.free < _LEAST_BYTES:
        return problem("disk", text, "make room: shows, accounts and mails would not be kept")
    if usage.free < _SCARCE * usage.total:
        return advice("disk", text, "make room before it fills up")
    return fine("disk", text)

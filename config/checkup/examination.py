"""Examination: all checks, one after the other; one that fails does not end the others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from config.checkup.certificate import check_certificate
from config.checkup.clock import check_clock
from config.checkup.data_folder import check_data_folder, is_served
from config.checkup.database import check_database
from config.checkup.mail import check_mail
from config.checkup.open_files import check_open_files
from config.checkup.ports import check_ports
from config.checkup.public_address import check_public_address
from config.checkup.result import Result, fine, problem
from config.settings import RillcastSettings

_LIMIT_S: Final = 40.0
Check = Callable[[], list[Result] | Awaitable[list[Result]]]


async def examine(settings: RillcastSettings) -> list[Result]:
    """Look at everything, and change nothing."""
    results = [fine("settings", "can be used")]
    for subject, check in _checks(settings):
        try:
            async with asyncio.timeout(_LIMIT_S):
                found = check()
                results += found if isinstance(found, list) else await found
        except Exception as error:  # noqa: BLE001 - the others are still worth a look
            text = f"could not be looked at: {type(error).__name__}: {error}"
            results.append(problem(subject, text, "report it"))
    return results


def _checks(settings: RillcastSettings) -> Iterator[tuple[str, Check]]:
    running = is_served(settings.data)
    yield "data folder", lambda: check_data_folder(settings.data)
    yield "ports", lambda: check_ports(settings, is_served=running)
    yield "open files", lambda: check_open_files(settings)
    yield "clock", lambda: check_clock(settings.data)
    yield "database", lambda: check_database(settings)
    yield "certificate", lambda: check_certificate(settings)
    yield "public address", lambda: check_public_address(settings, is_served=running)
    yield "mail", lambda: check_mail(settings)

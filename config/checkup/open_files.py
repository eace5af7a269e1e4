"""Open files: every connection is one."""

import resource

from config.checkup.result import Result, advice, fine
from config.settings import RillcastSettings

_OTHERS = 500


def check_open_files(settings: RillcastSettings) -> list[Result]:
    """Compare what the system allows with what the settings do."""
    wanted = settings.http.connection_limit + settings.rtmp.connection_limit + _OTHERS
    if settings.accounts.enabled:
        wanted += settings.notify.connections
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= wanted:
        return [fine("open files", f"{wanted} may be needed, and are allowed")]
    return [
        advice(
            "open files",
            f"the system allows {hard}, the settings {wanted}",
            "LimitNOFILE= in the unit, ulimit -Hn in a shell, or lower limits of connections",
        )
    ]

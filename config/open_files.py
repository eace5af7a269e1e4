"""The process's limit of open files: every connection is one."""

import resource

_ENOUGH = 65_536


def raise_open_file_limit() -> int:
    """Raise the soft limit as far as the system lets us, and return it.

    Many systems start processes with 1,024, which a single popular show exceeds.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft

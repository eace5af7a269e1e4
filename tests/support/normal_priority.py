"""Keeps the test process, and all that it starts, at the priority of ordinary programs.

SVT-AV1 makes the thread that opens it real-time (SCHED_FIFO 99) wherever it may, as root may;
every encoder, server and browser started later inherits that. A thread of that class that waits
by spinning, in the kernel too, lets nothing else run on its core: one such browser can make a
machine stand still for an hour.
"""

import ctypes
import os
import resource
from pathlib import Path
from typing import Final

_CAP_SYS_NICE: Final = 23
_PR_CAPBSET_DROP: Final = 24
_LINUX_CAPABILITY_VERSION_3: Final = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def keep_normal_priority() -> None:
    """Give up the right to raised priorities, once, before any thread is started.

    A system that knows no capabilities, or a user who has none, has nothing to give up.
    """
    if hasattr(resource, "RLIMIT_RTPRIO"):
        resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
    if not Path("/proc/self/status").exists() or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_CAPBSET_DROP, _CAP_SYS_NICE, 0, 0, 0)  # what root's children would get back
    header = _Header(_LINUX_CAPABILITY_VERSION_3, 0)
    sets = (_Sets * 2)()
    if libc.capget(ctypes.byref(header), sets) == 0:
        mask = ~(1 << _CAP_SYS_NICE)
        sets[0].effective &= mask
        sets[0].permitted &= mask
        sets[0].inheritable &= mask
        libc.capset(ctypes.byref(header), sets)

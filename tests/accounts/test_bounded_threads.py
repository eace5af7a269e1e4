"""Work beside the event loop."""

import os
import subprocess
import sys
import threading

import pytest

# A process of its own: nobody may be less nice again without privilege.
NICENESS = """
import asyncio, os, threading
from accounts.bounded_threads import BoundedThreads

os.setpriority(os.PRIO_PROCESS, 0, {own})

async def run():
    threads = BoundedThreads("test", threads=1, waiting=1)
    print(await threads.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
    threads.close()

asyncio.run(run())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads differ in niceness on Linux alone")
@pytest.mark.parametrize("more", [0, 3, 19])
def test_it_comes_after_the_event_loop_however_nice_the_process_is(more: int) -> None:
    own = min(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) + more, 19)
    done = subprocess.run(
        [sys.executable, "-c", NICENESS.format(own=own)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == min(own + 5, 19)

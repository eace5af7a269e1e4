"""A server that goes live and tells followers, a step a line, until somebody kills it.

`python -m tests.notify.dying_server DATABASE_URL`: the database has a channel `studio` already.
"""

import asyncio
import sys

from accounts.channels.live_fact import LiveStarted
from accounts.storage import Database
from tests.accounts.channels.world import START_MS
from tests.accounts.notifications.told_followers import ToldFollowers
from tests.support.databases import WAIT_S


async def serve(url: str) -> None:
    told = ToldFollowers(await Database.open(url, wait_s=WAIT_S))
    await told.dispatcher.start()
    await told.world.recorder.write(LiveStarted(channel="studio", epoch="e1", at_ms=START_MS))
    _say("written")
    while True:
        await told.dispatcher.look()
        _say("looked")
        await told.fan_out.step()
        _say("stored")


def _say(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))

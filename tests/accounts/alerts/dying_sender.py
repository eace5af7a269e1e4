"""A server that goes live, tells followers and programs, a step a line, until it is killed.

`python -m tests.accounts.alerts.dying_sender DATABASE_URL FOLDER`: the database has a channel
`studio`, a webhook and browsers already. `before` and `after` say what a step was about to do.
"""

import asyncio
import sys
from pathlib import Path

from accounts.channels.live_fact import LiveStarted
from accounts.storage import Database
from tests.accounts.alerts.alerting import Alerting, settings_of
from tests.accounts.channels.world import START_MS
from tests.accounts.notifications.told_followers import ToldFollowers
from tests.support.databases import WAIT_S


async def serve(url: str, folder: Path, moment: str) -> None:
    told = ToldFollowers(await Database.open(url, wait_s=WAIT_S))
    on = Alerting(told, folder, settings_of())
    await on.side.open()
    await told.dispatcher.start()
    await told.world.recorder.write(LiveStarted(channel="studio", epoch="e1", at_ms=START_MS))
    await _reach("fact", moment)
    await told.settle()
    await _reach("stored", moment)
    for reader in (on.side.alert_reader, on.side.webhook_reader):
        while await reader.step():
            pass
    await _reach("recorded", moment)
    await on.side.push_loop.settle()
    await on.side.webhook_loop.settle()
    await _reach("sent", moment)


async def _reach(step: str, moment: str) -> None:
    if step == moment:
        sys.stdout.write(f"{step}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))

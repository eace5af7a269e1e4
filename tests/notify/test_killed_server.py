"""A server that is killed between a fact and its delivery: no alert is lost, none comes twice."""

import signal
import subprocess
import sys

from accounts.channels.follows import Level
from accounts.facts import FactKind
from accounts.facts.sequence import facts_after, is_of
from accounts.notifications.fan_out import BATCH
from accounts.storage import Database
from notify.event_id import EventId
from tests.accounts.channels.world import FAN
from tests.accounts.notifications.told_followers import ToldFollowers
from tests.notify.listening import stage_of

# After the fact was written; before anything of it was stored; between two batches; further on.
KILLED_AFTER_LINES = (1, 2, 4, 7)


def kill_after(url: str, lines: int) -> None:
    """Run a server on the database, and kill it after some steps."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.notify.dying_server", url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


async def test_every_follower_is_told_once_however_often_the_server_is_killed(
    database: Database, database_url: str
) -> None:
    told = ToldFollowers(database)
    await told.world.populate()
    channel = await told.world.channel("studio")
    await told.crowd(2 * BATCH, channel.id)
    await told.world.follows.put("studio", FAN, Level.LIVE)
    for lines in KILLED_AFTER_LINES:
        kill_after(database_url, lines)
    await told.settle()
    rows = [row.account_id for row in await told.rows()]
    assert len(rows) == len(set(rows)) == 2 * BATCH + 1
    async with database.reading() as connection:
        stored = await facts_after(connection, 0, 100, wanted=is_of(FactKind.NOTIFICATIONS_STORED))
    assert sorted(name for fact in stored for name in fact.details["aloud"]) == sorted(rows)


async def test_who_was_connected_hears_after_the_restart_what_the_dead_server_did_not_tell(
    database: Database, database_url: str
) -> None:
    told = ToldFollowers(database)
    await told.world.populate()
    await told.world.channel("studio")
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.settle()
    last_heard = EventId("deadserver", 12, 1).text()
    kill_after(database_url, 1)
    async with stage_of(told.world) as on, on.ear(as_="FAN") as ear:
        await ear.ask("subscribe", topics=["me", "live"], after=last_heard)
        heard = [await ear.hear(), await ear.hear()]
        assert [each["type"] for each in heard] == ["channel.live", "notification.added"]
        assert (await ear.ask("ping"))["type"] == "pong"
    async with stage_of(told.world) as on, on.ear(as_="FAN") as ear:
        await ear.ask("subscribe", topics=["me", "live"], after=heard[1]["id"])
        assert (await ear.ask("ping"))["type"] == "pong"

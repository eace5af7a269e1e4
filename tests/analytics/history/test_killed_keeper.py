"""Whoever is killed while rolling up leaves nothing that is counted wrong, twice or never."""

import asyncio
import contextlib
import sys
from dataclasses import replace

from analytics.history.progress import TURN_MS
from analytics.history.step import HOUR_MS, Step
from tests.accounts.channels.world import World
from tests.analytics.history.counted_channel import MIDNIGHT, counted_channel
from tests.analytics.history.test_keeper import plain, same_as_plain, some_spells

KILLED_AFTER_S = (0.02, 0.08, 0.2)


async def test_roll_ups_go_on_after_kill_9(world: World, database_url: str) -> None:
    counted = await counted_channel(world)
    begin_ms, end_ms = MIDNIGHT - 6 * HOUR_MS, MIDNIGHT + 4 * HOUR_MS
    spells = some_spells(11, begin_ms, end_ms, sessions=40)
    await counted.watch(spells)
    await counted.broadcast(begin_ms, end_ms)
    await counted.mark(end_ms)
    for after_s in KILLED_AFTER_S:
        world.now_ms += TURN_MS + 1  # who was killed had the turn
        command = [sys.executable, "-m", "tests.analytics.history.keeping"]
        keeper = await asyncio.create_subprocess_exec(
            *command, database_url, str(world.now_ms), stdout=asyncio.subprocess.PIPE
        )
        assert keeper.stdout is not None
        assert await keeper.stdout.readline() == b"begins\n"
        await asyncio.sleep(after_s)
        with contextlib.suppress(ProcessLookupError):  # it was done before
            keeper.kill()
        await keeper.communicate()
        # What is there is right, however little of it there is.
        for step in (Step.MINUTE, Step.HOUR):
            whole = plain(spells, step, begin_ms, end_ms)
            assert all(bucket in whole for bucket in await counted.buckets(step)), step
    world.now_ms += TURN_MS + 1
    await counted.mark(world.now_ms)
    await counted.keeper.look()
    await same_as_plain(counted, spells, begin_ms, end_ms)
    once_more = [replace(each, session=f"{each.session}+") for each in spells[:3]]
    await counted.watch(once_more)
    await counted.keeper.recompute(begin_ms, end_ms)
    await same_as_plain(counted, [*spells, *once_more], begin_ms, end_ms)

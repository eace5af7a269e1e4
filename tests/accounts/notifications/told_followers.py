"""ToldFollowers: a world with notifications."""

from itertools import count
from typing import Any

from sqlalchemy import insert, select

from accounts.channels.live_fact import LiveEnded, LiveStarted
from accounts.channels.tables import follows
from accounts.facts import Fact
from accounts.facts.dispatcher import FactDispatcher
from accounts.notifications.fan_out import FanOut
from accounts.notifications.inbox import Inbox
from accounts.notifications.tables import notifications
from accounts.notifications.wishes import Wishes
from accounts.people.tables import accounts
from accounts.storage import Database
from tests.accounts.channels.world import START_MS, World

DAY_MS = 86_400_000


class ToldFollowers:
    """Everything that tests call."""

    def __init__(self, database: Database) -> None:
        self.world = world = World(database)
        self.facts: list[Fact] = []
        self.dispatcher = FactDispatcher(
            database, world.clock, self.facts.append, kept_ms=30 * DAY_MS
        )
        self.fan_out = FanOut(database, world.clock, lambda: None, kept_ms=60 * DAY_MS)
        self.inbox = Inbox(database, world.clock, world.events.append)
        self.wishes = Wishes(database, world.clock)
        self._epochs = count(1)

    async def go_live(self, channel: str = "studio", *, at_ms: int = START_MS) -> None:
        """Begin a broadcast, and end the one before."""
        number = next(self._epochs)
        await self.world.recorder.write(
            LiveStarted(channel=channel, epoch=f"e{number}", at_ms=at_ms)
        )

    async def go_off(self, channel: str = "studio") -> None:
        """End the broadcast."""
        open_ = self.world.recorder._open[channel]
        await self.world.recorder.write(
            LiveEnded(channel=channel, epoch=open_.epoch, at_ms=self.world.now_ms, technical=None)
        )

    async def settle(self) -> int:
        """Tell and store until nothing is left; return in how many steps."""
        steps = 0
        while True:
            await self.dispatcher.look()
            if not await self.fan_out.step():
                return steps
            steps += 1

    async def rows(self) -> list[Any]:
        """Return who has which notifications."""
        async with self.world.database.reading() as connection:
            found = await connection.execute(
                select(notifications).order_by(notifications.c.account_id, notifications.c.at_ms)
            )
            return list(found.all())

    async def crowd(self, number: int, channel_id: str) -> None:
        """Let many accounts follow a channel."""
        names = [f"acc_CROWD{each:06}" for each in range(number)]
        async with self.world.database.writing() as connection:
            await connection.execute(
                insert(accounts),
                [
                    {
                        "id": name,
                        "email": f"{name}@example.org",
                        "email_key": f"{name}@example.org".lower(),
                        "role": "user",
                        "display_name": name,
                        "bio": "",
                        "links": [],
                        "revision": 1,
                        "created_at_ms": START_MS,
                    }
                    for name in names
                ],
            )
            await connection.execute(
                insert(follows),
                [
                    {
                        "account_id": name,
                        "channel_id": channel_id,
                        "level": "live",
                        "created_at_ms": START_MS,
                    }
                    for name in names
                ],
            )

"""One look of a keeper in a process of its own, to be killed: `... URL NOW_MS`.

It says "begins" when it does.
"""

import asyncio
import sys

from accounts.storage import Database
from analytics.history.bounds import HistoryBounds
from analytics.history.keeper import HistoryKeeper
from config.all_tables import all_tables
from config.channel_records import ChannelBroadcastRecords, RoomAudience
from tests.support.databases import WAIT_S


async def keep(url: str, now_ms: int) -> None:
    all_tables()
    database = await Database.open(url, wait_s=WAIT_S)
    keeper = HistoryKeeper(
        database,
        lambda: now_ms,
        HistoryBounds.of_days(30, 90),
        records=ChannelBroadcastRecords(database),
        audience=RoomAudience(database),
    )
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    await keeper.look()
    await database.close()


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1], int(sys.argv[2])))

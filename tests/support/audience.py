"""An audience that never was: some weeks of shows, viewers, chat and followers, written as rows.

What the server counts of real players in weeks, a test has at once.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, create_engine, func, insert, select, update

from accounts.channels.tables import broadcast_titles, broadcasts, channels, follow_ends, follows
from accounts.chat.tables import chat_messages, chat_sequence
from accounts.people.tables import accounts
from accounts.storage import Database, new_id
from analytics.history.bounds import HistoryBounds
from analytics.history.keeper import HistoryKeeper
from analytics.quality.figures import Figures
from analytics.quality.packed import pack
from analytics.quality.tables import quality_minutes
from analytics.viewers.settings import ViewersSettings
from analytics.viewers.tables import viewer_marks, viewer_spells
from config.channel_records import ChannelBroadcastRecords, RoomAudience
from config.data_folder import DATABASE_NAME
from tests.support.accounts_server import ENABLED, PASSWORD, run_command
from tests.support.databases import WAIT_S
from tests.support.rillcast_server import RillcastServer, rillcast_server

SERVER: Final = "srv_furnished"
MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000
# How many days ago each show was, how long, how many came, and what it was called.
SHOWS: Final = (
    (26, 95, 60, ("Sunday synths",)),
    (23, 120, 75, ("Modular evening", "Modular evening: drums")),
    (19, 80, 70, ("Sunday synths",)),
    (16, 140, 105, ("Building a filter", "Building a filter: it oscillates")),
    (12, 100, 90, ("Sunday synths",)),
    (9, 130, 130, ("Guests: two drum machines",)),
    (5, 110, 120, ("Sunday synths",)),
    (1, 150, 180, ("New album, first listen", "Questions and answers", "One more song")),
)
FOLLOWERS: Final = 48
LEFT: Final = 9
BROWSERS: Final = (("chrome", 0.55, 1.0), ("firefox", 0.2, 0.9), ("safari", 0.25, 1.7))
COUNTRIES: Final = (("de", 0.5, 1.0), ("us", 0.3, 1.5), ("br", 0.2, 2.2))


@contextmanager
def watched_server(folder: Path, now_ms: int, *flags: str) -> Iterator[RillcastServer]:
    """Run a server whose channel `studio`, of Olga's, has had an audience; `quiet` has had none."""
    data = folder / "data"
    for name, role in (("ada", "admin"), ("olga", "user"), ("fay", "user")):
        run_command(
            data, "user", "add", f"{name}@example.org", "--name", name, "--role", role,
            typed=f"{PASSWORD}\n{PASSWORD}\n",
        )  # fmt: skip
    for channel in ("studio", "quiet"):
        run_command(data, "channel", "add", channel, "--owner", "olga@example.org")
    furnish(data / DATABASE_NAME, "studio", now_ms)
    with rillcast_server(folder, *ENABLED, *flags) as running:
        yield running


@dataclass(frozen=True, slots=True)
class _Show:
    channel_id: str
    id: str
    started_ms: int
    length_min: int
    size: int

    @property
    def length_ms(self) -> int:
        return self.length_min * MINUTE_MS


def furnish(database: Path, channel: str, now_ms: int) -> None:
    """Write some weeks of audience for a channel; no server runs on the database meanwhile."""
    chance = Random(7)
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.begin() as connection:
            channel_id = connection.execute(
                select(channels.c.id).where(channels.c.name == channel)
            ).scalar_one()
            author_id = connection.execute(
                select(accounts.c.id).where(accounts.c.display_name == "fay")
            ).scalar_one()
            _follow(connection, channel_id, now_ms, chance)
            for days_ago, length_min, size, titles in SHOWS:
                started_ms = (now_ms // DAY_MS - days_ago) * DAY_MS + 18 * 60 * MINUTE_MS
                started_ms = min(started_ms, now_ms - (length_min + 60) * MINUTE_MS)
                show = _Show(channel_id, new_id("bct"), started_ms, length_min, size)
                _broadcast(connection, show, titles)
                _watch(connection, show, chance)
                _write(connection, show, author_id, chance)
                _measure(connection, show, chance)
            # Who writes next takes the place after these.
            last = select(func.max(chat_messages.c.id)).scalar_subquery()
            connection.execute(insert(chat_sequence).values(name="rooms", last=last))
            connection.execute(insert(viewer_marks).values(server=SERVER, at_ms=now_ms))
    finally:
        engine.dispose()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _roll_up(database, now_ms)).result()


async def _roll_up(database: Path, now_ms: int) -> None:
    """Make minutes, hours, days and broadcasts of the spells, as a server does each minute."""
    opened = Database.at(f"sqlite:///{database}", connections=1, wait_s=WAIT_S)
    try:
        records, audience = ChannelBroadcastRecords(opened), RoomAudience(opened)
        settings = ViewersSettings()
        keeper = HistoryKeeper(
            opened,
            lambda: now_ms,
            HistoryBounds.of_days(settings.raw_days, settings.minute_days),
            records=records,
            audience=audience,
        )
        await keeper.look()
        await keeper.close()
    finally:
        await opened.close()


def _follow(connection: Connection, channel_id: str, now_ms: int, chance: Random) -> None:
    for number in range(FOLLOWERS):
        account_id, email = new_id("acc"), f"fan{number}@example.org"
        at_ms = now_ms - int(chance.random() * 27 * DAY_MS)
        connection.execute(
            insert(accounts).values(
                id=account_id, email=email, email_key=email, role="user", bio="", links=[],
                display_name=f"fan{number}", revision=1, created_at_ms=at_ms,
            )
        )  # fmt: skip
        connection.execute(
            insert(follows).values(
                account_id=account_id, channel_id=channel_id, level="live", created_at_ms=at_ms
            )
        )
    for number in range(LEFT):
        # Each came some days before it went, in a minute that nobody else came or went in.
        ended_ms = now_ms - DAY_MS // 2 - int(chance.random() * 20 * DAY_MS)
        begun_ms = ended_ms - (number + 1) * DAY_MS // 2
        for at_ms, begun, ended in ((begun_ms, 1, 0), (ended_ms, 0, 1)):
            minute_ms = at_ms - at_ms % MINUTE_MS + number * 7 * MINUTE_MS
            connection.execute(
                insert(follow_ends).values(
                    channel_id=channel_id, at_ms=minute_ms, begun=begun, ended=ended
                )
            )
    connection.execute(
        update(channels).where(channels.c.id == channel_id).values(follower_count=FOLLOWERS)
    )


def _broadcast(connection: Connection, show: _Show, titles: tuple[str, ...]) -> None:
    ended_ms = show.started_ms + show.length_ms
    connection.execute(
        insert(broadcasts).values(
            id=show.id, channel_id=show.channel_id, epoch=show.id[-12:].lower(), title=titles[-1],
            category="music", is_mature=False, started_at_ms=show.started_ms, alive_at_ms=ended_ms,
            ended_at_ms=ended_ms, peak_viewers=0, viewer_ms=0, counted_ms=show.length_ms,
        )
    )  # fmt: skip
    for number, title in enumerate(titles):
        at_ms = show.started_ms + number * show.length_ms // len(titles)
        connection.execute(
            insert(broadcast_titles).values(
                broadcast_id=show.id, at_ms=at_ms, title=title, category="music"
            )
        )
    connection.execute(
        update(channels).where(channels.c.id == show.channel_id).values(last_live_ms=ended_ms)
    )


def _watch(connection: Connection, show: _Show, chance: Random) -> None:
    rows: list[dict[str, Any]] = []
    for _ in range(show.size):
        # Most come in the first half hour, some at any time; half stay less than 20 minutes.
        wave = chance.random() < 0.6
        into = chance.expovariate(8) if wave else chance.random() * 0.95
        from_ms = show.started_ms + int(min(into, 0.98) * show.length_ms)
        stay_ms = int(chance.expovariate(1 / (34 * MINUTE_MS))) + 5_000
        rows.append({
            "id": new_id("spl"), "channel_id": show.channel_id, "broadcast_id": show.id,
            "session": f"{chance.getrandbits(64):016x}", "viewer": f"{chance.getrandbits(64):016x}",
            "rendition": "audio" if chance.random() < 0.08 else "video",
            "player": chance.choice(("hls.js", "hls.js", "safari", "other")),
            "started_ms": from_ms,
            "ended_ms": min(from_ms + stay_ms, show.started_ms + show.length_ms),
            "is_open": False, "server": SERVER,
        })  # fmt: skip
    connection.execute(insert(viewer_spells), rows)


def _write(connection: Connection, show: _Show, author_id: str, chance: Random) -> None:
    last = connection.execute(select(func.max(chat_messages.c.id))).scalar_one() or 0
    rows: list[dict[str, Any]] = []
    excited_min = show.length_min * 2 // 3
    for minute in range(show.length_min):
        usual = show.size / 25
        count = int(usual * chance.random() * 2) + (
            int(usual * 5) if minute in {excited_min, excited_min + 1} else 0
        )
        for _ in range(count):
            into_ms = minute * MINUTE_MS + int(chance.random() * MINUTE_MS)
            rows.append({
                "id": last + len(rows) + 1, "channel_id": show.channel_id, "author_id": author_id,
                "at_ms": show.started_ms + into_ms, "role": "viewer", "text": "This is good",
                "is_action": False, "emotes": [], "mentions": [], "broadcast_id": show.id,
                "media_time_ms": into_ms,
            })  # fmt: skip
    if rows:
        connection.execute(insert(chat_messages), rows)


def _measure(connection: Connection, show: _Show, chance: Random) -> None:
    rows: list[dict[str, Any]] = []
    first = show.started_ms - show.started_ms % MINUTE_MS
    for minute in range(show.length_min):
        labels = [("", "", 1.0, 1.2)]
        labels += [("browser", *browser) for browser in BROWSERS]
        labels += [("country", *country) for country in COUNTRIES]
        labels += [("player", "hls.js", 0.75, 1.0), ("player", "safari", 0.25, 1.6)]
        rows += [
            {
                "channel_id": show.channel_id, "dimension": dimension, "value": value,
                "at_ms": first + minute * MINUTE_MS, "server": SERVER,
                "figures": pack(_played(max(1, int(show.size * share / 12)), slowness, chance)),
            }
            for dimension, value, share, slowness in labels
        ]  # fmt: skip
    connection.execute(insert(quality_minutes), rows)


def _played(count: int, slowness: float, chance: Random) -> Figures:
    figures = Figures(sessions=count, watched_ms=count * MINUTE_MS, reports=count)
    for _ in range(count):
        figures.startup_ms.add(chance.lognormvariate(6.4, 0.45) * slowness)
        figures.latency_ms.add(chance.lognormvariate(7.5, 0.25) * slowness)
        if chance.random() < 0.12 * slowness:
            figures.stalls += 1
            figures.stalled_ms += int(chance.expovariate(1 / 2_500))
        if chance.random() < 0.004 * slowness:
            figures.errors["network"] = figures.errors.get("network", 0) + 1
    figures.decoded_frames = count * 9_000
    figures.dropped_frames = int(count * 20 * slowness * chance.random())
    figures.rated_ms = figures.watched_ms
    figures.rated_kbit = figures.watched_ms * 3_800 // 1_000
    return figures

"""What is listed and found: the same on both databases, and nothing that is hidden."""

import itertools

import pytest
from sqlalchemy import func, select

from accounts.channels.channel import Channel, ChannelEdit
from accounts.channels.directory import Filter
from accounts.channels.live_fact import LiveEnded, LiveStarted
from accounts.channels.sight import Asker
from accounts.search.tables import search_documents
from accounts.storage import Cursor, Page
from tests.accounts.channels.world import ADMIN, FAN, OTHER, OWNER, World, any_revision

ALL = Filter()


async def go_live(world: World, name: str, epoch: str = "e1") -> None:
    world.now_ms += 1_000
    await world.recorder.write(LiveStarted(channel=name, epoch=epoch, at_ms=world.now_ms))


async def go_off(world: World, name: str, epoch: str = "e1") -> None:
    world.now_ms += 1_000
    await world.recorder.write(LiveEnded(channel=name, epoch=epoch, at_ms=world.now_ms))


def names(page: Page[Channel]) -> list[str]:
    return [channel.name for channel in page.items]


async def found(world: World, text: str, wanted: Filter = ALL) -> list[str]:
    return names(await world.directory.search_channels(text, wanted, None, 50))


async def many(world: World, count: int, **edit: object) -> list[str]:
    """Channels of many owners, made one after the other."""
    made = []
    for number in range(count):
        owner = await world.add_person(f"acc_many{number:03}", "Many")
        world.now_ms += 1 if number % 3 else 0  # some at the same moment
        made.append((await world.channel(f"many{number:03}", owner, **edit)).name)
    return made


async def test_what_is_live_is_listed_newest_first_until_it_ends(world: World) -> None:
    for name in ("one", "two", "three"):
        await world.channel(name)
        await go_live(world, name)
    assert names(await world.directory.live(ALL, None, 10)) == ["three", "two", "one"]
    assert names(await world.directory.lately_live(ALL, None, 10)) == []
    await go_off(world, "three")
    await go_off(world, "one")
    assert names(await world.directory.live(ALL, None, 10)) == ["two"]
    assert names(await world.directory.lately_live(ALL, None, 10)) == ["one", "three"]
    assert names(await world.directory.newest(ALL, None, 2)) == ["three", "two"]


async def test_what_is_watched_most_can_come_first(world: World) -> None:
    for name, viewers in (("one", 5), ("two", 50), ("three", 0)):
        await world.channel(name)
        await go_live(world, name)
        world.recorder.note_viewers(name, viewers)
    await world.recorder.say_alive()
    assert names(await world.directory.most_watched(ALL, None, 10)) == ["two", "one", "three"]


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
async def test_hidden_channels_are_neither_listed_nor_found(world: World, visibility: str) -> None:
    await world.channel(title="Jazz", category="music", visibility=visibility)
    await go_live(world, "studio")
    for read in (world.directory.live, world.directory.newest, world.directory.most_watched):
        assert names(await read(ALL, None, 10)) == []
    assert await found(world, "jazz") == []
    assert (await world.directory.search_broadcasts("jazz", ALL, None, 10)).items == ()
    assert all(each.live_count == 0 for each in await world.directory.categories())
    await go_off(world, "studio")
    assert names(await world.directory.lately_live(ALL, None, 10)) == []
    await world.channels.edit("studio", OWNER, ChannelEdit(visibility="public"), any_revision)
    assert await found(world, "jazz") == ["studio"]


async def test_closed_channels_are_neither_listed_nor_found(world: World) -> None:
    await world.channel(title="Jazz")
    await world.channel("suspended", OTHER, title="Jazz")
    await go_live(world, "studio")
    await world.administration.ban("studio", ADMIN, "")
    await world.suspend("acc_OTHER")
    assert names(await world.directory.live(ALL, None, 10)) == []
    assert await found(world, "jazz") == []
    await world.administration.unban("studio", ADMIN)
    assert await found(world, "jazz") == ["studio"]


async def test_followers_channels_are_listed_but_not_their_broadcasts(world: World) -> None:
    await world.channel(title="Jazz", visibility="followers")
    await go_live(world, "studio")
    assert names(await world.directory.live(ALL, None, 10)) == ["studio"]
    assert (await world.directory.search_broadcasts("jazz", ALL, None, 10)).items == ()


async def test_lists_are_filtered(world: World) -> None:
    await world.channel("a", category="music", tags=("Late Night", "jazz"), language="pt-BR")
    await world.channel("b", category="music", tags=("jazz",), language="pt", is_mature=True)
    await world.channel("c", category="talk", language="en")
    for name in "abc":
        await go_live(world, name)
    for wanted, expected in (
        (ALL, "cba"),
        (Filter(category="music"), "ba"),
        (Filter(category="nothing"), ""),
        (Filter(tag="LATE night"), "a"),
        (Filter(tag="#jazz"), "ba"),
        (Filter(tag="'; --"), ""),
        (Filter(tag="%"), ""),
        (Filter(language="PT"), "ba"),
        (Filter(language="pt-br"), "a"),
        (Filter(language="p"), ""),
        (Filter(language="%"), ""),
        (Filter(includes_mature=False), "ca"),
        (Filter(category="music", tag="jazz", includes_mature=False), "a"),
    ):
        assert names(await world.directory.live(wanted, None, 10)) == list(expected), wanted
        assert await found(world, "a b c"[0], wanted) == [n for n in expected if n == "a"]
    counts = {each.category: each.live_count for each in await world.directory.categories()}
    assert (counts["music"], counts["talk"], counts["art"]) == (2, 1, 0)


@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_pages_repeat_and_leave_out_nothing_while_others_come_and_go(
    world: World, limit: int
) -> None:
    made = await many(world, 10, title="Jazz")
    for name in made:
        await go_live(world, name)
    late = await world.add_person("acc_late", "Late")
    await world.channel("late", late, title="Jazz")
    for read, expected in (
        (world.directory.live, made[::-1]),
        (world.directory.newest, None),
        (lambda *of: world.directory.search_channels("jazz", *of), None),
    ):
        seen: list[str] = []
        cursor: Cursor | None = None
        for turn in itertools.count():
            page = await read(ALL, cursor, limit)
            seen += names(page)
            if turn == 0 and read == world.directory.live:
                await go_live(world, "late")  # at the top: not seen any more
            if page.next is None:
                break
            cursor = Cursor.decode(page.next.encode(), [type(part) for part in page.next.key])
        assert len(seen) == len(set(seen))
        assert set(made) <= set(seen)
        if expected is not None:
            assert seen == expected
        if read == world.directory.live:
            await go_off(world, "late")


async def test_the_channel_of_that_name_comes_first_then_titles_then_the_rest(
    world: World,
) -> None:
    await world.channel("rest", title="Something", description="A bit of jazz now and then")
    world.now_ms += 1000
    await world.channel("titled", title="Jazz tonight")
    world.now_ms += 1000
    await world.channel("tagged", title="Music", tags=("jazz",))
    world.now_ms -= 2000
    await world.channel("jazz", OTHER, title="Nothing of the kind")
    assert await found(world, "jazz") == ["jazz", "tagged", "titled", "rest"]
    assert await found(world, "JAZZ") == ["jazz", "tagged", "titled", "rest"]
    await go_live(world, "rest")
    await go_live(world, "titled")
    assert await found(world, "jazz") == ["jazz", "titled", "tagged", "rest"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Café del Mar", "cafe"),
        ("Café del Mar", "CAFÉ mar"),
        ("Straßenmusik", "strassenmus"),
        ("生放送中です", "放送"),
        ("ライブ配信", "配信"),
        ("한국어 방송", "방송"),
        ("Привет, мир", "привет МИР"),
        ("مرحبا بالعالم", "بالعالم"),
        ("हिन्दी समाचार", "समाचार"),
        ("don't stop", "don't"),
        ("x'y:A&b|!(z)", "y a b z"),
        ("speedrun", "speed"),
    ],
)
async def test_what_was_written_is_found_as_people_type_it(
    world: World, text: str, query: str
) -> None:
    await world.channel(title=text)
    await world.channel("other", title="Nothing", description="at all")
    assert await found(world, query) == ["studio"]
    assert await found(world, f"{query} nowhere") == []


@pytest.mark.parametrize(
    "query",
    ['"', "'", "\\", "a OR b", 'heads : "x"', "x*", "* ", "NEAR(a b)", "a AND", "NOT a", "^a",
     "{heads}: a", "a:*A", "!a", "a & b", "a <-> b", "'); DROP TABLE channels; --", "%", "_",
     "a\0b", "<b>", "\ud800", "👩‍👩‍👧", "-", "(", "a" * 5000, "a " * 100],
)  # fmt: skip
async def test_no_query_is_an_operator_or_an_error(world: World, query: str) -> None:
    await world.channel(title="quite another thing")
    await found(world, query)
    await world.directory.search_broadcasts(query, ALL, None, 10)
    await world.administration.all_channels(ADMIN, query.replace("\0", "").replace("\ud800", ""),
                                            banned_only=False, cursor=None, limit=10)  # fmt: skip
    assert await found(world, "quite") == ["studio"]


async def test_edits_and_deletions_are_found_at_once(world: World) -> None:
    await world.channel(title="Jazz", tags=("blue",), description="green", category="music")
    for query in ("jazz", "blue", "green", "music", "studio"):
        assert await found(world, query) == ["studio"]
    edit = ChannelEdit(title="Rock", tags=(), description="", category=None)
    await world.channels.edit("studio", OWNER, edit, any_revision)
    for query in ("jazz", "blue", "green", "music"):
        assert await found(world, query) == []
    assert await found(world, "rock") == ["studio"]
    await world.channels.delete("studio", OWNER)
    assert await found(world, "rock") == []
    async with world.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(search_documents)) == 0
    await world.channel("studio", FAN, title="Blues")
    assert await found(world, "rock") == []
    assert await found(world, "blues") == ["studio"]


async def test_broadcasts_are_found_by_every_title_they_had(world: World) -> None:
    await world.channel(title="Warm-up", tags=("synth",))
    await go_live(world, "studio")
    world.now_ms += 60_000
    await world.channels.edit("studio", OWNER, ChannelEdit(title="Concert"), any_revision)
    await go_off(world, "studio")
    await world.channels.edit("studio", OWNER, ChannelEdit(title="Rehearsal"), any_revision)
    await go_live(world, "studio", "e2")
    await go_off(world, "studio", "e2")

    async def titles(query: str) -> list[str]:
        page = await world.directory.search_broadcasts(query, ALL, None, 10)
        return [broadcast.title for broadcast in page.items]

    assert await titles("warm") == ["Concert"]
    assert await titles("concert") == ["Concert"]
    assert await titles("rehearsal") == ["Rehearsal"]
    assert await titles("studio") == ["Rehearsal", "Concert"]  # the newest first
    assert await titles("synth") == ["Rehearsal", "Concert"]
    (older,) = (await world.directory.search_broadcasts("warm", ALL, None, 10)).items
    await world.broadcasts.delete(older.id, OWNER)
    assert await titles("concert") == []


async def test_what_an_account_takes_along_is_found_no_more(world: World) -> None:
    await world.channel(title="Jazz")
    await go_live(world, "studio")
    await world.context.database.write(_forget_owner)
    assert await found(world, "jazz") == []
    await world.channel("studio", Asker("acc_OTHER"), title="Rock")
    assert await found(world, "jazz") == []


async def _forget_owner(connection: object) -> None:
    from sqlalchemy import delete

    from accounts.people.tables import accounts

    await connection.execute(delete(accounts).where(accounts.c.id == "acc_OWNER"))  # type: ignore[attr-defined] # AsyncConnection

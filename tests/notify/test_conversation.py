"""A conversation: topics by right, and the order of what was missed and what comes."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from notify.bus import Bus
from notify.close_code import CloseCode
from notify.conversation import REPLIES_LIMIT_BYTES, Conversation, Refused, Resumed
from notify.event_id import EventId
from notify.ports import ANYBODY, Listener, Recalled, Seat, Telling
from notify.topic import Key, channel_key, staff_key
from tests.notify.telling import bus, changed, tell, title_of, told

OLGA = Listener(account_id="acc_OLGA", session_id="ses_1", hears_me=True)
STUDIO = channel_key("chn_studio")


@dataclass
class Rights:
    """Lets everybody hear the channels that are named here, Olga as one of their people."""

    channels: set[str] = field(default_factory=lambda: {"studio", "garden"})

    async def seat(self, channel: str, listener: Listener) -> Seat | None:
        if channel not in self.channels:
            return None
        return Seat(f"chn_{channel}", channel, listener == OLGA)

    async def seats(
        self, channel_id: str, listeners: Collection[Listener]
    ) -> Mapping[Listener, Seat]:
        found = {each: await self.seat(channel_id[4:], each) for each in listeners}
        return {each: seat for each, seat in found.items() if seat is not None}

    async def standing(self, listeners: Collection[Listener]) -> Collection[Listener]:
        return listeners


@dataclass
class Archive:
    """Remembers facts that were told to a bus; lets others happen while it is asked."""

    facts: list[Telling] = field(default_factory=list)
    is_whole: bool = True
    gate: asyncio.Event | None = None

    async def recall(
        self,
        fact: int,
        keys: Collection[Key],
        account_id: str | None,  # noqa: ARG002 - Archive's signature
        limit: int,
    ) -> Recalled:
        if self.gate is not None:
            await self.gate.wait()
        found = [each for each in self.facts if each.fact > fact and not each.keys.isdisjoint(keys)]
        until = self.facts[-1].fact if self.facts else 0
        return Recalled(found[:limit], until, self.is_whole)

    def happen(self, title: str, *keys: str) -> Telling:
        number = len(self.facts) + 1
        telling = Telling(number, changed(title), keys, frozenset(map(Key, keys)))
        self.facts.append(telling)
        return telling


def publish(on: Bus, telling: Telling) -> None:
    on.publish(telling.event, topics=telling.topics, keys=telling.keys, fact=telling.fact)


def conversation(on: Bus, archive: Archive | None = None, listener: Listener = ANYBODY,
                 capacity: int = 50) -> Conversation:  # fmt: skip
    made = Conversation(on, Rights(), archive or Archive(), capacity=capacity, topic_limit=5,
                        backlog_limit=20, ready=lambda: None)  # fmt: skip
    made.listener = listener
    return made


def heard(by: Conversation) -> list[str]:
    found = []
    while (notice := by.take()) is not None:
        found.append(title_of(notice))
    return found


async def test_each_hears_what_they_may() -> None:
    on = bus()
    anybody, olga = conversation(on), conversation(on, listener=OLGA)
    for each in (anybody, olga):
        await each.subscribe(["channel:studio"], None)
    tell(on, "for all", STUDIO)
    tell(on, "for its people", staff_key("chn_studio"))
    assert heard(anybody) == ["for all"]
    assert heard(olga) == ["for all", "for its people"]


async def test_what_may_not_be_heard_is_refused_and_why() -> None:
    talk = conversation(bus())
    done = await talk.subscribe(["me", "channel:nope", "rubbish", "live"], None)
    assert done.topics == ["live"]
    assert done.refused == {
        "me": Refused.SIGN_IN,
        "channel:nope": Refused.UNKNOWN,
        "rubbish": Refused.MALFORMED,
    }


async def test_me_is_refused_to_a_token_that_does_not_reach_it() -> None:
    talk = conversation(bus(), listener=Listener(account_id="acc_OLGA", token="rct"))
    done = await talk.subscribe(["me"], None)
    assert done.refused == {"me": Refused.SIGN_IN}


async def test_nobody_hears_more_topics_than_there_may_be() -> None:
    talk = conversation(bus())
    talk._rights = Rights({f"c{number}" for number in range(9)})
    done = await talk.subscribe([f"channel:c{number}" for number in range(9)], None)
    assert len(done.topics) == 5
    assert set(done.refused.values()) == {Refused.TOO_MANY}


async def test_a_topic_is_the_same_in_capitals() -> None:
    on = bus()
    talk = conversation(on)
    await talk.subscribe(["channel:Studio", "channel:STUDIO"], None)
    assert list(talk.topics) == ["channel:studio"]
    tell(on, "one", STUDIO)
    assert heard(talk) == ["one"]
    assert talk.unsubscribe(["channel:STUDIO"]) == ["channel:studio"]


async def test_what_waits_is_not_told_after_unsubscribing() -> None:
    on = bus()
    talk = conversation(on)
    await talk.subscribe(["channel:studio", "live"], None)
    tell(on, "one", STUDIO)
    tell(on, "two", "live")
    talk.unsubscribe(["channel:studio"])
    assert heard(talk) == ["two"]


async def test_a_right_that_ends_takes_the_topic_with_it() -> None:
    on = bus()
    talk = conversation(on)
    await talk.subscribe(["channel:studio"], None)
    tell(on, "one", STUDIO)
    assert talk.reseat("chn_studio", None) == ["channel:studio"]
    tell(on, "two", STUDIO)
    assert (heard(talk), list(talk.topics)) == ([], [])


async def test_who_is_no_moderator_any_more_hears_what_all_hear() -> None:
    on = bus()
    talk = conversation(on, listener=OLGA)
    await talk.subscribe(["channel:studio"], None)
    assert talk.reseat("chn_studio", Seat("chn_studio", "studio", is_staff=False)) == []
    tell(on, "for its people", staff_key("chn_studio"))
    tell(on, "for all", STUDIO)
    assert heard(talk) == ["for all"]


async def test_too_much_at_once_ends_it_and_all_is_there_after_coming_back() -> None:
    on = bus()
    talk = conversation(on, capacity=3)
    await talk.subscribe(["channel:studio"], None)
    since = on.here
    for title in "abcde":
        tell(on, title, STUDIO)
    assert talk.ended is CloseCode.TOO_SLOW
    again = conversation(on, capacity=3)
    done = await again.subscribe(["channel:studio"], since)
    assert (done.resumed, heard(again)) == (Resumed.EXACT, list("abcde"))


async def test_answers_wait_for_who_does_not_read_and_not_without_end() -> None:
    talk = conversation(bus())
    while talk.ended is None:
        talk.say(b"x" * 1000)
    assert talk.ended is CloseCode.TOO_SLOW
    waiting = 0
    while (said := talk.take_reply()) is not None:
        waiting += len(said)
    assert waiting <= REPLIES_LIMIT_BYTES


async def test_who_resumes_again_and_again_and_takes_nothing_collects_nothing() -> None:
    on = bus()
    begun = on.here
    for number in range(15):
        tell(on, str(number), STUDIO)
    talk = conversation(on)
    for _ in range(100):
        assert (await talk.subscribe(["channel:studio"], begun)).resumed is Resumed.EXACT
        talk.unsubscribe(["channel:studio"])
    assert (await talk.subscribe(["channel:studio"], begun)).resumed is Resumed.EXACT
    assert (await talk.subscribe(["channel:garden"], begun)).resumed is Resumed.EXACT
    assert len(heard(talk)) == 15
    for number in range(10):
        tell(on, str(number), channel_key("chn_garden"))
    late = conversation(on)
    assert (await late.subscribe(["channel:studio"], begun)).resumed is Resumed.EXACT
    assert (await late.subscribe(["channel:garden"], begun)).resumed is Resumed.NONE


async def test_a_new_run_tells_the_facts_that_were_missed() -> None:
    archive = Archive()
    for title in "abc":
        archive.happen(title, STUDIO)
    on = bus(run="run2")
    on.start_after(3)
    talk = conversation(on, archive)
    done = await talk.subscribe(["channel:studio"], EventId("run1", 17, 1))
    assert (done.resumed, heard(talk)) == (Resumed.FACTS, ["b", "c"])


async def test_who_loses_the_connection_among_recalled_facts_gets_the_rest() -> None:
    archive = Archive()
    for title in "abc":
        archive.happen(title, STUDIO)
    on = bus(run="run2")
    on.start_after(3)
    talk = conversation(on, archive)
    await talk.subscribe(["channel:studio"], EventId("run1", 17, 0))
    first = talk.take()
    assert first is not None
    again = conversation(on, archive)
    await again.subscribe(["channel:studio"], EventId.parse(told(first)["id"]))
    assert [title_of(first), *heard(again)] == ["a", "b", "c"]


async def test_who_missed_no_fact_asks_nobody() -> None:
    on = bus(run="run2")
    on.start_after(3)
    talk = conversation(on, Archive(gate=asyncio.Event()))  # would wait for ever
    done = await talk.subscribe(["channel:studio"], EventId("run1", 17, 3))
    assert done.resumed is Resumed.FACTS


async def test_what_is_gone_from_the_archive_is_said_to_be() -> None:
    archive = Archive(is_whole=False)
    archive.happen("a", STUDIO)
    on = bus(run="run2")
    on.start_after(1)
    talk = conversation(on, archive)
    done = await talk.subscribe(["channel:studio"], EventId("run1", 17, 0))
    assert done.resumed is Resumed.NONE


FACTS = st.lists(st.sampled_from([STUDIO, Key("live"), Key("elsewhere")]), max_size=12)


@given(FACTS, st.data())
@settings(deadline=None)
def test_facts_come_once_each_and_in_order_however_the_bus_and_the_archive_race(
    keys: list[Key], data: st.DataObject
) -> None:
    """Facts are committed, then told by the bus at any later time; a client resumes meanwhile."""
    asyncio.run(_race(keys, data))


async def _race(keys: list[Key], data: st.DataObject) -> None:
    archive, on = Archive(gate=asyncio.Event()), bus(run="run2")
    assert archive.gate is not None
    seen = data.draw(st.integers(0, len(keys)), label="facts the client has seen")
    before = data.draw(st.integers(seen, len(keys)), label="facts told before it came")
    committed = data.draw(st.integers(before, len(keys)), label="committed when it asks")
    during = data.draw(st.integers(before, committed), label="told while it asks")
    tellings = [archive.happen(str(number), key) for number, key in enumerate(keys, 1)]
    on.start_after(seen)
    for telling in tellings[seen:before]:
        publish(on, telling)
    archive.facts = tellings[:committed]
    talk = conversation(on, archive)
    since = EventId("run1", 5, seen)
    resuming = asyncio.create_task(talk.subscribe(["channel:studio", "live"], since))
    await asyncio.sleep(0)
    for telling in tellings[before:during]:
        publish(on, telling)
    archive.gate.set()
    await resuming
    got = heard(talk)
    for telling in tellings[during:]:
        publish(on, telling)
        got += heard(talk)
    wanted = {STUDIO, Key("live")}
    assert got == [str(each.fact) for each in tellings[seen:] if not each.keys.isdisjoint(wanted)]
